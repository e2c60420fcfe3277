using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>The forms of a ticket's page that hide: what recognition found, with one press, and a text that is typed. Both also wherever else it stands.</summary>
static class RedactionForms
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        Add(pages, "hide-found", Found, r => new Redaction([.. r.Passages.Select(p => p.Passage)], r.Reason, r.Everywhere, null, Erase: false));
        Add(pages, "hide-text", Words, w => new Redaction([], w.Reason, Everywhere: true, null, Erase: false) { Words = w.Words });
    }

    static void Add<T>(IEndpointRouteBuilder pages, string name, Func<FormFields, T> request, Func<T, Redaction> redaction) where T : IChecked =>
        pages.MapPost($"/tickets/{{ticket}}/{name}", (string ticket, HttpContext http, TicketDesk desk, TicketPrivacy privacy, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
            TicketForms.Take(new TicketForms.Sent(name, ticket, http, screens, viewers), desk, async (form, to) =>
            {
                var asked = request(form);
                return TicketForm.Faulty(form, asked) is { } faulty ? faulty : await privacy.Redact(to.Ticket, redaction(asked), to.Version, to.Asker, to.Key, ct);
            }, ct)).For(Operation.Redact);

    static RedactionRequest Found(FormFields form) => new()
    {
        Passages = [new() { Version = Number(form, "in"), Field = form["field"], Start = Number(form, "start"), Length = Number(form, "length") }], Reason = form["reason"], Everywhere = true,
    };

    static WordsToHide Words(FormFields form) => new() { Words = form["words"], Reason = form["reason"] };

    /// <summary>What is none is out of every range.</summary>
    static int Number(FormFields form, string field) => int.TryParse(form[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <summary>A text to hide wherever it stands on a ticket.</summary>
sealed record WordsToHide : IChecked
{
    /// <summary>As long as any key or certificate that somebody pastes.</summary>
    const int Most = 10_000;

    /// <summary>What is shorter stands in the middle of many words.</summary>
    const int FewestLetters = 3;

    public required string Words { get; init; }
    public required string Reason { get; init; }

    public void Check(Faults faults)
    {
        faults.Text("/words", Words, Most);
        if (Words.EnumerateRunes().Count(System.Text.Rune.IsLetterOrDigit) is var letters and > 0 and < FewestLetters)
            faults.Add("/words", "words_too_short", $"It has {letters} letters or digits; {FewestLetters} are the fewest.");
        faults.Text("/reason", Reason, TextRules.MaxReason);
    }
}
