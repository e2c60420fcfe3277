using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Store.Ledger;
using EventDesk.Store.Schema;
using EventDesk.Store.Sealing;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Store.Tests;

/// <summary>A database whose guards are off, as they would be for someone with all rights on the server, and histories to tamper with.</summary>
public sealed class LedgerDatabase : IAsyncLifetime
{
    static readonly EventStoreOptions Layout = new() { ConnectionString = "" };
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-ledger-");
    TestDatabase database = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create("ledger", async connectionString =>
        {
            await using var source = Connect(connectionString);
            await Migrator.Run(source, Layout, CancellationToken.None);
        });
        Source = Connect(database.ConnectionString);
        await Execute("""
            alter table mt_events disable trigger all;
            alter table mt_streams disable trigger all;
            alter table mt_events drop constraint if exists eventdesk_events_carry_a_digest;
            drop index pk_mt_events_stream_and_version;
            """);
    }

    public NpgsqlDataSource NewSource(string application) => Connect($"{database.ConnectionString};Application Name={application}");

    static NpgsqlDataSource Connect(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Layout.Schema });

    public async Task<int> Execute(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync();
    }

    public Task<VerifyReport> Verify() => Ledger.Verify.Database(Source, null, CancellationToken.None);

    /// <summary>With the ledger's own keys.</summary>
    public Task<VerifyReport> Verify(params IReadOnlyList<KeptCheckpoint> kept) => Ledger.Verify.Database(Source, Trust(kept), null, CancellationToken.None);

    public LedgerTrust Trust(params IReadOnlyList<KeptCheckpoint> kept)
    {
        using var keys = LedgerKeys.Load(KeyFile);
        return new(keys?.Verifiers ?? [], kept);
    }

    /// <summary>Of this database's ledger; made by its first step.</summary>
    public string KeyFile => Path.Combine(folder.FullName, "ledger.key");

    public LedgerGrowth Growth => new(Source, KeyFile, TimeProvider.System);

    /// <summary>Takes all there is into the tree.</summary>
    public async Task<SignedCheckpoint> Grow() =>
        (await Growth.Step(CancellationToken.None))?.Signed ?? await new LedgerTables(Source).Last(CancellationToken.None) ?? throw new InvalidOperationException("Nothing is there to grow from.");

    /// <summary>No events, no tree, no keys.</summary>
    public async Task Empty()
    {
        await Execute("truncate mt_events, mt_streams, ledger_tile, ledger_checkpoint");
        foreach (var file in folder.GetFiles())
            file.Delete();
    }

    /// <summary>Streams of so many events each, recorded in turn; each event has a plain field and a sealed one.</summary>
    public async Task<Guid[]> Fill(int streams, int events)
    {
        await Empty();
        var ends = Enumerable.Range(0, streams).Select(_ => ChainEnd.Start(Guid.CreateVersion7(), "ticket")).ToArray();
        var keys = ends.Select(e => StreamKey.Create(e.Stream)).ToArray();
        for (var version = 1; version <= events; version++)
        {
            for (var i = 0; i < streams; i++)
                ends[i] = await Append(ends[i], [Data(keys[i], version, RandomJson.Object(new Random(version)))], minute: version);
        }
        return [.. ends.Select(e => e.Stream)];
    }

    /// <summary>A plain field, a sealed one, and whatever else.</summary>
    public static byte[] Data(StreamKey key, long version, object other)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("status", "open");
            json.WriteNumber("severity", 3);
            json.WritePropertyName("subject");
            SealedJson.Write(json, key, version, "subject", $"text {version}");
            json.WritePropertyName("other");
            json.WriteRawValue(RandomJson.Render(other, new Random((int)version)));
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    const string AppendSql = """
        with stream as (
          insert into mt_streams (id, type, version, timestamp) values ($1, 'ticket', $2, $3)
          on conflict (id) do update set version = excluded.version)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select nextval('mt_events_sequence'), t.id, $1, t.version, t.data::jsonb, t.type, $3, t.dotnet_type, $4, $5, t.headers::jsonb, $6
        from unnest($7::uuid[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[]) as t (id, version, data, type, dotnet_type, headers)
        """;

    public async Task<ChainEnd> Append(ChainEnd end, IReadOnlyList<byte[]> data, int minute)
    {
        var at = new DateTimeOffset(2026, 8, 1, 8, 0, 0, TimeSpan.Zero).AddMinutes(minute).AddTicks(1_234_560);
        var linked = EventChain.Link(end, new(at, "correlation", "causation", "ann"), [.. data.Select(d =>
            new EventDraft(Guid.CreateVersion7(), "ticket_noted", "EventDesk.TicketNoted, EventDesk", d, [new("actor", "ann"), new("role", "agent")]))]);
        await Execute(
            AppendSql, end.Stream, end.Version + linked.Length, at, "correlation", "causation", "ann",
            linked.Select(e => e.Id).ToArray(), linked.Select((_, i) => end.Version + 1 + i).ToArray(), linked.Select(e => Encoding.UTF8.GetString(e.Data.Span)).ToArray(),
            linked.Select(e => e.Type).ToArray(), linked.Select(e => e.DotnetType).ToArray(), linked.Select(e => Encoding.UTF8.GetString(e.Headers.Span)).ToArray());
        return new(end.Stream, end.Version + linked.Length, linked[^1].Digest);
    }

    public async ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        await Source.DisposeAsync();
        await database.DisposeAsync();
    }
}
