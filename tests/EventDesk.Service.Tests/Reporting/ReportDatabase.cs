using System.Text;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Organising;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Schema;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Reporting;

/// <summary>A migrated database of a test class's own with the views that reports read.</summary>
public sealed class ReportDatabase : IAsyncLifetime
{
    TestDatabase database = null!;
    long last;

    public EventStore Store { get; private set; } = null!;
    public ReportSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create("reports", async connectionString =>
        {
            await using var store = new EventStore(new EventStoreOptions { ConnectionString = connectionString }, []);
            await Migrator.Run(store.DataSource, store.Options, default);
            foreach (var view in ViewCatalog.All)
                await Execute(store, view.CreateTables("") + ";\n" + view.CreateIndexes(""));
        });
        Store = new EventStore(new EventStoreOptions { ConnectionString = database.ConnectionString }, []);
        Source = new ReportSource(Store);
    }

    public async ValueTask DisposeAsync()
    {
        Source.Dispose();
        await Store.DisposeAsync();
        await database.DisposeAsync();
    }

    public CsatReport Csat => new(Source);
    public ResponseTimesReport ResponseTimes => new(Source);
    public EscalationsReport Escalations => new(Source);
    public ReopensReport Reopens => new(Source);
    public VolumeReport Volume => new(Source);
    public WaitingReport Waiting => new(Source);
    public ActivitiesReport Activities => new(Source);
    public BacklogReport Backlog => new(Source);
    public FlowReport Flow => new(Source);
    public ReportEvents Events => new(Source, TimeProvider.System);

    public FirstLineReport FirstLine(DateTimeOffset now, params Desk[] desks) => FirstLine(now, OrganisationBook.Of(new SupportOrganisation([], [], desks)));

    public FirstLineReport FirstLine(DateTimeOffset now, OrganisationBook organisation) => new(Source, organisation, new At(now));

    /// <summary>Puts the lives into the log and follows it.</summary>
    internal Task Given(params IEnumerable<Life> lives) => Given(Life.Log(lives), ViewCatalog.Followed);

    /// <summary>The same with a part of a log; what came before it is there already.</summary>
    internal async Task Given(IEnumerable<StoredEvent> part, IReadOnlyList<FollowedView> followed)
    {
        var log = part.Select(e => e with { SeqId = ++last }).ToList();
        await using var connection = await Store.DataSource.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(InsertSql, connection);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            Values(log, e => e.SeqId), Values(log, e => e.Id), Values(log, e => e.Stream), Values(log, e => e.Version), Values(log, e => Encoding.UTF8.GetString(e.Data.Span)),
            Values(log, e => e.Type), Values(log, e => e.Timestamp.UtcDateTime), Values(log, e => Encoding.UTF8.GetString(e.Headers.Span)),
        });
        await insert.ExecuteNonQueryAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var view in followed)
            await view.Apply(log, connection, default);
        await transaction.CommitAsync();
    }

    const string InsertSql = """
        with events as (select * from unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
            e(seq_id, id, stream_id, version, data, type, timestamp, headers)),
          streams as (
            insert into mt_streams (id, type, version, timestamp, created)
            select stream_id, 'ticket', max(version), (array_agg(timestamp order by version desc))[1], (array_agg(timestamp order by version))[1] from events group by 1
            on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers)
        select seq_id, id, stream_id, version, data::jsonb, type, timestamp, headers::jsonb from events
        """;

    static NpgsqlParameter<T[]> Values<T>(List<StoredEvent> log, Func<StoredEvent, T> value) => new() { TypedValue = [.. log.Select(value)] };

    static async Task Execute(EventStore store, string sql)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
