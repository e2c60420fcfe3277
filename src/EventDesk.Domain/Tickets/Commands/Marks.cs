namespace EventDesk.Domain.Tickets;

/// <summary>Adds and removes tags; tags are short words, never personal data.</summary>
public sealed record TagTicket(IReadOnlyList<string> Add, IReadOnlyList<string> Remove) : TicketCommand
{
    public const int MaxTags = 50;

    public override Decision Decide(Ticket t, Circumstances c)
    {
        string[] added = [.. Add.Except(t.Tags).Except(Remove).Distinct().Order(StringComparer.Ordinal)];
        string[] removed = [.. Remove.Intersect(t.Tags).Distinct().Order(StringComparer.Ordinal)];
        if (added.Length + removed.Length == 0) return Decision.Nothing;
        return t.Tags.Count + added.Length - removed.Length > MaxTags
            ? Decision.Refuse("too_many_tags", $"A ticket has at most {MaxTags} tags.")
            : new TicketTagged(added, removed);
    }
}

/// <summary>Nothing of the ticket may be forgotten while a hold stands.</summary>
public sealed record PlaceLegalHold(SealedText Reason) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.LegalHold ? Decision.Nothing : new LegalHoldPlaced(Reason);
}

public sealed record LiftLegalHold(SealedText Reason) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.LegalHold ? new LegalHoldLifted(Reason) : Decision.Nothing;
}
