using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>
/// How many open tickets stand where: exact, whatever their number. Its rows are shared by all tickets of a desk, so they are written
/// under the append lock; a row may stay behind at zero.
/// </summary>
public sealed class QueueCountsView : InlineView
{
    public override string Name => "QueueCounts";
    public override IReadOnlyList<string> Tables => ["queue_count"];

    public override string CreateTables(string suffix) => $"""
        create table queue_count{suffix} (desk text not null, line smallint not null, place smallint not null, n bigint not null)
          with (fillfactor = 50);
        """;

    public override string CreateIndexes(string suffix) =>
        $"alter table queue_count{suffix} add constraint queue_count_pkey{suffix} primary key (desk, line, place);";

    public override string Compared(string table) => $"select * from {table} where n <> 0";

    public override IViewFold NewFold() => new Fold();

    const string CountSql = """
        insert into queue_count as c (desk, line, place, n) select * from unnest($1::text[], $2::smallint[], $3::smallint[], $4::bigint[])
        on conflict (desk, line, place) do update set n = c.n + excluded.n
        """;

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch) { }

    public override void WriteShared(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        var deltas = new QueueDeltas();
        foreach (var append in accepted)
            if (append.Change is TicketChange change)
                deltas.Add(change.Before?.Ticket, change.After.Ticket);
        if (deltas.Command(CountSql) is { } command) batch.BatchCommands.Add(command);
    }

    /// <summary>Counts tickets that were added by <see cref="TicketsView.CopyRows"/>; runs under the append lock.</summary>
    public static async Task CountRows(NpgsqlConnection connection, IEnumerable<Ticket> added, CancellationToken ct)
    {
        var deltas = new QueueDeltas();
        foreach (var ticket in added)
            deltas.Add(null, ticket);
        if (deltas.Command(CountSql) is not { } command) return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The tickets' own rows, which are proven against the log by themselves, are counted.</summary>
    sealed class Fold : IViewFold
    {
        const string RecountSql = "select desk, line, place, count(*) from ticket where place is not null group by desk, line, place";

        public FoldColumns Columns => FoldColumns.None;
        public bool ReadsEvents => false;
        public void Apply(in FoldedEvent e) { }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var command = new NpgsqlCommand($"insert into queue_count{suffix} {RecountSql}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
