using System.Globalization;
using EventDesk.Server.Api;
using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>A form about one ticket, on whatever page: sent on the version that was seen, once however often it is sent, and answered.</summary>
/// <param name="Name">By which its page knows it.</param>
/// <param name="About">The ticket, by number or id, and the version that was seen, as the form says them.</param>
/// <param name="Next">Where one goes on when it was taken.</param>
/// <param name="Again">The page as it is now, with why it was not taken and what was typed; and the status that goes with it.</param>
sealed record TicketForm(
    string Name, Func<FormFields, (string Ticket, string Version)> About, Func<FormFields, Outcome.Done, string> Next, Func<FormTrouble, int, Task<IResult>> Again)
{
    public const string NotOurs = "It is no form of ours.";

    public async Task<IResult> Take(HttpContext http, TicketDesk desk, Func<FormFields, Addressed, Task<Outcome>> work, CancellationToken ct) =>
        await FormFields.Read(http, ct) is { } form ? await Take(form, http, desk, work, ct) : Problems.MalformedRequest(NotOurs);

    public async Task<IResult> Take(FormFields form, HttpContext http, TicketDesk desk, Func<FormFields, Addressed, Task<Outcome>> work, CancellationToken ct)
    {
        var (name, seen) = About(form);
        if (!long.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return Problems.MalformedRequest(NotOurs);
        if (await desk.Resolve(name, ct) is not { } ticket)
            return Problems.NoSuchTicket();
        var asker = http.Asker();
        var key = form.Once is { } once ? IdempotencyKey.Of(once, asker.Principal.Id, $"{http.Operation()}", ticket.ToString(), form.Digest) : null;
        var outcome = await work(form, new Addressed(ticket, version, asker, key));
        // What customers cannot see cannot make what they write out of date.
        if (outcome is Outcome.Stale { Since.Count: 0, ActualVersion: var actual } && http.AsCustomer())
            outcome = await work(form, new Addressed(ticket, actual, asker, key));
        return outcome switch
        {
            Outcome.Done done => PageResults.SeeOther(Next(form, done)),
            Outcome.Stale stale => await Again(new(Name, "stale_version", "", stale.Since, form.Values), StatusCodes.Status412PreconditionFailed),
            Outcome.Refused refused => await Again(new(Name, refused.Code, refused.Reason, [], form.Values), StatusCodes.Status409Conflict),
            Outcome.Forbidden forbidden => await Again(new(Name, "forbidden", forbidden.Reason, [], form.Values), StatusCodes.Status403Forbidden),
            _ => Outcomes.Problem(outcome, asker.Principal),
        };
    }

    /// <summary>What is wrong with what a form asks for, by the API's rules; null: nothing.</summary>
    public static Outcome.Refused? Faulty(FormFields form, IChecked asked)
    {
        asked.Check(form.Faults);
        return form.Faults.Found is [var first, ..] ? new(first.Code, $"{first.Field.TrimStart('/')}: {first.Detail}") : null;
    }
}
