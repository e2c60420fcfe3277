using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Store;

namespace EventDesk.Service.Searching;

/// <summary>What a search is narrowed to.</summary>
public sealed record SearchFilter(DeskId? Desk = null, Status? Status = null);

/// <summary>A ticket that was found.</summary>
/// <param name="Subject">Empty: it has none, or it was erased.</param>
/// <param name="WrittenIn">Version of the event with the text the snippet is of.</param>
/// <param name="Place">Which text <paramref name="Snippet"/> is of; null: none but the number tells why it was found.</param>
public sealed record SearchHit(
    Guid Id, long Number, long Version, IReadOnlyList<SearchPiece> Subject, string Desk, SupportLine Line, Status Status, DateTimeOffset OpenedAt,
    SearchPlace? Place, long? WrittenIn, DateTimeOffset? WrittenAt, IReadOnlyList<SearchPiece> Snippet);

/// <summary>Tickets that were found, the newest first.</summary>
/// <param name="Below">Tickets with lower numbers have not been looked at yet; null: all have.</param>
/// <param name="Ready">False while the index is made; then nothing was looked at.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, long? Below, bool Ready);

/// <summary>
/// Finds tickets by the words of their subjects and messages. The index says which may be meant; whether one is, its texts say, as they are shown at
/// this moment: what was hidden or erased an instant ago is found no more, whatever the index still knows.
/// </summary>
public sealed class TicketSearch(EventStore store, SearchIndex index, OrganisationBook organisation, AccessLog access, TimeProvider clock)
{
    public const int MostHits = 50;

    /// <summary>Another look is begun until then; what has been found is answered, and where to go on.</summary>
    static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(60);

    /// <summary>Who asks a server that has just started waits so long for it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Again = TimeSpan.FromMilliseconds(100);

    /// <summary>A look that took no longer is followed by a wider one.</summary>
    static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(15);

    const int FewDesks = 10, BlocksAtOnce = 64, CandidatesAtOnce = 60;

    readonly SearchCandidates candidates = new(store);

    /// <param name="below">Where the page before ended; null: from the newest on.</param>
    /// <param name="limit">1 to <see cref="MostHits"/>.</param>
    public async Task<SearchPage> Page(SearchQuery query, SearchFilter filter, Principal who, long? below, int limit, CancellationToken ct)
    {
        if (Policy.Decide(who, Operation.Search) is not { Reach: { SeesInternal: true } reach } grant)
            return new([], null, Ready: true);
        if (await Marks(ct) is not { } marks)
            return new([], null, Ready: false);
        var desks = TicketQueues.Desks(filter.Desk, reach);
        if (desks is { Length: 0 } || await candidates.Newest(ct) is not { } newest)
            return new([], null, Ready: true);
        var asked = await AskedQuery.Of(query, Languages(desks), marks, ct);
        var page = await Walk(asked, marks, desks, filter.Status, Math.Min(below ?? long.MaxValue, newest + 1), limit, ct);
        foreach (var hit in page.Hits)
            await access.Read(who, grant.Role, Operation.Search, hit.Id, ct);
        return page;
    }

    /// <summary>Null while the index is made and it is not just about to be ready.</summary>
    async Task<SearchMarks?> Marks(CancellationToken ct)
    {
        for (var started = clock.GetTimestamp(); ; await Task.Delay(Again, clock, ct))
            if (await index.State(ct) is { Ready: true } state && await index.Secrets.Open(state.Secret, ct) is { } marks)
                return marks;
            else if (clock.GetElapsedTime(started) > Patience)
                return null;
    }

    async Task<SearchPage> Walk(AskedQuery query, SearchMarks marks, string[]? desks, Status? status, long below, int limit, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        List<SearchHit> hits = [];
        var (blocks, most) = (1L, limit + 1);
        var wanted = desks is { Length: <= FewDesks } ? [.. query.Wanted, [.. desks.Select(marks.Desk)]] : query.Wanted;
        do
        {
            var round = clock.GetTimestamp();
            var from = SearchMarks.BlockOf(below - 1);
            var to = Math.Max(0, from - blocks + 1);
            var found = await candidates.Read(wanted, query.Unwanted, from, to, below, desks, status, most, ct);
            hits.AddRange(await Meant(found, query, marks, ct));
            below = found.Count == most ? found[^1].Number : to << SearchMarks.BlockBits;
            blocks = Math.Clamp(clock.GetElapsedTime(round) < Quick ? blocks * 4 : blocks / 2, 1, BlocksAtOnce);
            most = Math.Min(CandidatesAtOnce, most * 2);
        }
        while (below > 0 && hits.Count <= limit && clock.GetElapsedTime(started) < Enough);
        return hits.Count > limit ? new(hits[..limit], hits[limit - 1].Number, true) : new(hits, below > 0 ? below : null, true);
    }

    /// <summary>Those whose texts say so.</summary>
    async Task<List<SearchHit>> Meant(List<SearchCandidate> found, AskedQuery query, SearchMarks marks, CancellationToken ct)
    {
        List<SearchHit> hits = [];
        if (found.Count == 0)
            return hits;
        var read = await index.Texts.Of(found.ConvertAll(c => c.Id), ct);
        var words = found.ToDictionary(c => c.Id, c => Texts(c, read).Select(t => SearchWords.Of(t.Text)).ToList());
        Dictionary<string, IReadOnlyDictionary<string, long>> stems = [];
        foreach (var language in found.GroupBy(c => SearchMarks.Stemmed(SearchIndex.LanguageOf(c.Desk))))
            if (language.Key is { } stemmed)
                stems[stemmed] = await marks.Stems(stemmed, language.SelectMany(c => words[c.Id]).SelectMany(t => t).SelectMany(w => (string[])[w.Lower, w.Folded]), ct);
        foreach (var candidate in found)
        {
            var own = SearchMarks.Stemmed(SearchIndex.LanguageOf(candidate.Desk)) is { } language ? stems[language] : null;
            var marked = words[candidate.Id].ConvertAll(text => (IReadOnlyList<MarkedWord>)text.ConvertAll(w => new MarkedWord(w, marks.Word(w.Folded), own is null ? [] : [own[w.Lower], own[w.Folded]])));
            if (query.Find(marked) is { } places)
                hits.Add(Hit(candidate, [.. Texts(candidate, read)], places));
        }
        return hits;
    }

    /// <summary>Its number first: one may be searched for by it.</summary>
    static IEnumerable<SearchedText> Texts(SearchCandidate ticket, IReadOnlyDictionary<Guid, IReadOnlyList<SearchedText>> read) =>
        [new(SearchPlace.Number, SearchIndex.Numbered(ticket.Number), 1, ticket.OpenedAt), .. read.GetValueOrDefault(ticket.Id, [])];

    static SearchHit Hit(SearchCandidate ticket, List<SearchedText> texts, IReadOnlyList<(List<(int Start, int Length)> Places, int Terms)> found)
    {
        var subject = texts.FindIndex(t => t.Place == SearchPlace.Subject);
        var best = Enumerable.Range(0, texts.Count).Where(i => texts[i].Place is not (SearchPlace.Subject or SearchPlace.Number))
            .OrderByDescending(i => found[i].Terms).ThenBy(i => i).Cast<int?>().FirstOrDefault();
        return new(
            ticket.Id, ticket.Number, ticket.Version, subject < 0 ? [] : Snippet.Whole(texts[subject].Text, found[subject].Places), ticket.Desk, ticket.Line, ticket.Status,
            ticket.OpenedAt, best is { } b ? texts[b].Place : null, best is { } v ? texts[v].Version : null, best is { } at ? texts[at].At : null,
            best is { } shown ? Snippet.Around(texts[shown].Text, found[shown].Places) : []);
    }

    /// <summary>The languages in whose stems the desks that are searched are indexed.</summary>
    List<string> Languages(string[]? desks) =>
        [.. (desks ?? organisation.Now.Desks.Select(d => d.Language)).Select(d => SearchMarks.Stemmed(SearchIndex.LanguageOf(d))).OfType<string>().Distinct()];
}
