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
    readonly EventStore store;
    readonly IDisposable? place;
    IReadOnlyList<string> renamed = [];
    NpgsqlConnection? connection;
    NpgsqlTransaction? past;

    ReportRows(EventStore store, IDisposable? place) => (this.store, this.place) = (store, place);

    public static ReportRows Present(EventStore store) => new(store, null);

    /// <param name="place">Is given back with the rows, and when they cannot be made.</param>
    public static async Task<ReportRows> Then(EventStore store, IDisposable place, FollowedView view, ReportMoment moment, CancellationToken ct)
    {
        var rows = new ReportRows(store, place);
        try
        {
            await rows.Make(view, moment, ct);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    async Task Make(FollowedView view, ReportMoment moment, CancellationToken ct)
    {
        connection = await store.DataSource.OpenConnectionAsync(ct);
        past = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await PastRows.Make(connection, view, moment.OccurredUntil, moment.KnownUntil, ct);
        renamed = [.. view.Tables, "mt_events"];
    }

    public NpgsqlCommand Command(string sql) => past is null
        ? store.DataSource.CreateCommand(sql)
        : new NpgsqlCommand(Text(sql), connection, past) { CommandTimeout = 0 };

    /// <summary>The statement as these rows are found by it.</summary>
    public string Text(string sql) => renamed.Aggregate(sql, (text, table) => text.Replace(table, $"pg_temp.{table}{PastRows.Then}", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (connection is not null) await connection.DisposeAsync(); // rolls back
        }
        finally
        {
            place?.Dispose();
        }
    }
}
