using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Attachments;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Files of a ticket: streamed in and out, sealed in the database, never shown by a browser as a page of ours.</summary>
public static class AttachmentEndpoints
{
    const string Tag = "Attachments";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/attachments", Add).Is(Operation.Attach, "addAttachment", Tag, "Attach a file",
            "The body is the file itself, its Content-Type the file's, its name in Content-Disposition: attachment; filename=\"…\". Sealed while it streams in; 25 MiB at most unless configured otherwise.")
            .WithMetadata(
                new ChangesTicket(), new Repeatable(), new TakesFile(),
                new QueryParameter("internal", "boolean", "For staff only, like a note.", "true"));
        api.MapGet("/tickets/{ticket}/attachments", List).Is(Operation.ReadHistory, "listAttachments", Tag, "List a ticket's files",
            "Those the asker may see, in the order they came.");
        api.MapGet("/tickets/{ticket}/attachments/{attachment}", Download).Is(Operation.ReadHistory, "readAttachment", Tag, "Download a file",
            "Streamed as it is opened; a browser saves it and never displays it.")
            .WithMetadata(new GivesFile());
    }

    static async Task<Results<Created, Problem>> Add(string ticket, HttpContext http, TicketDesk desk, AttachmentStore files, Settings settings, CancellationToken ct)
    {
        var (upload, problem) = Upload.Of(http, settings.MaxAttachmentBytes);
        if (upload is null)
            return problem!;
        var asker = http.Asker();
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.Find(id, asker, Operation.Attach, ct) is null)
            return Problems.NoSuchTicket();
        if (await files.Put(id, http.Request.Body, settings.MaxAttachmentBytes, ct) is not { } content)
            return Problems.TooLarge(settings.MaxAttachmentBytes);
        return await Name(id, upload, content, http, desk, files, ct);
    }

    /// <summary>The event that names the stored content; without it the content goes again.</summary>
    static async Task<Results<Created, Problem>> Name(
        Guid ticket, Upload upload, StoredContent content, HttpContext http, TicketDesk desk, AttachmentStore files, CancellationToken ct)
    {
        var asker = http.Asker();
        var key = upload.Key is null ? null
            : IdempotencyKey.Of(upload.Key, asker.Principal.Id, nameof(Operation.Attach), ticket.ToString(), upload.DigestWith(content.Plain));
        Outcome? outcome = null;
        try
        {
            outcome = await desk.Handle(
                ticket, Operation.Attach,
                new AddAttachment(content.Id, upload.Name, upload.MediaType, content.Bytes, Convert.ToBase64String(content.Digest), upload.Internal),
                upload.Version, asker, key, ct);
        }
        finally
        {
            // An exception leaves open whether the event was stored: the daily look decides then.
            if (outcome is Outcome.Done { Created: { } named } && named == content.Id)
                await files.Keep(content.Id, CancellationToken.None);
            else if (outcome is not null)
                await files.Remove(content.Id);
        }
        return outcome is Outcome.Done done
            ? new Created(done, $"/api/tickets/{ticket}/attachments/{done.Created}")
            : Outcomes.Problem(outcome, asker.Principal);
    }

    static async Task<Results<Ok<AttachmentList>, Problem>> List(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct) =>
        await Shown(ticket, http, desk, ct) is { } shown
            ? TypedResults.Ok(new AttachmentList([.. shown.Select(s => Answer(s.Event, s.At))]))
            : Problems.NoSuchTicket();

    static async Task<Results<FileDownload, Problem>> Download(
        string ticket, string attachment, HttpContext http, TicketDesk desk, AttachmentStore files, CancellationToken ct)
    {
        if (await Shown(ticket, http, desk, ct) is not { } shown)
            return Problems.NoSuchTicket();
        var found = Guid.TryParseExact(attachment, "D", out var id) ? shown.FirstOrDefault(s => s.Event.AttachmentId == id) : default;
        if (found.Event is not null && found.Hidden)
            return Problems.Hidden("file");
        if (found.Event is null || await files.Open(found.Ticket, id, ct) is not { } content)
            return Problems.NoSuch("attachment_not_found", "file on this ticket");
        return new FileDownload(content, found.Event);
    }

    /// <summary>Null when there is no such ticket for the asker.</summary>
    static async Task<List<(Guid Ticket, AttachmentAdded Event, DateTimeOffset At, bool Hidden)>?> Shown(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.History(id, http.Asker(), Operation.ReadHistory, ct) is not { } history)
            return null;
        var hidden = TicketPrivacy.HiddenFiles(history, http.Principal(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        return [.. from stored in history.Events
                   where stored.Type == "attachment_added"
                   let read = history.Read(stored)
                   where history.Internal || Audience.IsPublic(read.Event)
                   select (id, (AttachmentAdded)read.Event, read.Meta.Occurred, hidden.Contains(stored.Version))];
    }

    static AttachmentAnswer Answer(AttachmentAdded a, DateTimeOffset at) =>
        new(a.AttachmentId, a.Name.Text, a.MediaType, a.Bytes, a.Digest, a.Internal, at);
}
