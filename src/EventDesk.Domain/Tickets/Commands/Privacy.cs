using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tickets;

/// <summary>Why a ticket is purged; free words would be personal data that outlives it.</summary>
public enum PurgeReason { CustomerRequest, RetentionExpired, AccountRemoved, LegalOrder, Mistake }

/// <summary>Hides passages from everybody; the originals stay, sealed, for those who may reveal them.</summary>
/// <param name="Shown">What is shown of each text from now on.</param>
/// <param name="Until">When the passages are erased for good; null: never by itself.</param>
public sealed record RedactPassages(IReadOnlyList<Passage> Passages, IReadOnlyList<KeptText> Shown, SealedText Reason, DateTimeOffset? Until) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (Until <= c.Now)
            return Decision.Refuse("expiry_in_the_past", "A passage cannot expire before it is redacted.");
        var news = Passages.Where(p => t.Masks?.Any(m => m.Passage == p) != true).ToList();
        return news.Count == 0
            ? Decision.Nothing
            : Decision.Accept(news.Select(p => new Decided(new PassageRedacted(
                p.Version, p.Field, p.Start, p.Length, Shown.Where(s => p.IsIn(s.Version, s.Field)).Take(1).ToList(), Until, Reason))));
    }
}

/// <summary>Takes passages out for good: no right and no key brings them back.</summary>
/// <param name="Kept">Every other text of the ticket, to be sealed under a new key.</param>
/// <param name="Shown">What is shown of those that have hidden passages.</param>
/// <param name="Masks">The passages that stay hidden, by their place in what is kept.</param>
public sealed record ErasePassages(
    IReadOnlyList<Passage> Passages, SealedText Reason, IReadOnlyList<KeptText> Kept, IReadOnlyList<KeptText> Shown,
    IReadOnlyList<Mask> Masks, IReadOnlyList<KeptAttachment> Attachments, RuleRef? Rule = null) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) =>
        t.LegalHold ? OnHold : Decision.Accept(new Decided(new PassagesErased(Passages, Reason, Kept, Shown, Masks, Attachments), Rule));
}

/// <summary>Someone with the right looks at the original of a text that has hidden passages.</summary>
/// <param name="NeedsSecond">Another person with the right has to agree first.</param>
public sealed record RevealOriginal(long Version, string Field, SealedText Reason, bool NeedsSecond = false) : PrivacyCommand
{
    /// <summary>So long one may look once another person has agreed, and so long that person is waited for.</summary>
    public static readonly TimeSpan ApprovalLasts = TimeSpan.FromMinutes(10), RequestLasts = TimeSpan.FromDays(1);

    public override Decision Decide(Ticket t, Circumstances c)
    {
        if (t.Masks?.Any(m => m.Passage.IsIn(Version, Field)) != true)
            return Decision.Refuse("nothing_redacted", "Nothing is redacted there.");
        if (!NeedsSecond)
            return new OriginalRevealed(Version, Field, Reason);
        return t.Reveals?.FirstOrDefault(r => r.Is(Version, Field, new(c.By.Id))) switch
        {
            { ApprovedAt: { } at } when c.Now < at + ApprovalLasts => new OriginalRevealed(Version, Field, Reason),
            { ApprovedAt: null } waits when c.Now < waits.At + RequestLasts => Decision.Nothing,
            _ => new RevealRequested(Version, Field, Reason, new(c.By.Id)),
        };
    }
}

/// <summary>A second person agrees that someone looks at what is hidden.</summary>
/// <param name="For">Who asked.</param>
public sealed record ApproveReveal(long Version, string Field, AgentId For) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t.Reveals?.FirstOrDefault(r => r.Is(Version, Field, For)) switch
    {
        { ApprovedAt: null } asked when c.Now < asked.At + RevealOriginal.RequestLasts => For.Value == c.By.Id
            ? Decision.Refuse("second_person_required", "Another person has to agree: nobody approves a look of their own.")
            : new RevealApproved(Version, Field, For),
        _ => Decision.Refuse("no_reveal_requested", "Nobody asked to look at that, or it was answered, or too long ago."),
    };
}

/// <summary>Everything that was written goes; what happened, when, and the digests stay.</summary>
/// <param name="Certificate">Id of the certificate that will prove it.</param>
/// <param name="Rule">The retention rule, where no person chose it.</param>
public sealed record PurgeTicket(PurgeReason Reason, Guid Certificate, RuleRef? Rule = null) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { LegalHold: true } => OnHold,
        { Status: Status.Open } => Decision.Refuse("ticket_open", "Resolve or close the ticket first: an open ticket cannot be purged."),
        _ => Decision.Accept(new Decided(new TicketPurged(Certificate.ToString("D"), Reason), Rule)),
    };
}

/// <summary>Who it was goes, what was written stays.</summary>
/// <param name="Erase">Takes out the passages that tell who it was.</param>
public sealed record AnonymiseTicket(ErasePassages Erase) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) => t switch
    {
        { LegalHold: true } => OnHold,
        { Status: Status.Open } => Decision.Refuse("ticket_open", "Resolve or close the ticket first: whose an open ticket is has to be known."),
        { Anonymised: true } => Decision.Nothing,
        _ => Erase.Decide(t, c) is Decision.Accepted erased ? Decision.Accept([.. erased.Events, new Decided(new TicketAnonymised(), Erase.Rule)]) : Decision.Nothing,
    };
}

/// <summary>Sets, moves or takes back the day from which on a retention rule may take the ticket.</summary>
public sealed record SetExpiry(DateOnly? ExpiresOn, SealedText Reason) : PrivacyCommand
{
    public override Decision Decide(Ticket t, Circumstances c) =>
        ExpiresOn == t.ExpiresOn ? Decision.Nothing
        : ExpiresOn is { } day && new DateTimeOffset(day, default, TimeSpan.Zero) <= c.Now ? Decision.Refuse("expiry_in_the_past", "A ticket cannot expire on a day that has begun.")
        : new TicketExpirySet(ExpiresOn, Reason);
}

/// <summary>What the law asks for also holds for a ticket that was merged into another.</summary>
public abstract record PrivacyCommand : TicketCommand
{
    internal sealed override bool TakesMerged => true;

    protected static readonly Decision OnHold = Decision.Refuse("legal_hold", "The ticket is on legal hold: nothing of it may be forgotten.");
}
