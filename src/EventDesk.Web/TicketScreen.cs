using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;

namespace EventDesk.Web;

/// <summary>A ticket as somebody of the desk sees it.</summary>
/// <param name="Events">Its whole story, texts as this reader may see them.</param>
/// <param name="Clocks">Empty where the reader has no business with clocks.</param>
/// <param name="Allowed">What may be done to this very ticket, on its line.</param>
/// <param name="Trouble">Why what was just sent did not happen; null: nothing was, or it did.</param>
public sealed record TicketScreen(
    TicketEntry Entry, string? Subject, Requester? Requester, IReadOnlyList<RecordedEvent> Events, IReadOnlyList<ClockExplained> Clocks, IReadOnlySet<Operation> Allowed,
    IReadOnlyList<string> Teams, FormTrouble? Trouble = null)
{
    public Ticket Ticket => Entry.Ticket;

    /// <summary>What was typed into a form that was not taken; empty else.</summary>
    public string Typed(string form, string field) => Trouble?.Form == form ? Trouble.Values.GetValueOrDefault(field, "") : "";
}

/// <summary>A form that was sent and not taken: why, and what stood in it, so that nobody types twice.</summary>
/// <param name="Since">What happened meanwhile, when that is why; empty else.</param>
public sealed record FormTrouble(string Form, string Code, string Reason, IReadOnlyList<RecordedEvent> Since, IReadOnlyDictionary<string, string> Values)
{
    public bool IsStale => Code == "stale_version";
}
