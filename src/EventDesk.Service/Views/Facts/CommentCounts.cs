using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>How many comments a desk's customers wrote, under one word of the house.</summary>
internal sealed class CommentCount
{
    public string Desk = "";

    /// <summary>Of the last review; empty: there was none.</summary>
    public string Category = "";

    /// <summary>Resolutions whose rating has a comment, and of those the reviewed ones.</summary>
    public long Comments, Reviewed;

    /// <summary>Those that somebody can review.</summary>
    public long Waiting;

    public bool IsNone => (Comments, Reviewed, Waiting) == default;
}

/// <summary>
/// The table <c>comment_count</c>: how far comments are reviewed, known without counting them. It sums up all tickets, so it is of now; what a report of a moment counts, it counts itself.
/// </summary>
internal sealed class CommentCounts
{
    public static readonly RowTable<CommentCount> Table = new("comment_count", "desk, category",
        Column<CommentCount>.Of("desk", "text", NpgsqlDbType.Text, true, c => c.Desk, (c, v) => c.Desk = v),
        Column<CommentCount>.Of("category", "text", NpgsqlDbType.Text, true, c => c.Category, (c, v) => c.Category = v),
        Column<CommentCount>.Long("comments", c => c.Comments, (c, v) => c.Comments = v),
        Column<CommentCount>.Long("reviewed", c => c.Reviewed, (c, v) => c.Reviewed = v),
        Column<CommentCount>.Long("waiting", c => c.Waiting, (c, v) => c.Waiting = v));

    const string AddSql = """
        insert into comment_count as c (desk, category, comments, reviewed, waiting)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
        on conflict (desk, category) do update
        set comments = c.comments + excluded.comments, reviewed = c.reviewed + excluded.reviewed, waiting = c.waiting + excluded.waiting
        """;

    /// <summary>A word that nothing goes under any more is none of the house's.</summary>
    const string EmptySql = "delete from comment_count where comments = 0";

    readonly Dictionary<(string Desk, string Category), CommentCount> counts = [];

    public IEnumerable<CommentCount> All => counts.Values.Where(c => !c.IsNone);

    /// <param name="by">1: they are there; -1: they were, before what comes now.</param>
    public void Add(IEnumerable<TicketFact> facts, int by)
    {
        foreach (var f in facts)
            foreach (var c in f.Cycles)
                if (c.CommentAt != default) Add(Of(f.Desk, c.Category ?? ""), f, c, by);
    }

    static void Add(CommentCount count, TicketFact f, TicketCycle c, int by)
    {
        count.Comments += by;
        if (!CommentList.Waits(c)) count.Reviewed += by;
        else if (!f.Gone) count.Waiting += by;
    }

    CommentCount Of(string desk, string category)
    {
        if (!counts.TryGetValue((desk, category), out var count))
            counts.Add((desk, category), count = new() { Desk = desk, Category = category });
        return count;
    }

    /// <summary>Adds them to the table's rows.</summary>
    public async Task Save(NpgsqlConnection connection, CancellationToken ct)
    {
        var changed = All.ToArray();
        if (changed.Length == 0) return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(AddSql), new(EmptySql) } };
        var add = batch.BatchCommands[0].Parameters;
        add.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(changed, c => c.Desk) });
        add.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(changed, c => c.Category) });
        foreach (var figure in new Func<CommentCount, long>[] { c => c.Comments, c => c.Reviewed, c => c.Waiting })
            add.Add(new NpgsqlParameter<long[]> { TypedValue = [.. changed.Select(figure)] });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
