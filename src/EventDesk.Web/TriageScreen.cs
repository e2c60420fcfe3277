using EventDesk.Service.Queues;

namespace EventDesk.Web;

/// <summary>What waits to be sent to a line, desk by desk.</summary>
/// <param name="Desk">The board is narrowed to it; null: all.</param>
/// <param name="Teams">By desk.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
/// <param name="Trouble">Why what was just sent did not happen; null: nothing was, or it did.</param>
public sealed record TriageScreen(
    string? Desk, IReadOnlyList<QueueRow> Rows, IReadOnlyDictionary<string, long> Counts, IReadOnlyDictionary<string, IReadOnlyList<string>> Teams, string? Further, FormTrouble? Trouble = null);
