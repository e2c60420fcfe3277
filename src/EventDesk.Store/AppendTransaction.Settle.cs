using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Store;

sealed partial class AppendTransaction
{
    const string SettleSql = """
        select l.place - 1, s.version, e.id, e.seq_id, i.request, i.reply, o.version
        from unnest($1::uuid[], $2::bigint[], $3::bytea[], $5::uuid[]) with ordinality as l (stream, version, key, other, place)
        left join mt_streams o on o.id = l.other
        left join mt_streams s on s.id = l.stream
        left join mt_events e on e.stream_id = l.stream and e.version = l.version
        left join idempotency i on i.key = l.key and i.expires > $4
        """;

    /// <summary>Answers those that have lost, or were stored by a commit whose answer was lost; the rest may be tried again.</summary>
    public async Task Settle(List<Pending> unsettled, List<Pending> again)
    {
        connection ??= await Connect();
        await using var command = new NpgsqlCommand(SettleSql, connection)
        {
            Parameters =
            {
                Array(unsettled, p => p.Append.Stream, NpgsqlDbType.Uuid),
                Array(unsettled, p => p.Append.NewVersion, NpgsqlDbType.Bigint),
                Array(unsettled, p => p.Append.Idempotency?.Key, NpgsqlDbType.Bytea),
                Value(store.Time.GetUtcNow().UtcDateTime),
                Array(unsettled, p => p.Append.With?.Stream, NpgsqlDbType.Uuid),
            },
        };
        var verdicts = new AppendResult?[unsettled.Count];
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                verdicts[reader.GetInt64(0)] = Judge(unsettled[(int)reader.GetInt64(0)].Append, reader);
        for (var i = 0; i < verdicts.Length; i++)
            if (verdicts[i] is { } verdict)
                unsettled[i].Succeed(verdict);
            else
                again.Add(unsettled[i]);
    }

    static AppendResult? Judge(Append append, NpgsqlDataReader row)
    {
        if (!row.IsDBNull(2) && row.GetGuid(2) == append.Events[^1].Id)
            return new AppendResult.Appended(append.NewVersion, row.GetInt64(3));
        if (!row.IsDBNull(4))
            return new AppendResult.Repeated(row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5));
        var version = row.IsDBNull(1) ? (long?)null : row.GetInt64(1);
        if (!(version is null && append.ExpectedVersion == 0 || version == append.ExpectedVersion && version > 0))
            return new AppendResult.Conflict(version ?? 0);
        var other = row.IsDBNull(6) ? 0 : row.GetInt64(6);
        return append.With is null || other == append.With.ExpectedVersion ? null : new AppendResult.Conflict(other, OfOther: true);
    }
}
