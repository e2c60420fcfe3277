using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.SavedViews;

/// <summary>What the view of views needs to know of an append; null: it was retired.</summary>
/// <param name="Name">As the event keeps it.</param>
sealed record SavedViewChange(SavedViewDefined? Defined, string Name = "");

/// <summary>The saved views there are. A name stands here as in its event, sealed under the version of that.</summary>
public sealed class SavedViewsView : InlineView
{
    public override string Name => "SavedViews";
    public override int Version => 2;
    public override IReadOnlyList<string> Tables => ["saved_view"];
    public override TypeFilter Reads => TypeFilter.Only(SavedViewJson.Defined, SavedViewJson.Retired);

    public override string CreateTables(string suffix) => $"""
        create table saved_view{suffix} (
          id uuid not null, owner text not null, name jsonb not null, name_version bigint not null, shared boolean not null, queue text not null, desk text, line smallint, agent text,
          retired boolean not null, version bigint not null, digest bytea not null)
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table saved_view{suffix} add constraint saved_view_pkey{suffix} primary key (id);
        create index saved_view_owner_idx{suffix} on saved_view{suffix} (owner) where not retired;
        create index saved_view_shared_idx{suffix} on saved_view{suffix} (shared) where shared and not retired;
        """;

    const string DefineSql = """
        insert into saved_view (id, owner, name, name_version, shared, queue, desk, line, agent, retired, version, digest) values ($1, $2, $3, $9, $4, $5, $6, $7, $8, false, $9, $10)
        on conflict (id) do update set name = excluded.name, name_version = excluded.name_version, shared = excluded.shared, queue = excluded.queue, desk = excluded.desk, line = excluded.line,
          agent = excluded.agent, version = excluded.version, digest = excluded.digest
        """;

    const string RetireSql = "update saved_view set retired = true, version = $2, digest = $3 where id = $1";

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is SavedViewChange change)
                batch.BatchCommands.Add(change.Defined is { } defined
                    ? Define(append.Stream, defined, change.Name, append.NewVersion, append.Events[^1].Digest.ToArray())
                    : new NpgsqlBatchCommand(RetireSql)
                    {
                        Parameters = { new() { Value = append.Stream }, new() { Value = append.NewVersion }, new() { Value = append.Events[^1].Digest.ToArray() } },
                    });
    }

    static NpgsqlBatchCommand Define(Guid id, SavedViewDefined defined, string name, long version, byte[] digest) => new(DefineSql)
    {
        Parameters =
        {
            new() { Value = id }, new() { Value = defined.Owner }, new() { Value = name, NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = defined.View.Shared }, new() { Value = defined.View.Queue },
            Text(defined.View.Desk), new() { Value = defined.View.Line is { } line ? (short)line : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint }, Text(defined.View.Agent),
            new() { Value = version }, new() { Value = digest },
        },
    };

    static NpgsqlParameter Text(string? text) => new() { Value = text ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public override IViewFold NewFold() => new Fold();

    sealed record Row(SavedViewDefined Defined, string Name, long NameVersion, bool Retired, long Version, byte[] Digest);

    sealed class Fold : IViewFold
    {
        readonly Dictionary<Guid, Row> rows = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            var digest = new byte[Digests.Length];
            Digests.TryReadHeader(e.Headers, digest);
            if (e.Type.SequenceEqual("saved_view_defined"u8))
                rows[e.Stream] = new(SavedViewJson.ReadDefined(e.Data), SavedViewJson.NameIn(e.Data), e.Version, false, e.Version, digest);
            else if (e.Type.SequenceEqual("saved_view_retired"u8) && rows.TryGetValue(e.Stream, out var row))
                rows[e.Stream] = row with { Retired = true, Version = e.Version, Digest = digest };
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy saved_view{suffix} (id, owner, name, name_version, shared, queue, desk, line, agent, retired, version, digest) from stdin (format binary)", ct);
            foreach (var (id, row) in rows.OrderBy(r => r.Key))
            {
                var view = row.Defined.View;
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(row.Defined.Owner, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Name, NpgsqlDbType.Jsonb, ct);
                await copy.WriteAsync(row.NameVersion, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(view.Shared, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(view.Queue, NpgsqlDbType.Text, ct);
                await (view.Desk is { } desk ? copy.WriteAsync(desk, NpgsqlDbType.Text, ct) : copy.WriteNullAsync(ct));
                await (view.Line is { } line ? copy.WriteAsync((short)line, NpgsqlDbType.Smallint, ct) : copy.WriteNullAsync(ct));
                await (view.Agent is { } agent ? copy.WriteAsync(agent, NpgsqlDbType.Text, ct) : copy.WriteNullAsync(ct));
                await copy.WriteAsync(row.Retired, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(row.Version, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(row.Digest, NpgsqlDbType.Bytea, ct);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
