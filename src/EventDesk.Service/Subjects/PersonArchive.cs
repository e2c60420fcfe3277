using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Subjects;

/// <summary>
/// What is held on a member of staff as a person: what they are called, what they were allowed and taught, when they came, and what they looked at. What
/// they wrote on tickets is the tickets' record and stands there under their handle.
/// </summary>
public sealed class PersonArchive(EventStore store, PeopleDesk people, StreamKeys keys, AccessLog access, TimeProvider clock)
{
    /// <summary>Records the export.</summary>
    /// <returns>Null when there is no such person.</returns>
    public async Task<PersonEntry?> Prepare(Guid person, Asker who, Operation operation, CancellationToken ct)
    {
        if (await people.Find(person, ct) is not { } found)
            return null;
        var role = Policy.Decide(who.Principal, operation)?.Role ?? throw new InvalidOperationException($"{operation} was not granted.");
        await access.Exported(who.Principal, role, operation, null, ct, of: person);
        await access.Flush(ct);
        return found;
    }

    /// <param name="output">Need not be able to seek.</param>
    public async Task Write(PersonEntry person, Stream output, CancellationToken ct)
    {
        var about = new ArchiveSubject(
            person.Id, person.State.Handle, clock.Now(), null, await store.TokensOf(person.Id, ct), await store.SessionsOf(person.Id, ct), [],
            await store.AccessBy(person.State.Handle, ct));
        var events = await Events(person.Id, ct);
        await using var through = new ArchiveOutput(output);
        await using var zip = await ZipArchive.CreateAsync(through, ZipArchiveMode.Create, leaveOpen: true, null, ct);
        await using (var data = await SubjectArchive.Entry(zip, "data.json", about.Now, ct))
        {
            await using var json = new ArchiveJson(data, CopyFor.Officer);
            json.Begin(about);
            foreach (var (name, value) in Called(person))
                json.Text(name, value);
            json.StartArray("events");
            foreach (var e in events)
                json.Event(e.Version, e.Type, e.Meta, e.Data);
            json.EndArray();
            json.End(about);
        }
        await using var readable = await SubjectArchive.Entry(zip, "readable.html", about.Now, ct);
        await using var page = new ArchivePage(readable, CopyFor.Officer);
        page.Begin(about, []);
        page.Section("person", "The person");
        page.Facts(Called(person));
        foreach (var e in events)
            page.Event(e.Type, e.Meta, e.Data);
        page.EndSection();
        page.End(about);
    }

    static IEnumerable<(string Name, string? Value)> Called(PersonEntry p) =>
    [
        ("userName", p.Texts.UserName), ("name", p.Texts.Name), ("givenName", p.Texts.GivenName), ("familyName", p.Texts.FamilyName), ("email", p.Texts.Email),
        ("externalId", p.Texts.ExternalId),
    ];

    async Task<List<HeldEvent>> Events(Guid person, CancellationToken ct)
    {
        var key = await keys.Get(person, ct);
        List<HeldEvent> events = [];
        foreach (var e in await store.ReadStream(person, 1, null, ct))
        {
            var plain = new ArrayBufferWriter<byte>(512);
            SealedJson.Unseal(e.Data.Span, key, e.Version, plain);
            events.Add(new(e.Version, e.Type, EventMeta.Read(e.Headers.Span, e.Timestamp), JsonElement.Parse(plain.WrittenSpan)));
        }
        return events;
    }
}
