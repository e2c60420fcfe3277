using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;

namespace EventDesk.Web;

/// <summary>A ticket as somebody of the desk sees it.</summary>
/// <param name="Events">Its whole story, texts as this reader may see them.</param>
/// <param name="Clocks">Empty where the reader has no business with clocks.</param>
/// <param name="Allowed">What may be done to this very ticket, on its line.</param>
/// <param name="IsOwn">Its requester looks at it: nothing is in it but what is public.</param>
/// <param name="Trouble">Why what was just sent did not happen; null: nothing was, or it did.</param>
public sealed record TicketScreen(
    TicketEntry Entry, string? Subject, Requester? Requester, IReadOnlyList<RecordedEvent> Events, IReadOnlyList<ClockExplained> Clocks, IReadOnlySet<Operation> Allowed,
    IReadOnlyList<string> Teams, FormTrouble? Trouble = null, bool IsOwn = false)
{
    /// <summary>What the tickets that were merged into it say, and those merged into these.</summary>
    public IReadOnlyList<MergedTicket> Merged { get; init; } = [];

    /// <summary>Those it can be given to, the ones of its desk first.</summary>
    public IReadOnlyList<AgentChoice> Agents { get; init; } = [];

    /// <summary>The canned replies there are to choose from.</summary>
    public IReadOnlyList<Macro> Macros { get; init; } = [];

    /// <summary>The one that is chosen, filled in; null: none.</summary>
    public ChosenMacro? Macro { get; init; }

    /// <summary>What should not stand in it, for those who may hide it; null: the reader may not.</summary>
    public IReadOnlyList<FoundPassage>? Found { get; init; }

    /// <summary>The original of a text with hidden passages, as it was just revealed; null: none was.</summary>
    public RevealedText? Revealed { get; init; }

    /// <summary>Null: it is still to be worked on.</summary>
    public WayOn? GoOn { get; init; }

    /// <summary>The tickets it names and the reader may know of.</summary>
    public IReadOnlyDictionary<Guid, RelatedTicket> Related { get; init; } = new Dictionary<Guid, RelatedTicket>();

    /// <summary>The largest file that is taken.</summary>
    public long MostFileBytes { get; init; }

    /// <summary>The other ticket an event is about; null: there is none.</summary>
    public static TicketId? OtherOf(TicketEvent e) => e switch
    {
        TicketMerged x => x.Into,
        TicketUnmerged x => x.From,
        TicketAbsorbed x => x.From,
        TicketReleased x => x.From,
        TicketLinked x => x.Other,
        TicketUnlinked x => x.Other,
        _ => null,
    };

    public string Address => $"{(IsOwn ? "/portal" : "")}/tickets/{Ticket.Number}";

    public Ticket Ticket => Entry.Ticket;

    /// <summary>What was typed into a form that was not taken; empty else.</summary>
    public string Typed(string form, string field) => Trouble?.Form == form ? Trouble.Values.GetValueOrDefault(field, "") : "";
}

/// <summary>A canned reply as it reads on this ticket.</summary>
/// <param name="MayStep">The reader may do all that goes with it.</param>
public sealed record ChosenMacro(Macro Macro, string Text, bool MayStep);

/// <summary>A passage that recognition takes for something that should not be kept.</summary>
/// <param name="In">The event whose text it is in.</param>
/// <param name="Excerpt">The words around it, with stars in its place; null: there are so many that this one is not listed.</param>
public sealed record FoundPassage(RecordedEvent In, TicketHint Hint, string? Excerpt);

/// <param name="Text">Null: it is a file, which its reader may download for a while.</param>
public sealed record RevealedText(string Field, string? Text)
{
    /// <summary>Never the text: logs and exceptions print records.</summary>
    public override string ToString() => $"(revealed {Field})";
}

/// <summary>A ticket that goes on in the one that is shown.</summary>
/// <param name="Events">Its story, texts as this reader may see them.</param>
public sealed record MergedTicket(long Number, IReadOnlyList<RecordedEvent> Events);

/// <summary>A form that was sent and not taken: why, and what stood in it, so that nobody types twice.</summary>
/// <param name="Since">What happened meanwhile, when that is why; empty else.</param>
public sealed record FormTrouble(string Form, string Code, string Reason, IReadOnlyList<RecordedEvent> Since, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>What was written holds something that should not be sent; the reason names what, and it can be sent all the same.</summary>
    public const string NotToBeSent = "not_to_be_sent";

    public bool IsDoubtful => Code == NotToBeSent;

    public bool IsStale => Code == "stale_version";
}

/// <summary>A ticket's clocks, each with where its time went.</summary>
public sealed record ClocksScreen(long Number, IReadOnlyList<ClockExplained> Clocks);
