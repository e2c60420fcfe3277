using System.Buffers;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Subjects;

/// <summary>For whom a copy of what is held is made.</summary>
public enum CopyFor
{
    /// <summary>The person themselves: what they may see in the service anyhow, all of it.</summary>
    Person,

    /// <summary>A privacy officer: all there is, internal notes too.</summary>
    Officer,
}

/// <summary>An event with its texts opened, as the reader of the copy may see them.</summary>
/// <param name="Data">JSON.</param>
sealed record HeldEvent(long Version, string Type, EventMeta Meta, JsonElement Data);

/// <summary>A file of a ticket.</summary>
/// <param name="Path">Its place in the archive; null: it is not in it.</param>
/// <param name="Withheld">Why it is not: <c>redacted</c>.</param>
sealed record HeldFile(AttachmentAdded Added, DateTimeOffset At, string? Path, string? Withheld);

/// <summary>A ticket as a copy shows it.</summary>
/// <param name="Internal">Events that are for staff only and not in this copy.</param>
sealed record HeldTicket(TicketEntry Entry, Requester? Requester, string? Subject, IReadOnlyList<HeldEvent> Events, int Internal, IReadOnlyList<HeldFile> Files)
{
    /// <param name="asker">Who may see a hidden file that they revealed a moment ago.</param>
    public static HeldTicket Of(History history, CopyFor reader, Principal asker, DateTimeOffset now)
    {
        var hidden = TicketPrivacy.HiddenFiles(history, asker, now);
        List<HeldEvent> events = [];
        List<HeldFile> files = [];
        TicketOpened? opened = null;
        foreach (var stored in history.Events)
        {
            var read = history.Read(stored);
            opened ??= read.Event as TicketOpened;
            if (reader == CopyFor.Person && !Audience.IsPublic(read.Event))
                continue;
            events.Add(new(stored.Version, stored.Type, read.Meta, Open(stored, history)));
            if (read.Event is AttachmentAdded file)
                files.Add(hidden.Contains(stored.Version)
                    ? new(file, read.Meta.Occurred, null, "redacted")
                    : new(file, read.Meta.Occurred, PathOf(history.Entry.Ticket.Number, stored.Version, file.Name.Text), null));
        }
        return new(history.Entry, opened?.Requester, opened?.Subject?.Text, events, history.Events.Count - events.Count, files);
    }

    static JsonElement Open(StoredEvent e, History history)
    {
        var plain = new ArrayBufferWriter<byte>(1024);
        SealedJson.Unseal(e.Data.Span, history.Key, e.Version, plain, history.StandIns);
        if (!Redactions.IsRedaction(e.Type))
            return JsonElement.Parse(plain.WrittenSpan);
        var readable = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(readable))
            Redactions.WriteReadable(json, plain.WrittenMemory);
        return JsonElement.Parse(readable.WrittenSpan);
    }

    const int MostLetters = 80;

    /// <summary>Only letters every file system takes, under a number, so that no name leads out of its folder or over another file.</summary>
    static string PathOf(long number, long version, string? name)
    {
        var safe = string.Concat((name ?? "file").Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return $"files/{number}/{version}-{(safe.Length > MostLetters ? safe[^MostLetters..] : safe)}";
    }
}

/// <summary>Somebody looked at one of the tickets, took it out of the house, or was kept from it.</summary>
sealed record HeldAccess(string Kind, string By, string? Role, string Operation, Guid? Ticket, DateTimeOffset First, DateTimeOffset Last, long Times);

/// <summary>Told of an incident personally.</summary>
sealed record HeldContact(Guid Incident, short Channel, DateTimeOffset At);

/// <summary>A token that opens the person's own tickets, or was made in their name; never its hash.</summary>
sealed record HeldToken(Guid Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset Created, DateTimeOffset Expires, DateTimeOffset? Revoked);

/// <summary>A browser's session.</summary>
sealed record HeldSession(Guid Id, DateTimeOffset Started, DateTimeOffset Until, DateTimeOffset? Ended, DateTimeOffset? Seen);
