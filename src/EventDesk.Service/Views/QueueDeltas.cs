using EventDesk.Domain.Tickets;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>How many tickets came to and left each place of the queues.</summary>
sealed class QueueDeltas
{
    readonly SortedDictionary<(string Desk, short Line, short Place), long> deltas = [];

    public IEnumerable<KeyValuePair<(string Desk, short Line, short Place), long>> All => deltas;

    public void Add(Ticket? before, Ticket after)
    {
        if (before?.Place == after.Place && before?.Line == after.Line && before?.Desk == after.Desk) return;
        Count(before, -1);
        Count(after, +1);
    }

    void Count(Ticket? t, int n)
    {
        if (t?.Place is not { } place) return;
        var key = (t.Desk.Value, (short)t.Line, (short)place);
        deltas[key] = deltas.GetValueOrDefault(key) + n;
    }

    /// <summary>The statement that adds them, in key order so that two processes cannot deadlock; null when nothing moved.</summary>
    public NpgsqlBatchCommand? Command(string sql)
    {
        var moved = deltas.Where(d => d.Value != 0).ToArray();
        return moved.Length == 0 ? null : new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(moved, m => m.Key.Desk) },
                new NpgsqlParameter<short[]> { TypedValue = Array.ConvertAll(moved, m => m.Key.Line) },
                new NpgsqlParameter<short[]> { TypedValue = Array.ConvertAll(moved, m => m.Key.Place) },
                new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(moved, m => m.Value) },
            },
        };
    }
}
