using EventDesk.Domain.Tickets;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;

namespace EventDesk.Web;

/// <summary>A ticket's complete history, and the ticket at one step of it.</summary>
/// <param name="Events">From the first to the last.</param>
/// <param name="At">The version that is looked at.</param>
/// <param name="Before">The ticket one step before; null at the first.</param>
/// <param name="Then">The ticket at that step, from its events alone.</param>
/// <param name="Clocks">As they stood in that moment.</param>
/// <param name="Proof">Null where the reader has no right to it.</param>
/// <param name="Readers">Who could and who did read it on the day of that step; null where the reader has no right to it.</param>
public sealed record HistoryScreen(
    IReadOnlyList<RecordedEvent> Events, long At, Ticket? Before, Ticket Then, IReadOnlyList<ClockExplained> Clocks, StepProof? Proof, TicketReaders? Readers)
{
    public RecordedEvent Step => Events[(int)At - 1];

    /// <summary>The version of the last erasure, which is what the certificate is about; null: nothing was erased.</summary>
    public long? LastErased => Events.LastOrDefault(e => e.Event is TicketPurged or PassagesErased)?.Stored.Version;

    /// <summary>What the queue shows of it at that step, and what it showed before: by the keys of their names.</summary>
    public IEnumerable<(string Key, object? Before, object? Then)> Row =>
    [
        ("row.status", Before?.Status, Then.Status), ("row.place", Before?.Place, Then.Place), ("row.desk", Before?.Desk.Value, Then.Desk.Value), ("row.line", Before?.Line, Then.Line),
        ("row.severity", Before?.Severity, Then.Severity), ("row.team", Before?.Team, Then.Team), ("row.agent", Before?.Agent?.Value, Then.Agent?.Value),
        ("row.waiting", Before?.Waiting, Then.Waiting), ("row.cycle", Before?.Cycle, Then.Cycle), ("row.unanswered", Before?.UnansweredSince, Then.UnansweredSince),
        ("row.hold", Before?.LegalHold, Then.LegalHold), ("row.tags", Before is null ? null : string.Join(", ", Before.Tags), string.Join(", ", Then.Tags)),
    ];
}

/// <summary>What proves one event.</summary>
/// <param name="Digest">Of the event, over its content and the digest before it.</param>
/// <param name="ChainHolds">The digest, computed anew, is the stored one, for this event and all before it.</param>
/// <param name="Leaf">Its place in the ledger; null: it is younger than the newest checkpoint.</param>
/// <param name="TreeSize">Events under that checkpoint.</param>
/// <param name="InTree">Its proof leads to the root that was signed.</param>
public sealed record StepProof(string Digest, bool ChainHolds, long? Leaf, long? TreeSize, bool InTree);
