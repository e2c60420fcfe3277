using System.Collections.Concurrent;
using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Bulk;

/// <summary>One command for many tickets, each under its own operation: nobody may do to many what they may not do to one.</summary>
public sealed record BulkAction(Operation Operation, TicketCommand Command);

/// <summary>How one of many ended, or would end.</summary>
/// <param name="Version">The version it was, or would be, decided on, or stands at now.</param>
/// <param name="Outcome"><see cref="Outcome.Done"/>: taken.</param>
public sealed record BulkItem(Guid Ticket, long Number, long Version, string? Subject, Outcome Outcome);

/// <summary>The same done to many tickets: looked at first, then each by itself, so that one that is refused stops no other.</summary>
public sealed class BulkDesk(EventStore store, TicketDesk desk, TicketQueues queues, SubjectCache subjects)
{
    public const int MostItems = 500;

    /// <summary>Enough for the writers to have company in their transactions; commands on one other ticket come one by one.</summary>
    const int AtOnce = 8;

    const string RowsSql = "select id, number, version, subject, desk, line, customer from ticket where id = any($1)";
    const string ByNumbersSql = "select number, id from ticket where number = any($1)";

    /// <summary>The ids behind ids and numbers as people write them, in their order; null: there is none.</summary>
    public async Task<IReadOnlyList<Guid?>> Resolve(IReadOnlyList<string> idsOrNumbers, CancellationToken ct)
    {
        long?[] numbers = [.. idsOrNumbers.Select(t => long.TryParse(t.AsSpan().Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (long?)null)];
        Dictionary<long, Guid> found = [];
        if (numbers.OfType<long>().ToArray() is { Length: > 0 } wanted)
        {
            await using var command = store.DataSource.CreateCommand(ByNumbersSql);
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = wanted });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                found[row.GetInt64(0)] = row.GetGuid(1);
        }
        return [.. idsOrNumbers.Select((text, i) => numbers[i] is { } n ? found.TryGetValue(n, out var id) ? id : (Guid?)null : Guid.TryParseExact(text.Trim(), "D", out var given) ? given : null)];
    }

    /// <summary>The first tickets of a queue, in its order, and whether there are more.</summary>
    public async Task<(IReadOnlyList<Guid> Tickets, bool More)> Of(QueueFilter filter, Asker who, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, Operation.ReadQueues) is not { } grant)
            return ([], false);
        var page = await queues.Page(filter, grant.Reach, QueuePosition.Start, MostItems, ct);
        return ([.. page.Rows.Select(r => r.Id)], page.Next is not null);
    }

    /// <summary>How it would end on each, as they stand now; nothing is stored.</summary>
    public Task<IReadOnlyList<BulkItem>> Preview(IReadOnlyList<Guid> tickets, BulkAction action, Asker who, CancellationToken ct) =>
        Each(tickets, who, action, (ticket, stop) => desk.Foresee(ticket, action.Operation, action.Command, who, stop), ct);

    /// <summary>Does it to each on the version that was seen, if it still stands there.</summary>
    /// <param name="key">Makes the command on one ticket repeatable; null: it is not.</param>
    public Task<IReadOnlyList<BulkItem>> Run(IReadOnlyDictionary<Guid, long> seen, BulkAction action, Asker who, Func<Guid, RequestKey?> key, CancellationToken ct) =>
        Each([.. seen.Keys], who, action, (ticket, stop) => desk.Handle(ticket, action.Operation, action.Command, seen[ticket], who, key(ticket), stop), ct);

    async Task<IReadOnlyList<BulkItem>> Each(IReadOnlyList<Guid> tickets, Asker who, BulkAction action, Func<Guid, CancellationToken, Task<Outcome>> work, CancellationToken ct)
    {
        var rows = await Rows(tickets, who, ct);
        ConcurrentDictionary<Guid, Outcome> ended = [];
        var options = new ParallelOptions { MaxDegreeOfParallelism = action.Command is PairCommand ? 1 : AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(rows.Keys, options, async (ticket, stop) => ended[ticket] = await work(ticket, stop));
        return [.. tickets.Distinct().Select(ticket => rows.TryGetValue(ticket, out var row)
            ? row with { Version = ended[ticket] is Outcome.Done done ? done.Version : row.Version, Outcome = ended[ticket] }
            : new BulkItem(ticket, 0, 0, null, new Outcome.NotFound()))];
    }

    /// <summary>Those within reach; nothing is asked of the others, as if there were none.</summary>
    async Task<Dictionary<Guid, BulkItem>> Rows(IReadOnlyList<Guid> tickets, Asker who, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, Operation.Bulk) is not { } grant)
            return [];
        List<(BulkItem Item, byte[]? Subject)> rows = [];
        await using (var command = store.DataSource.CreateCommand(RowsSql))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. tickets] });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                if (grant.Reach.Covers(new(new DeskId(row.GetString(4)), (SupportLine)row.GetInt16(5), new CustomerId(row.GetGuid(6)))))
                    rows.Add((new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), null, new Outcome.NotFound()), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)));
        }
        var texts = await subjects.Of(rows.ConvertAll(r => (r.Item.Ticket, r.Subject)), ct);
        return rows.Select((r, i) => r.Item with { Subject = texts[i] }).ToDictionary(r => r.Ticket);
    }
}
