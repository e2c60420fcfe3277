using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Attachments;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Api;

/// <summary>A file whose bytes are stored, until an event names them. In the end they stay, or without an event go again.</summary>
sealed class StoredUpload(Guid ticket, Upload upload, StoredContent content, TicketDesk desk, AttachmentStore files) : IAsyncDisposable
{
    Outcome? outcome;

    /// <summary>Stores the event; may be tried again on a later version.</summary>
    public async Task<Outcome> Name(long version, Asker asker, CancellationToken ct)
    {
        var key = upload.Key is null ? null
            : IdempotencyKey.Of(upload.Key, asker.Principal.Id, nameof(Operation.Attach), ticket.ToString(), upload.DigestWith(content.Plain));
        outcome = null;
        return outcome = await desk.Handle(
            ticket, Operation.Attach,
            new AddAttachment(content.Id, upload.Name, upload.MediaType, content.Bytes, Convert.ToBase64String(content.Digest), upload.Internal),
            version, asker, key, ct);
    }

    public async ValueTask DisposeAsync()
    {
        // An exception leaves open whether the event was stored: the daily look decides then.
        if (outcome is Outcome.Done { Created: { } named } && named == content.Id)
            await files.Keep(content.Id, CancellationToken.None);
        else if (outcome is not null)
            await files.Remove(content.Id);
    }
}
