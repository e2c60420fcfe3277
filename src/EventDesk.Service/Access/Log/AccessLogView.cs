using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Access.Log;

/// <summary>Who read what and who was kept from it, by ticket and time.</summary>
public sealed class AccessLogView : InlineView
{
    public override string Name => "AccessLog";
    public override IReadOnlyList<string> Tables => ["access_entry"];
    public override TypeFilter Reads => TypeFilter.Only(AccessJson.Alias);

    public override string CreateTables(string suffix) => $"""
        create table access_entry{suffix} (
          stream uuid not null, version bigint not null, place integer not null, kind text not null, by_whom text not null, role text, operation text not null,
          ticket uuid, first timestamptz not null, last timestamptz not null, times integer not null, why text)
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table access_entry{suffix} add constraint access_entry_pkey{suffix} primary key (stream, version, place);
        create index access_entry_ticket{suffix} on access_entry{suffix} (ticket, last) where ticket is not null;
        """;

    const string InsertSql = """
        insert into access_entry (stream, version, place, kind, by_whom, role, operation, ticket, first, last, times, why)
        select $1, $2, a.* from unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::timestamptz[], $11::integer[], $12::text[]) a
        """;

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is AccessRecorded { Entries: var all })
                batch.BatchCommands.Add(new NpgsqlBatchCommand(InsertSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream },
                        new() { Value = append.NewVersion },
                        Column(all, (_, i) => i, NpgsqlDbType.Integer),
                        Column(all, (e, _) => Word(e.Kind), NpgsqlDbType.Text),
                        Column(all, (e, _) => e.By, NpgsqlDbType.Text),
                        Column(all, (e, _) => e.Role, NpgsqlDbType.Text),
                        Column(all, (e, _) => e.Operation, NpgsqlDbType.Text),
                        Column(all, (e, _) => e.Ticket, NpgsqlDbType.Uuid),
                        Column(all, (e, _) => e.First.UtcDateTime, NpgsqlDbType.TimestampTz),
                        Column(all, (e, _) => e.Last.UtcDateTime, NpgsqlDbType.TimestampTz),
                        Column(all, (e, _) => e.Times, NpgsqlDbType.Integer),
                        Column(all, (e, _) => e.Why, NpgsqlDbType.Text),
                    },
                });
    }

    static NpgsqlParameter Column<T>(IReadOnlyList<Accessed> entries, Func<Accessed, int, T> value, NpgsqlDbType type) =>
        new() { Value = entries.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    internal static string Word(AccessKind kind) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public override IViewFold NewFold() => new Fold();

    sealed class Fold : IViewFold
    {
        readonly List<(Guid Stream, long Version, AccessRecorded Event)> events = [];

        public FoldColumns Columns => FoldColumns.Data;

        public void Apply(in FoldedEvent e)
        {
            if (e.Type.SequenceEqual("access_recorded"u8))
                events.Add((e.Stream, e.Version, AccessJson.Read(e.Data)));
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy access_entry{suffix} (stream, version, place, kind, by_whom, role, operation, ticket, first, last, times, why) from stdin (format binary)", ct);
            foreach (var (stream, version, recorded) in events)
                for (var i = 0; i < recorded.Entries.Count; i++)
                {
                    var e = recorded.Entries[i];
                    copy.StartRow();
                    copy.Write(stream, NpgsqlDbType.Uuid);
                    copy.Write(version, NpgsqlDbType.Bigint);
                    copy.Write(i, NpgsqlDbType.Integer);
                    copy.Write(Word(e.Kind), NpgsqlDbType.Text);
                    copy.Write(e.By, NpgsqlDbType.Text);
                    copy.Write(e.Role, NpgsqlDbType.Text);
                    copy.Write(e.Operation, NpgsqlDbType.Text);
                    copy.Write(e.Ticket, NpgsqlDbType.Uuid);
                    copy.Write(e.First.UtcDateTime, NpgsqlDbType.TimestampTz);
                    copy.Write(e.Last.UtcDateTime, NpgsqlDbType.TimestampTz);
                    copy.Write(e.Times, NpgsqlDbType.Integer);
                    copy.Write(e.Why, NpgsqlDbType.Text);
                }
            await copy.CompleteAsync(ct);
        }
    }
}
