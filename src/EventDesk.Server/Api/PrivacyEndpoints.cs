using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Hiding, revealing and erasing what people wrote.</summary>
public static class PrivacyEndpoints
{
    const string Tag = "Privacy";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/redactions/preview", Preview).Is(Operation.Redact, "previewRedaction", Tag, "Find the same words elsewhere",
            "Where else on the ticket the words of these passages stand: other messages, quotes however their lines were broken, names and texts of files. Changes nothing.");
        api.MapPost("/tickets/{ticket}/redactions", Redact).Is(Operation.Redact, "redact", Tag, "Hide passages",
            "Everybody sees eight stars in their place, everywhere and in every past; the originals stay sealed for those who may reveal them.");
        api.MapPost("/tickets/{ticket}/erasures", Erase).Is(Operation.Erase, "erase", Tag, "Erase passages for good",
            "The passages are taken out of the log; all other texts are sealed under a new key and the old one is destroyed, so that no copy of the database gives them back. The history still verifies.");
        api.MapPost("/tickets/{ticket}/reveals", Reveal).Is(Operation.Reveal, "reveal", Tag, "Look at what is hidden",
            "Answers the original of one text. The look is an event with its reason. Where the organisation wants a second person, the first asking is answered with 202; once another person has "
            + "approved it, asking again answers the text, for ten minutes.");
        api.MapPost("/tickets/{ticket}/reveals/{version}/approval", Approve).Is(Operation.Reveal, "approveReveal", Tag, "Agree that somebody looks at what is hidden",
            "By another person with the right than the one who asked; within a day. An event.");
        api.MapPost("/tickets/{ticket}/purge", Purge).Is(Operation.Purge, "purge", Tag, "Purge a ticket",
            "Everything that was written goes for good: texts, files, the requester. What happened and when stays, with the digests; no published figure changes. Refused while the ticket is open or on legal hold.");
        api.MapGet("/tickets/{ticket}/certificate", Certificate).Is(Operation.ReadProof, "readErasureCertificate", Tag, "Read the certificate of erasure",
            "What was last erased of the ticket, when, by whom, when its key was destroyed, and the proof that the event stands in the ledger; signed with the ledger's key.")
            .WithMetadata(new GivesText("EventDesk certificate of erasure\nledger: eventdesk/7f3a90c2d1e4b586\nticket: 01a216fe-4e45-71d8-bae8-d139246f8bec\n…\n\n— eventdesk/7f3a90c2d1e4b586 kVTFpw…\n"));
    }

    static async Task<Results<ContentHttpResult, Problem>> Certificate(
        string ticket, HttpContext http, TicketDesk desk, ErasureCertificates certificates, Settings settings, CancellationToken ct)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.History(id, http.Asker(), Operation.ReadProof, ct) is not { } history)
            return Problems.NoSuchTicket();
        using var keys = LedgerKeys.Load(settings.LedgerKeyFile);
        return (keys is null ? "" : await certificates.Of(history, keys, ct)) switch
        {
            null => Problems.NoSuch("nothing_erased", "certificate: nothing of the ticket was erased"),
            "" => Problems.NoSuch("certificate_pending", "certificate yet: ask again in a moment"),
            var certificate => TypedResults.Text(certificate, "text/plain", Encoding.UTF8),
        };
    }

    static async Task<Results<Ok<PassageList>, Problem>> Preview(string ticket, Posted<PassagesRequest> asked, TicketDesk desk, TicketPrivacy privacy, CancellationToken ct)
    {
        if (asked.Problem is { } problem)
            return problem;
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.Find(id, asked.Asker, Operation.Redact, ct) is null)
            return Problems.NoSuchTicket();
        return await privacy.Elsewhere(id, Passages(asked.Body.Passages), asked.Asker, ct) is { } found
            ? TypedResults.Ok(new PassageList([.. found.Select(p => new PassageAnswer(p.Version, p.Field, p.Start, p.Length))]))
            : Problems.Refused("no_such_passage", "One of the passages is not there: look at the texts as they are shown now.");
    }

    static Task<Results<Changed, Problem>> Redact(Command<RedactionRequest> asked, TicketDesk desk, TicketPrivacy privacy, CancellationToken ct) =>
        asked.Send(desk, (r, to) => privacy.Redact(
            to.Ticket, new Redaction(Passages(r.Passages), r.Reason, r.Everywhere, r.Until?.ToUniversalTime(), Erase: false), to.Version, to.Asker, to.Key, ct), ct);

    static Task<Results<Changed, Problem>> Erase(Command<ErasureRequest> asked, TicketDesk desk, TicketPrivacy privacy, CancellationToken ct) =>
        asked.Send(desk, (r, to) => privacy.Redact(
            to.Ticket, new Redaction(Passages(r.Passages), r.Reason, r.Everywhere, null, Erase: true), to.Version, to.Asker, to.Key, ct), ct);

    static async Task<Results<Ok<RevealedAnswer>, Accepted<RevealWaitsAnswer>, Problem>> Reveal(
        Command<RevealRequest> asked, TicketDesk desk, TicketPrivacy privacy, HttpContext http, CancellationToken ct)
    {
        var (text, waits) = ((string?)null, false);
        var sent = await asked.Send(desk, async (r, to) =>
        {
            (var outcome, text, waits) = await privacy.Reveal(to.Ticket, r.Version, r.Field, r.Reason, to.Version, to.Asker, ct);
            return outcome;
        }, ct);
        if (sent.Result is Problem problem)
            return problem;
        var version = ((Changed)sent.Result).Version;
        http.Response.Headers.ETag = ETag.Of(version);
        http.Response.Headers.CacheControl = "no-store";
        return waits ? TypedResults.Accepted((string?)null, new RevealWaitsAnswer(http.Principal().Id, version)) : TypedResults.Ok(new RevealedAnswer(text, version));
    }

    static Task<Results<Changed, Problem>> Approve(string version, Command<RevealApprovalRequest> asked, TicketDesk desk, CancellationToken ct) =>
        long.TryParse(version, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var text)
            ? asked.Send(desk, r => new ApproveReveal(text, r.Field, new(r.For)), ct)
            : Task.FromResult<Results<Changed, Problem>>(Problems.NoSuch("no_such_text", "text"));

    static Task<Results<Changed, Problem>> Purge(Command<PurgeRequest> asked, TicketDesk desk, TicketPrivacy privacy, CancellationToken ct) =>
        asked.Send(desk, (r, to) => privacy.Purge(to.Ticket, r.Reason, null, to.Version, to.Asker, to.Key, ct), ct);

    static List<Passage> Passages(IReadOnlyList<PassageRequest> passages) => [.. passages.Select(p => p.Passage)];
}
