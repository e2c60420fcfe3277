using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Web;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Pages;

/// <summary>The auditor's log.</summary>
static class LogPages
{
    const int PageSize = 50, Verified = 200;

    static readonly QueryParameter[] Asked =
    [
        new("type", "string", "Only events of this type.", "ticket_opened"), new("stream", "string", "Only of this stream, or of the ticket with this number.", "1"),
        new("actor", "string", "Only of this actor.", "ann"), new("from", "integer", "From this number on.", "1"), new("before", "integer", "Before this number.", "100"),
        new("since", "string", "Recorded on this day or later, as days are at the reader's.", "2026-03-01"), new("until", "string", "Recorded on this day or earlier.", "2026-03-31"),
    ];

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/log", Show).For(Operation.ReadLog).WithMetadata([.. Asked]);
        pages.MapPost("/log/verify", Verify).For(Operation.Verify);
    }

    static async Task<IResult> Show(HttpContext http, EventStore store, TicketDesk desk, RecordedTimes times, AccessLog access, Viewers viewers, CancellationToken ct)
    {
        var (query, zone) = (new Query(http), viewers.Of(http).Zone);
        var (before, from) = (query.Whole("before"), query.Whole("from"));
        var stream = query.Text("stream") is { } text ? await desk.Resolve(text, ct) ?? (Guid.TryParse(text, out var id) ? id : Guid.Empty) : (Guid?)null;
        var (since, behind) = (Day(query, "since", 0, zone), Day(query, "until", 1, zone));
        if (query.Problem is { } problem)
            return problem;
        await access.Exported(http.Principal(), Policy.Decide(http.Principal(), http.Operation())!.Role, http.Operation(), null, ct);
        var filter = new LogFilter(before, from, query.Text("type"), stream, query.Text("actor"), await times.Span(since, behind, ct));
        return await Page(http, viewers, desk, await store.ReadBack(filter, PageSize, ct), null, ct);
    }

    /// <summary>When a day begins where the reader is, or one so many days later; null: none is given, or it is none, which is a fault.</summary>
    static DateTimeOffset? Day(Query query, string name, int later, DateTimeZone zone)
    {
        if (query.Text(name) is not { } text)
            return null;
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } parsed && parsed.Value is { Year: > 1 and < 9999 } day)
            return zone.AtStartOfDay(day.PlusDays(later)).ToDateTimeOffset();
        query.Fault(name, "invalid_date", "It is a day such as 2026-03-02.");
        return null;
    }

    static async Task<IResult> Page(HttpContext http, Viewers viewers, TicketDesk desk, LogPage page, LogVerdict? verdict, CancellationToken ct)
    {
        var tickets = await desk.Related([.. page.Rows.Where(r => r.Kind == "ticket").Select(r => r.Event.Stream).Distinct()], http.Asker(), ct);
        var numbers = tickets.ToDictionary(t => t.Id, t => t.Number);
        var asked = http.Request.Query.Where(q => q.Value is [{ Length: > 0 }]).ToDictionary(q => q.Key, q => q.Value.ToString());
        var further = page.Next is not { } next ? null : "/log" + QueryString.Create(
            asked.Where(a => a.Key != "before").Append(new("before", next.ToString(CultureInfo.InvariantCulture))).Select(a => KeyValuePair.Create(a.Key, (string?)a.Value)));
        return PageResults.Of<Web.Pages.LogPage>(viewers.Of(http), nameof(Web.Pages.LogPage.Screen), new LogScreen(new(asked), [.. page.Rows.Select(r => Line(r, numbers))], further, EventTypes.All, verdict));
    }

    static LogLine Line(LogRow row, Dictionary<Guid, long> numbers)
    {
        var (e, meta) = (row.Event, EventMeta.Read(row.Event.Headers.Span, row.Event.Timestamp));
        return new(e.SeqId, e.Type, e.Stream, row.Kind, numbers.TryGetValue(e.Stream, out var number) ? number : null, e.Version, meta.By.Id, meta.By.Role, meta.Occurred, meta.Recorded);
    }

    /// <summary>One ticket's whole stream, or the newest events, each stream from the event before them on.</summary>
    static async Task<IResult> Verify(HttpContext http, EventStore store, TicketDesk desk, LedgerTables ledger, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form)
            return Problems.MalformedRequest("It is no form of ours.");
        Guid? one = null;
        if (form.Text("ticket") is { } ticket && (one = await desk.Resolve(ticket.Trim(), ct)) is null)
            return Problems.NoSuchTicket();
        var newest = await store.ReadBack(new(Stream: one), one is null ? Verified : 1, ct);
        var verdict = await Judge(store, ledger, newest.Rows.GroupBy(r => (r.Event.Stream, r.Kind)).Select(g => (g.Key.Stream, g.Key.Kind, one is null ? g.Min(r => r.Event.Version) : 1)), ct);
        var shown = Policy.Decide(http.Principal(), Operation.ReadLog) is null ? new LogPage([], null) : newest with { Rows = [.. newest.Rows.Take(PageSize)], Next = null };
        return await Page(http, viewers, desk, shown, verdict, ct);
    }

    static async Task<LogVerdict> Judge(EventStore store, LedgerTables ledger, IEnumerable<(Guid Stream, string Kind, long From)> streams, CancellationToken ct)
    {
        var (verdict, last, broken) = (new LogVerdict(0, 0, 0, 0, []), await ledger.Last(ct), new List<Guid>());
        foreach (var (stream, kind, from) in streams)
        {
            var chain = await store.ReadStream(stream, Math.Max(1, from - 1), null, ct);
            List<StoredEvent> events = [.. chain.Where(e => e.Version >= from)];
            verdict = verdict with { Streams = verdict.Streams + 1, Events = verdict.Events + events.Count };
            var (inTree, holds) = (0, HistoryScreens.ChainHolds(chain, kind));
            var places = await ledger.Places([.. events.Select(e => e.SeqId)], ct);
            foreach (var e in events.Where(e => last is not null && places.TryGetValue(e.SeqId, out var place) && place < last.Size))
            {
                var proof = await ledger.Tree().Inclusion(places[e.SeqId], last!.Size, ct);
                inTree++;
                holds &= MerkleTree.VerifyInclusion(places[e.SeqId], last.Size, e.Leaf().Hash(), proof, last.Checkpoint.Root.Span);
            }
            verdict = verdict with { InTree = verdict.InTree + inTree, Young = verdict.Young + events.Count - inTree };
            if (!holds)
                broken.Add(stream);
        }
        return verdict with { Broken = broken };
    }
}
