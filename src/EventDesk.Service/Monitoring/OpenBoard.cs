using EventDesk.Domain;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Monitoring;

/// <summary>Where a ticket stands for those who work on it.</summary>
/// <param name="Agent">Null: nobody has it.</param>
public readonly record struct Spot(DeskId Desk, SupportLine Line, AgentId? Agent);

/// <summary>An open ticket as its row in the queues says.</summary>
/// <param name="Clock">How its clock stands; null when none runs.</param>
readonly record struct BoardTicket(Spot Spot, Place Place, ClockState? Clock, DateTime OpenedAt);

/// <summary>A ticket's first resolution.</summary>
/// <param name="Took">From the opening on.</param>
readonly record struct Solved(DateTime At, TimeSpan Took);

/// <summary>
/// The open tickets in memory, a few dozen bytes each, and what was solved lately: counts, ages and solve times of any desks, lines and agents without
/// asking the database. A projection like any other, only not stored: it is made of the queues' own rows and kept up with the log. Not for several threads.
/// </summary>
sealed class OpenBoard(long upTo)
{
    readonly Dictionary<Guid, Held> open = [];
    readonly Dictionary<Spot, Cell> cells = [];
    readonly HashSet<Spot> touched = [];
    readonly Dictionary<object, object> counted = [];

    const byte NoClock = 0;

    DateTime forgotten;

    readonly record struct Held(Cell Cell, DateTime OpenedAt, byte Place, byte Clock);

    /// <summary>Everything up to this event is in it.</summary>
    public long UpTo { get; set; } = upTo;

    public IReadOnlyCollection<Cell> Cells => cells.Values;

    /// <summary>What is counted once is not counted again before something changes, whoever asks.</summary>
    /// <param name="question">Compared by value.</param>
    public T Count<T>(object question, Func<T> count) where T : notnull
    {
        if (counted.TryGetValue(question, out var known))
            return (T)known;
        var answer = count();
        counted.Add(question, answer);
        return answer;
    }

    /// <summary>The ticket stands so from now on; null: it is open no more.</summary>
    public void Put(Guid ticket, BoardTicket? now)
    {
        counted.Clear();
        if (open.Remove(ticket, out var before))
        {
            before.Cell.Remove(before.OpenedAt, before.Place, before.Clock);
            touched.Add(before.Cell.Spot);
        }
        if (now is not { } t)
            return;
        var held = new Held(At(t.Spot), t.OpenedAt, (byte)t.Place, t.Clock is { } clock ? (byte)clock : NoClock);
        held.Cell.Add(held.OpenedAt, held.Place, held.Clock);
        open.Add(ticket, held);
        touched.Add(t.Spot);
    }

    public void Solve(Spot by, Solved solved)
    {
        counted.Clear();
        At(by).Solved.Insert(solved);
        touched.Add(by);
    }

    /// <summary>Drops what was solved before.</summary>
    public void Forget(DateTime before)
    {
        if (before == forgotten) return;
        forgotten = before;
        counted.Clear();
        foreach (var cell in cells.Values)
        {
            cell.Solved.RemoveBefore(before);
            if (cell.IsEmpty) cells.Remove(cell.Spot);
        }
    }

    public void Touch(Spot spot) => touched.Add(spot);

    /// <summary>Where something has changed since this was asked last.</summary>
    public IReadOnlySet<Spot> TakeTouched()
    {
        var taken = touched.ToHashSet();
        touched.Clear();
        return taken;
    }

    Cell At(Spot spot)
    {
        if (!cells.TryGetValue(spot, out var cell))
            cells.Add(spot, cell = new Cell(spot));
        return cell;
    }
}

/// <summary>The tickets of one desk, line and agent.</summary>
sealed class Cell(Spot spot)
{
    readonly long[] places = new long[Enum.GetValues<Place>().Length];
    readonly long[] clocks = new long[Enum.GetValues<ClockState>().Length + 1];

    public Spot Spot => spot;

    /// <summary>When each was opened, oldest first.</summary>
    public SortedTimes<DateTime> Opened { get; } = new(at => at);

    public SortedTimes<Solved> Solved { get; } = new(s => s.At);

    public long In(Place place) => places[(int)place];

    public long With(ClockState state) => clocks[(int)state];

    public bool IsEmpty => Opened.Count == 0 && Solved.Count == 0;

    public void Add(DateTime openedAt, byte place, byte clock) => Count(openedAt, place, clock, +1);

    public void Remove(DateTime openedAt, byte place, byte clock) => Count(openedAt, place, clock, -1);

    void Count(DateTime openedAt, byte place, byte clock, int by)
    {
        places[place] += by;
        clocks[clock] += by;
        if (by > 0) Opened.Insert(openedAt);
        else Opened.Remove(openedAt);
    }
}

/// <summary>A list in the order of time. What comes is mostly the latest, so that it is added at the end.</summary>
sealed class SortedTimes<T>(Func<T, DateTime> timeOf)
{
    readonly List<T> items = [];

    public int Count => items.Count;
    public T this[int index] => items[index];

    public void Insert(T item) => items.Insert(CountBefore(timeOf(item).AddTicks(1)), item);

    /// <summary>Removes one that has this time; which one makes no difference to anybody.</summary>
    public void Remove(T item) => items.RemoveAt(CountBefore(timeOf(item)));

    public void RemoveBefore(DateTime time) => items.RemoveRange(0, CountBefore(time));

    /// <summary>How many lie before an instant.</summary>
    public int CountBefore(DateTime time)
    {
        var (low, high) = (0, items.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (timeOf(items[middle]) < time) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
