using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Searching;

/// <summary>Where on a ticket something was found.</summary>
public enum SearchPlace { Subject, Question, Message, Reply, Note, Form, Number }

/// <summary>A text of a ticket as everybody sees it who may see the ticket: stars where something is hidden, nothing where it was erased.</summary>
/// <param name="Version">Of the event that carries it.</param>
sealed record SearchedText(SearchPlace Place, string Text, long Version, DateTimeOffset At);

/// <summary>Reads the subjects and messages of tickets, a few statements for many of them.</summary>
sealed class SearchedTexts(EventStore store, MasterKeys masters)
{
    public static readonly IReadOnlyList<string> Types = ["ticket_opened", "customer_message_received", "reply_sent", "note_added", "passage_redacted", "passages_erased"];

    /// <summary>None is kept: a key that another process has just replaced would not open what the ticket says now.</summary>
    readonly StreamKeys keys = new(store.DataSource, masters, capacity: 0);

    /// <summary>By ticket; one that was purged says nothing.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<SearchedText>>> Of(IReadOnlyList<Guid> tickets, CancellationToken ct)
    {
        var events = await store.ReadStreams(tickets, Types, ct);
        var found = await keys.Get(tickets, ct);
        Dictionary<Guid, IReadOnlyList<SearchedText>> texts = [];
        foreach (var stream in events.GroupBy(e => e.Stream))
            texts[stream.Key] = Read([.. stream], found.GetValueOrDefault(stream.Key));
        return texts;
    }

    static List<SearchedText> Read(List<StoredEvent> events, StreamKey? key)
    {
        var standIns = events.Exists(e => Redactions.IsRedaction(e.Type)) ? Redactions.Shown(events) : null;
        List<SearchedText> texts = [];
        foreach (var stored in events.Where(e => !Redactions.IsRedaction(e.Type)))
        {
            var e = TicketCodec.Read(stored, key, standIns: standIns);
            foreach (var (place, text) in TextsOf(e.Event))
                if (text?.Text is { Length: > 0 } plain)
                    texts.Add(new(place, plain, stored.Version, e.Meta.Occurred));
        }
        return texts;
    }

    static IEnumerable<(SearchPlace, SealedText?)> TextsOf(TicketEvent e) => e switch
    {
        TicketOpened o => [(SearchPlace.Subject, o.Subject), (SearchPlace.Question, o.Body), .. (o.Fields ?? new Dictionary<string, SealedText>()).Values.Select(f => (SearchPlace.Form, f)),
            (SearchPlace.Number, o.SourceCase is { } sourceCase ? new SealedText(sourceCase) : null)],
        CustomerMessageReceived m => [(SearchPlace.Message, m.Body)],
        ReplySent r => [(SearchPlace.Reply, r.Body)],
        NoteAdded n => [(SearchPlace.Note, n.Body)],
        _ => [],
    };
}
