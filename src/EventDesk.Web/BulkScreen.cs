using EventDesk.Service.Bulk;

namespace EventDesk.Web;

/// <summary>Many tickets to do the same to: which, what, and how it would end or ended.</summary>
/// <param name="Tickets">Numbers, as they were chosen.</param>
/// <param name="Action">Null: none is chosen yet.</param>
/// <param name="Fields">What the action was given, by the names of its form.</param>
/// <param name="Items">Null: it was not looked yet.</param>
/// <param name="Done">The items are results; else a preview.</param>
/// <param name="Trouble">Why the action cannot even be looked at; null: it can.</param>
public sealed record BulkScreen(
    IReadOnlyList<string> Tickets, string? Action, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<BulkItem>? Items = null, bool Done = false, (string Code, string Reason)? Trouble = null)
{
    /// <summary>Those tickets can be given to.</summary>
    public IReadOnlyList<AgentChoice> Agents { get; init; } = [];

    public string Field(string name) => Fields.GetValueOrDefault(name, "");
}
