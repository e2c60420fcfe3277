using System.Runtime.CompilerServices;
using EventDesk.Domain;
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
            "Those the asker may see, in the order they came; after them those of the tickets that were merged into it.");
        api.MapGet("/tickets/{ticket}/attachments/{attachment}", Download).Is(Operation.ReadHistory, "readAttachment", Tag, "Download a file",
            "Streamed as it is opened; a browser saves it and never displays it. One of a ticket that was merged into this is found here too.")
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
        await using var stored = new StoredUpload(id, upload, content, desk, files);
        var outcome = await stored.Name(upload.Version, asker, ct);
        return outcome is Outcome.Done done
            ? new Created(done, $"/api/tickets/{id}/attachments/{done.Created}")
            : Outcomes.Problem(outcome, asker.Principal);
    }

    static async Task<Results<Ok<AttachmentList>, Problem>> List(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await On(id, http, desk, ct) is not { } own)
            return Problems.NoSuchTicket();
        List<AttachmentAnswer> files = [.. own.Shown.Select(s => Answer(s, null))];
        await foreach (var merged in Merged(own, http, desk, ct))
            files.AddRange(merged.Shown.Select(s => Answer(s, merged.Ticket)));
        return TypedResults.Ok(new AttachmentList(files));
    }

    static async Task<Results<FileDownload, Problem>> Download(
        string ticket, string attachment, HttpContext http, TicketDesk desk, AttachmentStore files, CancellationToken ct)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await On(id, http, desk, ct) is not { } on)
            return Problems.NoSuchTicket();
        var (own, wanted) = (on, Guid.TryParseExact(attachment, "D", out var asked) ? asked : default);
        if (own.Find(wanted) is null)
            await foreach (var merged in Merged(own, http, desk, ct))
                if (merged.Find(wanted) is not null)
                {
                    on = merged;
                    break;
                }
        if (on.Find(wanted) is { Hidden: true })
            return Problems.Hidden("file");
        if (on.Find(wanted) is not { } found || await files.Open(on.Ticket, wanted, ct) is not { } content)
            return Problems.NoSuch("attachment_not_found", "file on this ticket");
        return new FileDownload(content, found.Event);
    }

    /// <summary>A file that the asker may see.</summary>
    sealed record ShownFile(AttachmentAdded Event, DateTimeOffset At, bool Hidden);

    /// <summary>What the asker may see of a ticket's own files.</summary>
    sealed record Files(Guid Ticket, IReadOnlyList<ShownFile> Shown, IReadOnlyList<TicketId> Absorbed)
    {
        public ShownFile? Find(Guid attachment) => Shown.FirstOrDefault(s => s.Event.AttachmentId == attachment);
    }

    /// <summary>Null when there is no such ticket for the asker.</summary>
    static async Task<Files?> On(Guid ticket, HttpContext http, TicketDesk desk, CancellationToken ct)
    {
        if (await desk.History(ticket, http.Asker(), Operation.ReadHistory, ct) is not { } history)
            return null;
        var hidden = TicketPrivacy.HiddenFiles(history, http.Principal(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        return new(
            ticket,
            [.. from stored in history.Events
                where stored.Type == "attachment_added"
                let read = history.Read(stored)
                where history.Internal || Audience.IsPublic(read.Event)
                select new ShownFile((AttachmentAdded)read.Event, read.Meta.Occurred, hidden.Contains(stored.Version))],
            history.Entry.Ticket.Absorbed ?? []);
    }

    /// <summary>The files stay where they were added, like the messages; each ticket is asked for as if it had been opened itself.</summary>
    static async IAsyncEnumerable<Files> Merged(Files into, HttpContext http, TicketDesk desk, [EnumeratorCancellation] CancellationToken ct)
    {
        Queue<TicketId> next = new(into.Absorbed);
        for (var read = 0; read < TicketDesk.MostMerged && next.TryDequeue(out var id);)
            if (await On(id.Value, http, desk, ct) is { } merged)
            {
                read++;
                foreach (var further in merged.Absorbed)
                    next.Enqueue(further);
                yield return merged;
            }
    }

    static AttachmentAnswer Answer(ShownFile file, Guid? merged) => new(
        file.Event.AttachmentId, file.Event.Name.Text, file.Event.MediaType, file.Event.Bytes, file.Event.Digest, file.Event.Internal, file.At, merged);
}
