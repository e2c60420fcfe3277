using EventDesk.Store;
using Npgsql;

namespace EventDesk.Testing;

/// <summary>Given events, what rows does a followed view have: by following them page by page, and by replaying them all.</summary>
public sealed class ViewSpec(NpgsqlDataSource database, FollowedView view)
{
    const string Replayed = "_replayed";

    /// <summary>Makes the view's tables anew and applies the events in pages, each in a transaction of its own.</summary>
    /// <param name="cuts">Where pages end, as indexes into the events; what is left is the last page.</param>
    public async Task Follow(IReadOnlyList<StoredEvent> events, params IEnumerable<int> cuts)
    {
        await Execute(Drop("") + view.CreateTables("") + view.CreateIndexes(""));
        var from = 0;
        foreach (var to in cuts.Where(c => c > 0 && c < events.Count).Distinct().Order().Append(events.Count))
        {
            await Apply([.. events.Skip(from).Take(to - from)]);
            from = to;
        }
    }

    public async Task Apply(IReadOnlyList<StoredEvent> page)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await view.Apply(page, connection, default);
        await transaction.CommitAsync();
    }

    /// <summary>Replays the events beside the followed rows and says what differs, row by row; nothing when all is well.</summary>
    public async Task<IReadOnlyList<string>> Differences(IReadOnlyList<StoredEvent> events)
    {
        await Execute(Drop(Replayed) + view.CreateTables(Replayed));
        var fold = view.NewFold();
        foreach (var e in events) Fold(fold, e);
        await using (var connection = await database.OpenConnectionAsync())
            await fold.CopyTo(connection, Replayed, default);
        await Execute(view.CreateIndexes(Replayed));
        List<string> differences = [];
        foreach (var table in view.Tables)
        {
            differences.AddRange(await Rows($"select 'only followed: ' || t::text from (select * from {table} except all select * from {table}{Replayed}) t"));
            differences.AddRange(await Rows($"select 'only replayed: ' || t::text from (select * from {table}{Replayed} except all select * from {table}) t"));
        }
        return differences;
    }

    /// <summary>The rows as text, columns parted by a bar; empty for null.</summary>
    public async Task<IReadOnlyList<string>> Rows(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
        return rows;
    }

    static string Text(object value) => value switch
    {
        DBNull => "",
        DateTime at => at.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF"),
        _ => value.ToString()!,
    };

    static void Fold(IViewFold fold, StoredEvent e) => fold.Apply(new FoldedEvent
    {
        SeqId = e.SeqId, Id = e.Id, Stream = e.Stream, Version = e.Version, Type = System.Text.Encoding.UTF8.GetBytes(e.Type), Timestamp = e.Timestamp,
        Data = e.Data.Span, Headers = e.Headers.Span,
    });

    string Drop(string suffix) => string.Concat(view.Tables.Select(t => $"drop table if exists {t}{suffix};\n"));

    async Task Execute(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
