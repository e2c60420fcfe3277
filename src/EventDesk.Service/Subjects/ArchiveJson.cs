using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Subjects;

/// <summary>Writes <c>data.json</c>: the format <c>eventdesk-archive/1</c>, in which members are only ever added.</summary>
sealed class ArchiveJson(Stream output, CopyFor reader) : IAsyncDisposable
{
    readonly Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Begin(ArchiveSubject about)
    {
        json.WriteStartObject();
        json.WriteString("format", "eventdesk-archive/1");
        json.WriteString("made", about.Now);
        json.WriteString("for", Word(reader));
        json.WriteString(about.Handle is null ? "customer" : "person", about.Id);
        Text("handle", about.Handle);
        Text("contract", about.Contract);
        if (about.Handle is null)
            json.WriteStartArray("tickets");
    }

    public void Ticket(HeldTicket held)
    {
        var t = held.Entry.Ticket;
        json.WriteStartObject();
        json.WriteString("id", held.Entry.Id);
        json.WriteNumber("number", t.Number);
        json.WriteNumber("version", held.Entry.Version);
        json.WriteString("product", t.Product);
        json.WriteString("language", t.Language);
        json.WriteString("channel", Word(t.Channel));
        json.WriteString("status", Word(t.Status));
        json.WriteString("openedAt", t.OpenedAt);
        Time("resolvedAt", t.ResolvedAt);
        Text("subject", held.Subject);
        json.WriteStartObject("requester");
        Text("name", held.Requester?.Name?.Text);
        Text("email", held.Requester?.Email?.Text);
        json.WriteEndObject();
        json.WriteStartArray("events");
        foreach (var e in held.Events)
            Event(e.Version, e.Type, e.Meta, e.Data);
        json.WriteEndArray();
        if (reader == CopyFor.Person)
            json.WriteNumber("internalEvents", held.Internal);
        Hidden(t);
        json.WriteStartArray("attachments");
        foreach (var file in held.Files)
            File(file);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Where something is hidden: it is held, sealed, until it is erased, and this does not say how long it is.</summary>
    void Hidden(Ticket t)
    {
        json.WriteStartArray("hiddenPassages");
        foreach (var (version, field, until) in (t.Masks ?? []).Select(m => (m.Version, m.Field, m.Until)).Distinct())
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteString("field", field);
            Time("erasedAt", until);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void Event(long version, string type, Tickets.EventMeta meta, JsonElement data)
    {
        json.WriteStartObject();
        json.WriteNumber("version", version);
        json.WriteString("type", type);
        json.WriteString("occurred", meta.Occurred);
        json.WriteString("recorded", meta.Recorded);
        json.WriteStartObject("actor");
        if (reader == CopyFor.Officer || meta.By.Role == Role.Customer)
            json.WriteString("id", meta.By.Id);
        json.WriteString("role", Word(meta.By.Role));
        json.WriteEndObject();
        if (reader == CopyFor.Officer && meta.Rule is { } rule)
            json.WriteString("rule", $"{rule.Id} version {rule.Version}");
        json.WritePropertyName("data");
        data.WriteTo(json);
        json.WriteEndObject();
    }

    void File(HeldFile file)
    {
        json.WriteStartObject();
        json.WriteString("id", file.Added.AttachmentId);
        Text("name", file.Added.Name.Text);
        json.WriteString("mediaType", file.Added.MediaType);
        json.WriteNumber("bytes", file.Added.Bytes);
        json.WriteString("addedAt", file.At);
        Text("file", file.Path);
        Text("withheld", file.Withheld);
        json.WriteEndObject();
    }

    public void End(ArchiveSubject about)
    {
        if (about.Handle is null)
            json.WriteEndArray();
        Array("tokens", about.Tokens, t =>
        {
            json.WriteString("id", t.Id);
            json.WriteString("name", t.Name);
            json.WriteString("roles", string.Join(' ', t.Roles));
            json.WriteString("created", t.Created);
            json.WriteString("expires", t.Expires);
            Time("revoked", t.Revoked);
        });
        Array("sessions", about.Sessions, s =>
        {
            json.WriteString("id", s.Id);
            json.WriteString("started", s.Started);
            json.WriteString("until", s.Until);
            Time("ended", s.Ended);
            Time("lastUsed", s.Seen);
        });
        Array("incidentContacts", about.Contacts, c =>
        {
            json.WriteString("incident", c.Incident);
            json.WriteString("channel", Word((Channel)c.Channel));
            json.WriteString("at", c.At);
        });
        Array("access", about.Access, Access);
        json.WriteEndObject();
    }

    void Access(HeldAccess a)
    {
        json.WriteString("kind", a.Kind);
        if (reader == CopyFor.Officer || a.Role == "customer")
            json.WriteString("by", a.By);
        Text("role", a.Role);
        json.WriteString("operation", a.Operation);
        if (a.Ticket is { } ticket)
            json.WriteString("ticket", ticket);
        json.WriteString("first", a.First);
        json.WriteString("last", a.Last);
        json.WriteNumber("times", a.Times);
    }

    public void Array<T>(string name, IReadOnlyList<T> rows, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            write(row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void Text(string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    void Time(string name, DateTimeOffset? value)
    {
        if (value is { } time)
            json.WriteString(name, time);
    }

    public void StartArray(string name) => json.WriteStartArray(name);

    public void EndArray() => json.WriteEndArray();

    static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public Task Flush(CancellationToken ct) => json.FlushAsync(ct);

    public ValueTask DisposeAsync() => json.DisposeAsync();
}
