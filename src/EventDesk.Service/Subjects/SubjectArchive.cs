using System.IO.Compression;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Attachments;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Subjects;

/// <summary>
/// Everything that is held on a customer, as one ZIP: <c>data.json</c> for programs, <c>readable.html</c> for people, and the files. Written as it is read:
/// no more than one ticket is in memory.
/// </summary>
public sealed class SubjectArchive(EventStore store, TicketDesk desk, AttachmentStore files, OrganisationBook organisation, AccessLog access, TimeProvider clock)
{
    /// <summary>What is going to be written; the export itself is recorded by now.</summary>
    public sealed class Prepared
    {
        internal Prepared(CustomerId customer, CopyFor reader, Asker asker, Operation operation, IReadOnlyList<(Guid Id, long Version)> tickets, DateTimeOffset now) =>
            (Customer, Reader, Asker, Operation, Tickets, Now) = (customer, reader, asker, operation, tickets, now);

        internal CustomerId Customer { get; }
        internal CopyFor Reader { get; }
        internal Asker Asker { get; }
        internal Operation Operation { get; }
        internal IReadOnlyList<(Guid Id, long Version)> Tickets { get; }
        internal DateTimeOffset Now { get; }
    }

    /// <summary>Finds the tickets and writes down who takes what out of the house: what cannot be written down is not exported.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written down.</exception>
    public async Task<Prepared> Prepare(CustomerId customer, CopyFor reader, Asker who, Operation operation, CancellationToken ct)
    {
        var tickets = await store.TicketsOf(customer, ct);
        var role = Policy.Decide(who.Principal, operation)?.Role ?? throw new InvalidOperationException($"{operation} was not granted.");
        await access.Exported(who.Principal, role, operation, null, ct, of: customer.Value);
        foreach (var (ticket, _) in tickets)
            await access.Exported(who.Principal, role, operation, ticket, ct, of: customer.Value);
        await access.Flush(ct);
        return new(customer, reader, who, operation, tickets, clock.Now());
    }

    /// <param name="output">Need not be able to seek.</param>
    public async Task Write(Prepared asked, Stream output, CancellationToken ct)
    {
        var about = await About(asked, ct);
        await using var through = new ArchiveOutput(output);
        await using var zip = await ZipArchive.CreateAsync(through, ZipArchiveMode.Create, leaveOpen: true, null, ct);
        List<(Guid Ticket, HeldFile File)> held = [];
        List<ArchivePage.Line> contents = [];
        await using (var data = await Entry(zip, "data.json", asked.Now, ct))
        {
            await using var json = new ArchiveJson(data, asked.Reader);
            json.Begin(about);
            await foreach (var ticket in Tickets(asked, ct))
            {
                held.AddRange(ticket.Files.Select(f => (ticket.Entry.Id, f)));
                contents.Add(new(ticket.Entry.Ticket.Number, ticket.Subject, ticket.Entry.Ticket.OpenedAt));
                json.Ticket(ticket);
                await json.Flush(ct);
            }
            json.End(about);
        }
        await using (var readable = await Entry(zip, "readable.html", asked.Now, ct))
        {
            await using var page = new ArchivePage(readable, asked.Reader);
            page.Begin(about, contents);
            await foreach (var ticket in Tickets(asked, ct))
            {
                page.Ticket(ticket);
                await page.Flush(ct);
            }
            page.End(about);
        }
        foreach (var (ticket, file) in held.Where(h => h.File.Path is not null))
            if (await files.Open(ticket, file.Added.AttachmentId, ct) is { } content)
                await using (content)
                await using (var entry = await Entry(zip, file.Path!, asked.Now, ct))
                    await content.CopyToAsync(entry, ct);
    }

    async Task<ArchiveSubject> About(Prepared asked, CancellationToken ct)
    {
        List<Guid> tickets = [.. asked.Tickets.Select(t => t.Id)];
        return new(
            asked.Customer.Value, null, asked.Now, organisation.History.ContractOf(asked.Customer, asked.Now), await store.TokensOf(asked.Customer.Value, ct),
            await store.SessionsOf(asked.Customer.Value, ct), await store.ContactsOf(asked.Customer, ct), await store.AccessTo(tickets, ct));
    }

    /// <summary>Each at the version that was found; one that was purged or given away meanwhile is the customer's no more.</summary>
    async IAsyncEnumerable<HeldTicket> Tickets(Prepared asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var (id, version) in asked.Tickets)
            if (await desk.History(id, asked.Asker, asked.Operation, ct, version) is { } history && history.Entry.Ticket.Requester == asked.Customer)
                yield return HeldTicket.Of(history, asked.Reader, asked.Asker.Principal, asked.Now);
    }

    internal static async Task<Stream> Entry(ZipArchive zip, string path, DateTimeOffset at, CancellationToken ct)
    {
        var entry = zip.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = at;
        return await entry.OpenAsync(ct);
    }
}

/// <summary>Who an archive is about, and what is held on them beside tickets.</summary>
/// <param name="Id">Pseudonym of a customer, or id of a person.</param>
/// <param name="Handle">Of a person; null for customers.</param>
/// <param name="Contract">The plan the customer has of their own.</param>
sealed record ArchiveSubject(
    Guid Id, string? Handle, DateTimeOffset Now, string? Contract, IReadOnlyList<HeldToken> Tokens, IReadOnlyList<HeldSession> Sessions,
    IReadOnlyList<HeldContact> Contacts, IReadOnlyList<HeldAccess> Access);
