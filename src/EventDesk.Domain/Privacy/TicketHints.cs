using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Privacy;

/// <summary>A passage of a ticket that should not stand there, and does.</summary>
/// <param name="Version">Of the event whose text it is.</param>
/// <param name="Field">The text's name within the event, as it is sealed: <c>body</c>, <c>fields.contract</c>.</param>
public sealed record TicketHint(long Version, string Field, Finding Finding);

/// <summary>Reads a ticket for passages to redact. Computed when asked for, kept nowhere: a list of them would be as telling as they are.</summary>
public static class TicketHints
{
    /// <param name="events">
    /// In the form readers see: what is hidden or erased has stars in its place already, which nobody takes for a secret. So the places are those of
    /// the shown text, as a redaction takes them.
    /// </param>
    public static IReadOnlyList<TicketHint> Of(IEnumerable<(long Version, TicketEvent Event)> events) =>
        [.. from e in events
            from text in Texts(e.Event)
            where text.Text is not null
            from finding in Recognition.Find(text.Text)
            select new TicketHint(e.Version, text.Field, finding)];

    /// <summary>The same with the words around each, for a list of them to choose from: no passage stands in it.</summary>
    /// <param name="most">Of so many the words are given; of all others it is only said that there are.</param>
    public static IReadOnlyList<(TicketHint Hint, string? Excerpt)> InContext(IReadOnlyCollection<(long Version, TicketEvent Event)> events, int most)
    {
        var hints = Of(events);
        if (hints.Count == 0)
            return [];
        var texts = events.SelectMany(e => Texts(e.Event).Select(t => (e.Version, t.Field, t.Text))).ToLookup(t => (t.Version, t.Field), t => t.Text);
        string TextOf(TicketHint h) => texts[(h.Version, h.Field)].First()!;
        var secrets = hints.Select(h => Masking.Read(TextOf(h), h.Finding.Start, h.Finding.Length)).ToHashSet();
        return [.. hints.Select((h, i) => (h, i < most ? Excerpt.Of(TextOf(h), h.Finding, secrets) : null))];
    }

    /// <summary>Everything people wrote; null where there is none, or it was erased. The requester's name and address are no passages.</summary>
    static IEnumerable<(string Field, string? Text)> Texts(TicketEvent e) => e switch
    {
        TicketOpened o => [("subject", o.Subject?.Text), ("body", o.Body?.Text), .. (o.Fields ?? Fieldless).Select(f => ($"fields.{f.Key}", f.Value.Text))],
        CustomerMessageReceived m => [("body", m.Body.Text)],
        ReplySent r => [("body", r.Body.Text)],
        NoteAdded n => [("body", n.Body.Text)],
        AttachmentAdded a => [("name", a.Name.Text)],
        TicketUnassigned u => [("reason", u.Reason?.Text)],
        SeverityAssessed s => [("reason", s.Reason?.Text)],
        TicketEscalated s => [("reason", s.Reason?.Text)],
        TicketDeEscalated s => [("reason", s.Reason?.Text)],
        ManagementEvaluated m => [("reason", m.Reason.Text)],
        ManagementEscalated m => [("reason", m.Reason.Text)],
        WaitingStarted w => [("note", w.Note?.Text)],
        TicketResolved r => [("summary", r.Summary?.Text)],
        TicketReopened r => [("reason", r.Reason?.Text)],
        FeedbackGiven f => [("comment", f.Comment?.Text)],
        FeedbackReviewed f => [("action", f.Action?.Text)],
        LegalHoldPlaced h => [("reason", h.Reason.Text)],
        LegalHoldLifted h => [("reason", h.Reason.Text)],
        CallbackReached c => [("note", c.Note?.Text)],
        CallbackMissed c => [("note", c.Note?.Text)],
        PassageRedacted r => [("reason", r.Reason?.Text)],
        PassagesErased p => [("reason", p.Reason.Text)],
        TicketExpirySet x => [("reason", x.Reason.Text)],
        OriginalRevealed r => [("reason", r.Reason.Text)],
        RevealRequested r => [("reason", r.Reason.Text)],
        _ => [],
    };

    static readonly Dictionary<string, SealedText> Fieldless = [];
}
