using EventDesk.Domain.Organisation;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Organising;

/// <summary>What the view needs to know of a change of the organisation.</summary>
sealed record OrganisationChange(string Key, OrganisationEvent Event);

/// <summary>Every version of every part of the organisation: small, and read whole.</summary>
public sealed class OrganisationView : InlineView
{
    public override string Name => "Organisation";
    public override IReadOnlyList<string> Tables => ["organisation"];
    public override TypeFilter Reads => OrganisationJson.Types;

    public override string CreateTables(string suffix) => $"""
        create table organisation{suffix} (
          stream uuid not null, version bigint not null, key text not null, valid_from timestamptz not null, type text not null, data text not null,
          digest bytea not null);
        """;

    public override string CreateIndexes(string suffix) =>
        $"alter table organisation{suffix} add constraint organisation_pkey{suffix} primary key (key, version);";

    const string InsertSql = "insert into organisation (stream, version, key, valid_from, type, data, digest) values ($1, $2, $3, $4, $5, $6, $7)";

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is OrganisationChange change)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream }, new() { Value = append.NewVersion }, new() { Value = change.Key },
                        new() { Value = change.Event.From.UtcDateTime }, new() { Value = OrganisationJson.Alias(change.Event) },
                        new() { Value = Text(change.Event) },
                        new() { Value = append.Events[^1].Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                    },
                });
    }

    /// <summary>In canonical form: what jsonb gives back has its members in another order.</summary>
    static string Text(OrganisationEvent e) => System.Text.Encoding.UTF8.GetString(Canonical.Of(OrganisationJson.Write(e)));

    public override IViewFold NewFold() => new Fold();

    sealed class Fold : IViewFold
    {
        readonly List<(Guid Stream, long Version, OrganisationEvent Event, byte[] Digest)> rows = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            if (OrganisationJson.Read(e.Type, e.Data) is not { } defined) return;
            var digest = new byte[Digests.Length];
            Digests.TryReadHeader(e.Headers, digest);
            rows.Add((e.Stream, e.Version, defined, digest));
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy organisation{suffix} (stream, version, key, valid_from, type, data, digest) from stdin (format binary)", ct);
            foreach (var (stream, version, defined, digest) in rows)
            {
                copy.StartRow();
                copy.Write(stream, NpgsqlDbType.Uuid);
                copy.Write(version, NpgsqlDbType.Bigint);
                copy.Write(OrganisationHistory.KeyOf(defined.Defined), NpgsqlDbType.Text);
                copy.Write(defined.From.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(OrganisationJson.Alias(defined), NpgsqlDbType.Text);
                copy.Write(Text(defined), NpgsqlDbType.Text);
                copy.Write(digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
