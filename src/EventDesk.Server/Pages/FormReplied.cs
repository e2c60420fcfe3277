using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>Why a form was not taken, as its page says it, and the status that goes with it.</summary>
static class FormReplied
{
    public static (FormReply Reply, int Status) Faulty(string name, FormFields form) =>
        (new(name, "invalid_request", [.. form.Faults.Found.Select(f => $"{f.Field.TrimStart('/')}: {f.Detail}")], form.Values)
        {
            Faults = [.. form.Faults.Found.Select(f => new FieldFault(f.Field.TrimStart('/'), f.Code, f.Detail))],
        }, StatusCodes.Status400BadRequest);

    public static (FormReply Reply, int Status) Of(string name, FormFields form, Problem problem) => (
        new(name, problem.Code, problem.Faults.Count > 0 ? [.. problem.Faults.Select(f => $"{f.Field.TrimStart('/')}: {f.Detail}")] : [problem.Title, .. problem.Detail is { } detail ? [detail] : Array.Empty<string>()], form.Values),
        problem.Status);

    /// <summary>Null when it was taken, or there was nothing to do it to.</summary>
    public static (FormReply Reply, int Status)? Of(string name, FormFields form, Outcome outcome) => outcome switch
    {
        Outcome.Refused refused => (new(name, refused.Code, [refused.Reason], form.Values), StatusCodes.Status409Conflict),
        Outcome.Stale => (new(name, "stale_version", [], form.Values), StatusCodes.Status412PreconditionFailed),
        _ => null,
    };
}
