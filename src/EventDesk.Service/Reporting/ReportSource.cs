using EventDesk.Service.Views;
using EventDesk.Store;

namespace EventDesk.Service.Reporting;

/// <summary>
/// What the reports read from. The rows of a moment take a connection, temporary tables and much of the database's time for as long as they are read, so only some are made at once; who
/// finds no place waits for a while, and is then sent away rather than kept: a queue of such questions would be answered to nobody. The present rows are read by as many as ask.
/// </summary>
/// <param name="atOnce">Reports of a moment, in this process.</param>
/// <param name="patience">So long a report waits for its place; a few seconds unless told.</param>
public sealed class ReportSource(EventStore store, int atOnce = 4, TimeSpan? patience = null) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    static readonly TicketFacts Facts = new();
    static readonly TicketSpans Spans = new();

    readonly SemaphoreSlim places = new(atOnce);

    internal ReportRows Present => ReportRows.Present(store);

    /// <summary>Of the tickets and their resolutions.</summary>
    internal Task<ReportRows> OfTickets(ReportQuery q, CancellationToken ct) => Of(Facts, q.Moment, ct);

    /// <summary>Of where tickets stood from when until when.</summary>
    internal Task<ReportRows> OfSpans(ReportQuery q, CancellationToken ct) => Of(Spans, q.Moment, ct);

    async Task<ReportRows> Of(FollowedView view, ReportMoment? moment, CancellationToken ct) =>
        moment is null ? Present : await ReportRows.Then(store, await Take(ct), view, moment, ct);

    /// <summary>The place of one report of a moment, until disposed of.</summary>
    /// <exception cref="ReportsBusyException">None has become free for a while.</exception>
    public async Task<IDisposable> Take(CancellationToken ct) =>
        await places.WaitAsync(patience ?? Patience, ct) ? new Place(places) : throw new ReportsBusyException();

    public void Dispose() => places.Dispose();

    sealed class Place(SemaphoreSlim places) : IDisposable
    {
        int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0) places.Release();
        }
    }
}

/// <summary>The reader has to come again.</summary>
public sealed class ReportsBusyException() : Exception("As many reports of a moment as are made at once are under way.");
