using System.Data;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Reporting;

/// <summary>A comment that nobody has reviewed yet; of several on one ticket the oldest, which a review is about.</summary>
/// <param name="Version">The ticket's, on which it can be reviewed.</param>
/// <param name="Cycle">The resolution it is about.</param>
/// <param name="Since">When it was written.</param>
/// <param name="Rating">The cycle's last one.</param>
/// <param name="Comment">The last one of the cycle; null: it was erased.</param>
public sealed record WaitingComment(Guid Ticket, long Number, long Version, string Desk, int Cycle, DateTimeOffset Since, int Rating, string Scale, string? Comment);

/// <summary>How far comments are reviewed, counted as the report on satisfaction does.</summary>
/// <param name="Comments">Ratings with a comment.</param>
/// <param name="Waiting">Those that can be reviewed: neither the ticket was purged nor does it go on in another.</param>
/// <param name="Categories">The words of the house that were used so far.</param>
public sealed record CommentCoverage(long Comments, long Reviewed, long Waiting, DateTimeOffset? OldestSince, IReadOnlyList<string> Categories)
{
    /// <summary><see cref="Reviewed"/> ÷ <see cref="Comments"/>; null without comments.</summary>
    public double? Share => Reporting.Share.Of(Reviewed, Comments);
}

/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record WaitingComments(IReadOnlyList<WaitingComment> Comments, CommentCoverage Coverage, (DateTimeOffset Since, Guid Ticket)? Next);

/// <summary>The comments that wait to be reviewed, those that wait longest first.</summary>
public sealed class CommentReviews(EventStore store, TicketDesk desk)
{
    const string CoverageSql = """
        select count(*), count(reviewed_at), count(*) filter (where waits), min(comment_at) filter (where waits),
          array_agg(distinct category) filter (where category is not null)
        from (
          select c.comment_at, c.reviewed_at, c.category, c.reviewed_at is null and t.status <> $2 and t.state not like '%"mergedInto":%' as waits
          from ticket_cycle c join ticket t on t.id = c.ticket
          where c.comment_at is not null and ($1::text[] is null or t.desk = any($1))) c
        """;

    const string PageSql = """
        select c.ticket, c.cycle, c.comment_at
        from ticket_cycle c join ticket t on t.id = c.ticket
        where c.comment_at is not null and c.reviewed_at is null and t.status <> $2 and t.state not like '%"mergedInto":%'
          and ($1::text[] is null or t.desk = any($1))
          and (c.comment_at, c.ticket) > ($3, $4)
          and not exists (
            select from ticket_cycle earlier
            where earlier.ticket = c.ticket and earlier.cycle < c.cycle and earlier.comment_at is not null and earlier.reviewed_at is null)
        order by c.comment_at, c.ticket
        limit $5
        """;

    /// <param name="after">The last comment of the page before; null: from the oldest.</param>
    /// <returns>Of what the asker may review.</returns>
    public async Task<WaitingComments> Page(Asker who, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        var reach = Policy.Decide(who.Principal, Operation.ReviewFeedback)!.Reach;
        var (coverage, found) = await AtOneMoment(reach, after, limit + 1, ct);
        List<WaitingComment> comments = [];
        foreach (var (ticket, cycle, since) in found.Take(limit))
        {
            if (await desk.History(ticket, who, Operation.ReviewFeedback, ct) is not { } history)
                continue;
            // The facts follow: what was reviewed a moment ago is reviewed here already.
            if (history.Entry.Ticket.CommentsToReview.Contains(cycle))
                comments.Add(Of(history, cycle, since));
            else
                coverage = coverage with { Reviewed = coverage.Reviewed + 1, Waiting = coverage.Waiting - 1 };
        }
        if (after is null)
            coverage = coverage with { OldestSince = comments.Count > 0 ? comments[0].Since : null };
        return new(comments, coverage, found.Count > limit ? (found[limit - 1].Since, found[limit - 1].Ticket) : null);
    }

    static WaitingComment Of(History h, int cycle, DateTimeOffset since)
    {
        var given = h.Events.Where(e => e.Type == "feedback_given").Select(e => (FeedbackGiven)h.Read(e).Event).Where(f => f.Cycle == cycle).ToList();
        var t = h.Entry.Ticket;
        return new(h.Entry.Id, t.Number, h.Entry.Version, t.Desk.Value, cycle, since, given[^1].Rating, given[^1].Scale, given.FindLast(f => f.Comment is not null)?.Comment?.Text);
    }

    /// <summary>What is counted and what is listed, of one moment: a review that is followed between the two would be in neither.</summary>
    async Task<(CommentCoverage Coverage, List<(Guid Ticket, int Cycle, DateTimeOffset Since)> Found)> AtOneMoment(
        Reach reach, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        return (await Coverage(connection, reach, ct), await Found(connection, reach, after, limit, ct));
    }

    static async Task<CommentCoverage> Coverage(NpgsqlConnection connection, Reach reach, CancellationToken ct)
    {
        await using var command = Command(connection, CoverageSql, reach);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? [] : row.GetFieldValue<string[]>(4));
    }

    static async Task<List<(Guid Ticket, int Cycle, DateTimeOffset Since)>> Found(
        NpgsqlConnection connection, Reach reach, (DateTimeOffset Since, Guid Ticket)? after, int limit, CancellationToken ct)
    {
        await using var command = Command(connection, PageSql, reach)
            .Add(NpgsqlDbType.TimestampTz, after?.Since.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)).Add(NpgsqlDbType.Uuid, after?.Ticket ?? Guid.Empty).Add(NpgsqlDbType.Integer, limit);
        List<(Guid, int, DateTimeOffset)> found = [];
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found.Add((row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2)));
        return found;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Reach reach) => new NpgsqlCommand(sql, connection)
        .Add(NpgsqlDbType.Array | NpgsqlDbType.Text, reach.Desks?.Select(d => d.Value).ToArray()).Add(NpgsqlDbType.Smallint, (short)Status.Purged);
}
