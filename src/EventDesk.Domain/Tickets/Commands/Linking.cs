using System.Diagnostics;

namespace EventDesk.Domain.Tickets;

/// <summary>Says how a ticket stands to another; both say so.</summary>
/// <param name="Kind">As seen from the ticket the command goes to.</param>
public sealed record LinkTicket(TicketId Other, LinkKind Kind) : PairCommand
{
    public const int MaxLinks = 50;

    public override TicketId? OtherOf(Ticket t) => Other;

    public override TicketCommand OnOther(TicketId self, Ticket t) => new LinkTicket(self, Links.FromOtherSide(Kind));

    public override Decision Decide(Ticket t, Circumstances c) =>
        t.Links?.Contains(new(Other, Links.Name(Kind))) == true ? Decision.Nothing
        : t.Links?.Count >= MaxLinks ? Decision.Refuse("too_many_links", $"#{t.Number} has {MaxLinks} links; no more are taken.")
        : new TicketLinked(Other, Links.Name(Kind));
}

/// <summary>Takes a link back, on both sides.</summary>
public sealed record UnlinkTicket(TicketId Other, LinkKind Kind) : PairCommand
{
    internal override bool TakesMerged => true;
    public override bool NeedsOther => false;

    public override TicketId? OtherOf(Ticket t) => Other;

    public override TicketCommand OnOther(TicketId self, Ticket t) => new UnlinkTicket(self, Links.FromOtherSide(Kind));

    public override Decision Decide(Ticket t, Circumstances c) =>
        t.Links?.Contains(new(Other, Links.Name(Kind))) == true ? new TicketUnlinked(Other, Links.Name(Kind)) : Decision.Nothing;
}

/// <summary>How kinds of links are written, and how they read from the other side.</summary>
public static class Links
{
    public static string Name(LinkKind kind) => kind switch
    {
        LinkKind.RelatesTo => "relatesTo",
        LinkKind.Duplicates => "duplicates",
        LinkKind.DuplicatedBy => "duplicatedBy",
        LinkKind.CausedBy => "causedBy",
        LinkKind.Causes => "causes",
        _ => throw new UnreachableException($"Link kind {kind} has no name."),
    };

    public static LinkKind FromOtherSide(LinkKind kind) => kind switch
    {
        LinkKind.Duplicates => LinkKind.DuplicatedBy,
        LinkKind.DuplicatedBy => LinkKind.Duplicates,
        LinkKind.CausedBy => LinkKind.Causes,
        LinkKind.Causes => LinkKind.CausedBy,
        _ => LinkKind.RelatesTo,
    };
}
