using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The forms of a ticket's page about what is hidden on it: to look at it, to agree that somebody else does, and to have it gone for good.</summary>
static class RevealForms
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapPost("/tickets/{ticket}/reveal", Reveal).For(Operation.Reveal);
        pages.MapPost("/tickets/{ticket}/reveal-approval", Approve).For(Operation.Reveal);
        pages.MapPost("/tickets/{ticket}/hidden-erasure", Erase).For(Operation.Erase);
    }

    static async Task<IResult> Reveal(string ticket, HttpContext http, TicketDesk desk, TicketPrivacy privacy, TicketScreens screens, Viewers viewers, CancellationToken ct)
    {
        RevealedText? seen = null;
        var answer = await TicketForms.Take(new TicketForms.Sent("reveal", ticket, http, screens, viewers), desk, async (form, to) =>
        {
            var asked = new RevealRequest { Version = TextVersion(form), Field = form["field"], Reason = form["reason"] };
            if (TicketForm.Faulty(form, asked) is { } faulty)
                return faulty;
            var (outcome, text, waits) = await privacy.Reveal(to.Ticket, asked.Version, asked.Field, asked.Reason, to.Version, to.Asker, ct);
            seen = outcome is Outcome.Done && !waits ? new(asked.Field, text) : null;
            return outcome;
        }, ct);
        // It is in this answer and nowhere else: an address that shows it would do so again, without a reason.
        return seen is not null && await screens.Read(ticket, http.Asker(), null, ct) is { } screen ? TicketPages.Of(screen with { Revealed = seen }, viewers.Of(http)) : answer;
    }

    static Task<IResult> Approve(string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
        TicketForms.Take(new TicketForms.Sent("reveal-approval", ticket, http, screens, viewers), desk, async (form, to) =>
        {
            var asked = new RevealApprovalRequest { Field = form["field"], For = form["for"] };
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty
                : await desk.Handle(to.Ticket, Operation.Reveal, new ApproveReveal(TextVersion(form), asked.Field, new(asked.For)), to.Version, to.Asker, to.Key, ct);
        }, ct);

    /// <summary>All that is hidden in one text.</summary>
    static Task<IResult> Erase(string ticket, HttpContext http, TicketDesk desk, TicketPrivacy privacy, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
        TicketForms.Take(new TicketForms.Sent("hidden-erasure", ticket, http, screens, viewers), desk, async (form, to) =>
        {
            var (version, field) = (TextVersion(form), form["field"]);
            var hidden = (await desk.Find(to.Ticket, to.Asker, Operation.Erase, ct))?.Ticket.Masks?.Select(m => m.Passage).Where(p => p.IsIn(version, field)).ToList();
            if (hidden is not { Count: > 0 })
                return new Outcome.Refused("nothing_redacted", "Nothing is redacted there.");
            if (form["sure"] != "yes")
                return new Outcome.Refused("not_sure", "Say that you are sure.");
            IEnumerable<(int Start, int Length)> places = field == Passage.Content ? [(0, 0)] : Masking.StarsIn(hidden);
            var asked = new ErasureRequest
            {
                Passages = [.. places.Select(p => new PassageRequest { Version = version, Field = field, Start = p.Start, Length = p.Length })], Reason = form["reason"],
            };
            return TicketForm.Faulty(form, asked) is { } faulty ? faulty
                : await privacy.Redact(to.Ticket, new Redaction([.. asked.Passages.Select(p => p.Passage)], asked.Reason, Everywhere: false, null, Erase: true), to.Version, to.Asker, to.Key, ct);
        }, ct);

    /// <summary>Of the event that carries the text; what is none is of none.</summary>
    static long TextVersion(FormFields form) => long.TryParse(form["in"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
}
