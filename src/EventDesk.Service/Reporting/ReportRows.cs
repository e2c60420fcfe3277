using System.Data;
using EventDesk.Service.Views;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Reporting;

/// <summary>
/// What the reports read: the rows as they are now, or those of a moment, which the same statements find under other names. Those are made in a transaction that leaves nothing
/// behind, and can be read until it is disposed of.
/// </summary>
internal sealed class ReportRows : IAsyncDisposable
{
    static readonly TicketFacts Facts = new();
    static readonly TicketSpans Spans = new();

    readonly EventStore store;
    readonly IReadOnlyList<string> renamed;
    readonly NpgsqlTransaction? past;

    ReportRows(EventStore store, IReadOnlyList<string> renamed, NpgsqlTransaction? past) => (this.store, this.renamed, this.past) = (store, renamed, past);

    public static ReportRows Present(EventStore store) => new(store, [], null);

    /// <summary>Of the tickets and their resolutions.</summary>
    public static Task<ReportRows> OfTickets(EventStore store, ReportQuery q, CancellationToken ct) => Of(store, Facts, q.Moment, ct);

    /// <summary>Of where tickets stood from when until when.</summary>
    public static Task<ReportRows> OfSpans(EventStore store, ReportQuery q, CancellationToken ct) => Of(store, Spans, q.Moment, ct);

    static async Task<ReportRows> Of(EventStore store, FollowedView view, ReportMoment? moment, CancellationToken ct)
    {
        if (moment is null) return Present(store);
        var connection = await store.DataSource.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            await PastRows.Make(connection, view, moment.OccurredUntil, moment.KnownUntil, ct);
            return new(store, [.. view.Tables, "mt_events"], transaction);
        }
        catch
        {
            await connection.DisposeAsync(); // rolls back
            throw;
        }
    }

    public NpgsqlCommand Command(string sql) => past is null
        ? store.DataSource.CreateCommand(sql)
        : new NpgsqlCommand(Text(sql), past.Connection, past) { CommandTimeout = 0 };

    /// <summary>The statement as these rows are found by it.</summary>
    public string Text(string sql) => past is null
        ? sql
        : renamed.Aggregate(sql, (text, table) => text.Replace(table, $"pg_temp.{table}{PastRows.Then}", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (past is null) return;
        var connection = past.Connection;
        await past.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}
