using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>What the view needs to know of a session's append; null: it ended.</summary>
sealed record SessionChange(SessionStarted? Started);

/// <summary>Browsers' sessions, by the hash of what the browser shows.</summary>
public sealed class SessionView : InlineView
{
    public override string Name => "Sessions";
    public override int Version => 2;
    public override IReadOnlyList<string> Tables => ["sign_in_session"];
    public override TypeFilter Reads => TypeFilter.Only(SessionJson.Started, SessionJson.Ended);

    public override string CreateTables(string suffix) => $"""
        create table sign_in_session{suffix} (
          id uuid not null, hash bytea not null, person uuid, customer uuid, provider_session uuid, started timestamptz not null, until timestamptz not null,
          ended timestamptz, version bigint not null, digest bytea not null)
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table sign_in_session{suffix} add constraint sign_in_session_pkey{suffix} primary key (id);
        create unique index sign_in_session_hash{suffix} on sign_in_session{suffix} (hash);
        create index sign_in_session_provider{suffix} on sign_in_session{suffix} (provider_session) where ended is null;
        """;

    const string InsertSql = """
        insert into sign_in_session (id, hash, person, customer, provider_session, started, until, version, digest)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8)
        """;

    const string EndSql = "update sign_in_session set ended = $2, version = $3, digest = $4 where id = $1";

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is SessionChange change)
                batch.BatchCommands.Add(change.Started is { } s ? Insert(append, s) : End(append));
    }

    static NpgsqlBatchCommand Insert(Append append, SessionStarted s) => new(InsertSql)
    {
        Parameters =
        {
            new() { Value = append.Stream },
            new() { Value = Convert.FromBase64String(s.Hash) },
            new() { Value = (object?)s.Person ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = (object?)s.Customer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = (object?)s.ProviderSession ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = append.Recorded.UtcDateTime },
            new() { Value = s.Until.UtcDateTime },
            new() { Value = append.Events[^1].Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
        },
    };

    static NpgsqlBatchCommand End(Append append) => new(EndSql)
    {
        Parameters =
        {
            new() { Value = append.Stream },
            new() { Value = append.Recorded.UtcDateTime },
            new() { Value = append.NewVersion },
            new() { Value = append.Events[^1].Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
        },
    };

    public override IViewFold NewFold() => new Fold();

    sealed record Row(SessionStarted Session, DateTimeOffset Started, DateTimeOffset? Ended, long Version, byte[] Digest);

    sealed class Fold : IViewFold
    {
        readonly Dictionary<Guid, Row> rows = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            if (e.Type.SequenceEqual("session_started"u8))
                rows[e.Stream] = new(SessionJson.ReadStarted(e.Data), e.Timestamp, null, e.Version, DigestOf(e.Headers));
            else if (e.Type.SequenceEqual("session_ended"u8) && rows.TryGetValue(e.Stream, out var row))
                rows[e.Stream] = row with { Ended = e.Timestamp, Version = e.Version, Digest = DigestOf(e.Headers) };
        }

        static byte[] DigestOf(ReadOnlySpan<byte> headers)
        {
            var digest = new byte[Digests.Length];
            Digests.TryReadHeader(headers, digest);
            return digest;
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy sign_in_session{suffix} (id, hash, person, customer, provider_session, started, until, ended, version, digest) from stdin (format binary)", ct);
            foreach (var (id, row) in rows)
            {
                copy.StartRow();
                copy.Write(id, NpgsqlDbType.Uuid);
                copy.Write(Convert.FromBase64String(row.Session.Hash), NpgsqlDbType.Bytea);
                copy.Write(row.Session.Person, NpgsqlDbType.Uuid);
                copy.Write(row.Session.Customer, NpgsqlDbType.Uuid);
                copy.Write(row.Session.ProviderSession, NpgsqlDbType.Uuid);
                copy.Write(row.Started.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.Session.Until.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.Ended?.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.Version, NpgsqlDbType.Bigint);
                copy.Write(row.Digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
