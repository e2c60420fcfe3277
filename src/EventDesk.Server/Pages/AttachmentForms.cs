using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Attachments;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>The form by which a file is attached, on the desk's page of a ticket and on the customer's own: the API's upload, by its rules, without a script.</summary>
static class AttachmentForms
{
    public static void Map(IEndpointRouteBuilder pages) =>
        pages.MapPost("/tickets/{ticket}/attachment", Attach).For(Operation.Attach).WithMetadata(new TakesFileForm());

    static async Task<IResult> Attach(
        string ticket, HttpContext http, TicketDesk desk, AttachmentStore files, Settings settings, TicketScreens screens, Viewers viewers, CancellationToken ct)
    {
        if (await FileForm.Of(http) is not { } sent)
            return Problems.MalformedRequest(TicketForm.NotOurs);
        StoredUpload? stored = null;
        try
        {
            return await TicketForms.Of(new("attachment", ticket, http, screens, viewers)).Take(FormFields.Of(sent, http), http, desk, async (form, to) =>
            {
                // Asked again on another version, the file is not there to be read a second time.
                if (stored is null)
                {
                    if (form["internal"] == "yes" && http.AsCustomer())
                        return new Outcome.Refused("not_allowed", "Customers add nothing that they could not see.");
                    if (await desk.Find(to.Ticket, to.Asker, Operation.Attach, ct) is null)
                        return new Outcome.NotFound();
                    (stored, var refused) = await Store(sent, form, to, desk, files, settings.MaxAttachmentBytes, ct);
                    if (stored is null)
                        return refused!;
                }
                return await stored.Name(to.Version, to.Asker, ct);
            }, ct);
        }
        finally
        {
            if (stored is not null)
                await stored.DisposeAsync();
        }
    }

    static async Task<(StoredUpload? Stored, Outcome? Refused)> Store(
        FileForm sent, FormFields form, Addressed to, TicketDesk desk, AttachmentStore files, long most, CancellationToken ct)
    {
        if (sent.File is not { } file)
            return (null, new Outcome.Refused("no_file", "Choose a file."));
        var (upload, refused) = Upload.Of(file, form["internal"] == "yes", to, form.Once);
        if (upload is null)
            return (null, refused);
        try
        {
            return await files.Put(to.Ticket, file.Content, most, ct) is { } content
                ? (new StoredUpload(to.Ticket, upload, content, desk, files), null)
                : (null, new Outcome.Refused("body_too_large", $"At most {most} bytes are taken."));
        }
        catch (IOException e) when (e is not BadHttpRequestException && !ct.IsCancellationRequested)
        {
            return (null, new Outcome.Refused("malformed_request", "The file did not come whole."));
        }
    }
}
