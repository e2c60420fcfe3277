using System.ComponentModel;
using EventDesk.Domain.Access;
using EventDesk.Service.Bulk;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Api;

/// <summary>How one of many ended, or would end.</summary>
public enum BulkResult
{
    /// <summary>It is so now, or was so already; in a preview: it would be.</summary>
    Taken,

    /// <summary>It has changed since the version that was seen.</summary>
    Stale,

    Refused,
}

public sealed record BulkProblemAnswer(
    [property: Description("urn:eventdesk: and a stable code, as the command on one ticket would answer.")] string Type, string Title, string? Detail);

public sealed record BulkItemAnswer
{
    public Guid? Ticket { get; init; }
    public long? Number { get; init; }

    [Description("The version it was decided on, or stands at now.")]
    public long? Version { get; init; }

    [Description("What was asked for, where there is no such ticket within reach.")]
    public string? Asked { get; init; }
    public required BulkResult Result { get; init; }
    public BulkProblemAnswer? Problem { get; init; }

    internal static BulkItemAnswer Of(BulkItem item, Principal asker)
    {
        var problem = item.Outcome is Outcome.Done ? null : Outcomes.Problem(item.Outcome, asker);
        return new()
        {
            Ticket = item.Ticket,
            Number = item.Number > 0 ? item.Number : null,
            Version = item.Outcome is Outcome.Stale stale ? stale.ActualVersion : item.Version > 0 ? item.Version : null,
            Result = ResultOf(item.Outcome),
            Problem = problem is null ? null : new($"urn:eventdesk:{problem.Code}", problem.Title, problem.Detail),
        };
    }

    internal static BulkResult ResultOf(Outcome outcome) => outcome switch
    {
        Outcome.Done => BulkResult.Taken,
        Outcome.Stale => BulkResult.Stale,
        _ => BulkResult.Refused,
    };
}

/// <param name="More">The queue holds more tickets than are taken at once.</param>
public sealed record BulkAnswer(
    IReadOnlyList<BulkItemAnswer> Items, int Taken, [property: Description("The queue holds more tickets than are taken at once.")] bool More = false);
