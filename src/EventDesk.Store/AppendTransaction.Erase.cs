using Npgsql;

namespace EventDesk.Store;

sealed partial class AppendTransaction
{
    const string DropKeySql = """
        with gone as (delete from stream_key where stream_id = $1 returning master_id)
        insert into erased_stream (stream_id, master_id, asked) select $1, master_id, $2 from gone
        """;

    const string EraseSql = """
        update mt_events set data = eventdesk_sealed_blanked(data)::jsonb
        where stream_id = $1 and eventdesk_sealed_blanked(data) <> data::text
        """;

    /// <summary>Takes the key and blanks what it sealed: the database lets no event be changed but through this door, and no longer than it stands open.</summary>
    static void Erase(Append append, NpgsqlBatch statements)
    {
        var recorded = Value(append.Recorded.UtcDateTime);
        statements.BatchCommands.Add(new(DropKeySql) { Parameters = { Value(append.Stream), recorded } });
        statements.BatchCommands.Add(new("select set_config('eventdesk.door', 'erase', true)"));
        statements.BatchCommands.Add(new(EraseSql) { Parameters = { Value(append.Stream) } });
        statements.BatchCommands.Add(new("select set_config('eventdesk.door', '', true)"));
        append.Erases!.Beside(statements);
    }
}
