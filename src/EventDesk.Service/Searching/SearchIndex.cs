using EventDesk.Domain.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Searching;

/// <summary>How far the index is.</summary>
/// <param name="Filled">Before it is ready: tickets up to this number are in it.</param>
/// <param name="SeqId">Once it is ready: the last event that is in it.</param>
sealed record SearchState(int Version, byte[] Secret, long SeqId, long Filled, bool Ready);

/// <summary>What a step did: nothing was left to do, events were followed, or the index is being made.</summary>
public enum SearchStep { Nothing, Followed, Made }

/// <summary>
/// Keeps the index of the search up with the log. A ticket that gets a text, or loses one, is read as it stands and its marks are written anew; so it
/// does not matter what of the log is read twice. Where there is no index, or an older one, all tickets are read, the lowest number first.
/// </summary>
public sealed class SearchIndex(EventStore store, MasterKeys masters)
{
    /// <summary>Raise it when texts become other marks: the index is then made anew.</summary>
    const int Version = 1;

    /// <summary>While it follows, few at a time: each is read with all its texts, and what talks most comes again and again.</summary>
    const int TicketsPerStep = 250, TicketsPerFollowedStep = 25, EventsPerPage = 250;

    /// <summary>What changes the marks of a ticket; the language of its desk says how its texts are read.</summary>
    static readonly HashSet<string> Touching = [.. SearchedTexts.Types, "ticket_purged", "ticket_moved"];

    readonly SearchSecret secrets = new(store, masters);
    readonly SearchedTexts texts = new(store, masters);

    internal SearchSecret Secrets => secrets;
    internal SearchedTexts Texts => texts;

    const string StateSql = "select version, secret, seq_id, filled, ready from search_state";

    internal async Task<SearchState?> State(CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(StateSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && row.GetInt32(0) == Version
            ? new(row.GetInt32(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4))
            : null;
    }

    /// <summary>One step.</summary>
    public async Task<SearchStep> Pass(CancellationToken ct)
    {
        if (await State(ct) is not { } state || await secrets.Open(state.Secret, ct) is not { } marks)
        {
            await Begin(ct);
            return SearchStep.Made;
        }
        if (state.Ready)
            return await Follow(state, marks, ct);
        await Fill(state, marks, ct);
        return SearchStep.Made;
    }

    const string BeginSql = """
        insert into search_state (version, secret, seq_id, filled, ready)
        values ($1, $2, (select coalesce(max(seq_id), 0) from mt_events), 0, false)
        """;

    async Task Begin(CancellationToken ct)
    {
        var secret = await secrets.Create(ct);
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("drop index if exists search_entry_marks"),
                new("truncate search_entry, search_state"),
                new(BeginSql) { Parameters = { new() { Value = Version }, new() { Value = secret } } },
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    const string NextSql = "select id from ticket where number > $1 order by number limit $2";
    const string FilledSql = "update search_state set filled = $1";

    async Task Fill(SearchState state, SearchMarks marks, CancellationToken ct)
    {
        List<Guid> tickets = [];
        await using (var command = store.DataSource.CreateCommand(NextSql))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = state.Filled });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = TicketsPerStep });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                tickets.Add(row.GetGuid(0));
        }
        if (tickets.Count == 0)
            await Finish(ct);
        else
            await Move(FilledSql, await Write(tickets, marks, ct), ct);
    }

    // An index that is made at the end costs a tenth of one that grows with every row. Without the pending list: each search would have to read all of it.
    static readonly string[] FinishSql =
    [
        "set statement_timeout = 0", "set lock_timeout = 0", "set maintenance_work_mem = '512MB'",
        "drop index concurrently if exists search_entry_marks",
        "create index concurrently search_entry_marks on search_entry using gin (marks) with (fastupdate = off)",
        "update search_state set ready = true",
    ];

    async Task Finish(CancellationToken ct)
    {
        await using var connection = await OwnConnection(ct);
        foreach (var sql in FinishSql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>One that is not used by anybody afterwards: it has settings of its own.</summary>
    async Task<NpgsqlConnection> OwnConnection(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(store.Options.ConnectionString) { SearchPath = store.Options.Schema, ApplicationName = "eventdesk", Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    const string ReachedSql = "update search_state set seq_id = $1";

    async Task<SearchStep> Follow(SearchState state, SearchMarks marks, CancellationToken ct)
    {
        var page = await store.ReadAll(state.SeqId, EventsPerPage, ct);
        if (page.Count == 0)
            return SearchStep.Nothing;
        foreach (var tickets in page.Where(e => Touching.Contains(e.Type)).Select(e => e.Stream).Distinct().Chunk(TicketsPerFollowedStep))
            await Write(tickets, marks, ct);
        await Move(ReachedSql, page[^1].SeqId, ct);
        return SearchStep.Followed;
    }

    async Task Move(string sql, long to, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await command.ExecuteNonQueryAsync(ct);
    }

    const string TicketsSql = "select id, number, desk, status from ticket where id = any($1)";

    const string PutSql = """
        insert into search_entry (number, ticket, marks) values ($1, $2, $3)
        on conflict (number) do update set marks = excluded.marks where search_entry.marks <> excluded.marks
        """;

    const string RemoveSql = "delete from search_entry where number = $1";

    /// <returns>The highest number among them.</returns>
    async Task<long> Write(IReadOnlyList<Guid> tickets, SearchMarks marks, CancellationToken ct)
    {
        var rows = await Rows(tickets, ct);
        var read = await texts.Of(tickets, ct);
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var language in rows.GroupBy(r => SearchMarks.Stemmed(LanguageOf(r.Desk))))
        {
            var words = language.ToDictionary(r => r.Id, r => read.GetValueOrDefault(r.Id, []).SelectMany(t => SearchWords.Of(t.Text)).DistinctBy(w => w.Lower).ToList());
            var stems = language.Key is { } stemmed
                ? await marks.Stems(stemmed, words.Values.SelectMany(w => w).SelectMany(w => (string[])[w.Lower, w.Folded]), ct)
                : null;
            foreach (var row in language)
                batch.BatchCommands.Add(row.Purged ? Remove(row.Number) : Put(row, MarksOf(row, words[row.Id], stems, marks)));
        }
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
        return rows.Count == 0 ? 0 : rows.Max(r => r.Number);
    }

    static NpgsqlBatchCommand Remove(long number) => new(RemoveSql) { Parameters = { new NpgsqlParameter<long> { TypedValue = number } } };

    static NpgsqlBatchCommand Put(Row row, long[] marks) => new(PutSql)
    {
        Parameters = { new NpgsqlParameter<long> { TypedValue = row.Number }, new NpgsqlParameter<Guid> { TypedValue = row.Id }, new NpgsqlParameter<long[]> { TypedValue = marks } },
    };

    static long[] MarksOf(Row row, IEnumerable<SearchWord> words, IReadOnlyDictionary<string, long>? stems, SearchMarks marks)
    {
        SortedSet<long> all = [marks.Word(Numbered(row.Number)), marks.Desk(row.Desk)];
        foreach (var word in words)
        {
            all.Add(marks.Word(word.Folded));
            all.UnionWith(marks.BeginningsOf(word.Folded));
            if (stems is not null)
                all.UnionWith([stems[word.Lower], stems[word.Folded]]);
        }
        all.Remove(0);
        return [.. all.Select(m => SearchMarks.InBlock(SearchMarks.BlockOf(row.Number), m))];
    }

    internal static string Numbered(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static string LanguageOf(string desk) => desk[(desk.LastIndexOf('/') + 1)..];

    sealed record Row(Guid Id, long Number, string Desk, bool Purged);

    async Task<List<Row>> Rows(IReadOnlyList<Guid> tickets, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(TicketsSql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. tickets] });
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Row> rows = [];
        while (await row.ReadAsync(ct))
            rows.Add(new(row.GetGuid(0), row.GetInt64(1), row.GetString(2), (Status)row.GetInt16(3) == Status.Purged));
        return rows;
    }
}
