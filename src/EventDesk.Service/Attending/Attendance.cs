using System.Text;
using EventDesk.Store;
using EventDesk.Store.Following;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service.Attending;

/// <summary>
/// Who has a ticket before them right now. It is no history: kept in memory, in every process the same, and forgotten by itself. What is said holds
/// for the <see cref="Lease"/> and is said again before that; so a lost notice, a lost connection and a lost process all mend themselves.
/// </summary>
public sealed partial class Attendance : BackgroundService
{
    /// <summary>Who has not been heard of for so long is gone.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    /// <summary>Who is there says so this often: one of two may be lost.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(3);

    /// <summary>Leases are looked at, and renewals told to other processes, this often.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Changes that come together are told together.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    readonly Lock gate = new();
    readonly Dictionary<Guid, Room> rooms = [];
    readonly Dictionary<Place, Said> untold = [];
    readonly Wakeup stirred = new();
    readonly EventStore store;
    readonly TimeProvider time;
    readonly ILogger log;

    public Attendance(EventStore store, TimeProvider time, ILogger<Attendance> log)
    {
        (this.store, this.time, this.log) = (store, time, log);
        store.Notices.Listen(Hear);
    }

    /// <summary>Somebody is there; to be said again within the <see cref="Lease"/>.</summary>
    public void Say(Place place, bool writes) => Note(place, writes ? Said.Writes : Said.Reads);

    /// <summary>Somebody has left this place.</summary>
    public void Leave(Place place) => Note(place, Said.Left);

    /// <summary>Sits down and is told when anything changes in this ticket's attendance; leaves when disposed.</summary>
    public IDisposable Join(Place place, Action changed)
    {
        var seat = new Joined(this, place, changed);
        lock (gate)
        {
            var room = RoomOf(place.Ticket);
            room.Joined.Add(seat);
            // A connection that was lost and is there again ends no writing.
            var said = room.Seats.TryGetValue(place, out var before) && before.Writes ? Said.Writes : Said.Reads;
            Take(place, said, seat);
            untold[place] = said;
        }
        stirred.Signal();
        return seat;
    }

    /// <summary>Who is there, in the order of their names, each once.</summary>
    /// <param name="except">Whoever asks knows of themselves.</param>
    public IReadOnlyList<Attendee> At(Guid ticket, string? except = null)
    {
        lock (gate)
            return rooms.TryGetValue(ticket, out var room)
                ? [.. room.Seats.Where(s => s.Key.Who != except).GroupBy(s => s.Key.Who).OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => new Attendee(w.Key, w.Any(s => s.Value.Writes)))]
                : [];
    }

    void Note(Place place, Said said)
    {
        bool news;
        lock (gate)
        {
            news = Take(place, said, null);
            if (news || said != Said.Left)
                untold[place] = said;
        }
        // What is merely said again goes with the next look.
        if (news) stirred.Signal();
    }

    void Depart(Joined seat)
    {
        lock (gate)
        {
            RoomOf(seat.Place.Ticket).Joined.Remove(seat);
            // Whoever has come again meanwhile, by another connection, stays.
            if (rooms[seat.Place.Ticket].Seats.TryGetValue(seat.Place, out var taken) && taken.Holder == seat)
            {
                Take(seat.Place, Said.Left, null);
                untold[seat.Place] = Said.Left;
            }
            Clear(seat.Place.Ticket);
        }
        stirred.Signal();
    }

    void Hear(string notice)
    {
        lock (gate)
            foreach (var line in notice.Split('\n'))
                if (Place.TryRead(line, out var place, out var said))
                    Take(place, said, null);
        stirred.Signal();
    }

    /// <returns>True when somebody who looks on sees a difference.</returns>
    bool Take(Place place, Said said, Joined? holder)
    {
        var room = RoomOf(place.Ticket);
        var known = room.Seats.TryGetValue(place, out var seat);
        if (said == Said.Left)
        {
            room.Seats.Remove(place);
            if (known) room.Tell();
            Clear(place.Ticket);
            return known;
        }
        if (!known && room.Seats.Count(s => s.Key.Who == place.Who) >= Place.MostOfOne)
            return false;
        room.Seats[place] = new Seat(said == Said.Writes, time.GetTimestamp(), holder ?? seat.Holder);
        if (known && seat.Writes == (said == Said.Writes))
            return false;
        room.Tell();
        return true;
    }

    Room RoomOf(Guid ticket) => rooms.TryGetValue(ticket, out var room) ? room : rooms[ticket] = new();

    void Clear(Guid ticket)
    {
        if (rooms.TryGetValue(ticket, out var room) && room.Seats.Count == 0 && room.Joined.Count == 0)
            rooms.Remove(ticket);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = stirred.Next;
            if (IsEmpty) await next.WaitAsync(stoppingToken);
            else await Wakeup.Wait(next, Look, time, stoppingToken);
            Expire();
            try
            {
                foreach (var notice in Untold())
                    await store.Notices.Send(notice, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotTold(log, e.Message);
            }
            await Task.Delay(Gathering, time, stoppingToken);
        }
    }

    /// <summary>Nobody is anywhere and nothing is to be told: the loop stands still.</summary>
    bool IsEmpty
    {
        get
        {
            lock (gate) return rooms.Count == 0 && untold.Count == 0;
        }
    }

    void Expire()
    {
        lock (gate)
            foreach (var place in rooms.Values.SelectMany(r => r.Seats).Where(s => time.GetElapsedTime(s.Value.Heard) >= Lease).Select(s => s.Key).ToList())
                Take(place, Said.Left, null);
    }

    List<string> Untold()
    {
        List<string> notices = [];
        var notice = new StringBuilder();
        var bytes = 0;
        lock (gate)
        {
            foreach (var line in untold.Select(u => u.Key.Line(u.Value)))
            {
                var more = Encoding.UTF8.GetByteCount(line) + 1;
                if (bytes + more > Notices.MostBytes)
                {
                    notices.Add(notice.ToString());
                    notice.Clear();
                    bytes = 0;
                }
                notice.Append(line).Append('\n');
                bytes += more;
            }
            untold.Clear();
        }
        if (bytes > 0) notices.Add(notice.ToString());
        return notices;
    }

    public override void Dispose()
    {
        store.Notices.Unlisten(Hear);
        base.Dispose();
    }

    /// <param name="Heard">When it was said last, as a timestamp of the time provider.</param>
    /// <param name="Holder">The open screen it ends with; null: none.</param>
    readonly record struct Seat(bool Writes, long Heard, Joined? Holder);

    /// <summary>A ticket's attendance, and the screens of this process that are told of it.</summary>
    sealed class Room
    {
        public Dictionary<Place, Seat> Seats { get; } = [];
        public List<Joined> Joined { get; } = [];

        public void Tell() => Joined.ForEach(j => j.Changed());
    }

    sealed class Joined(Attendance all, Place place, Action changed) : IDisposable
    {
        public Place Place => place;
        public Action Changed => changed;

        public void Dispose() => all.Depart(this);
    }

    [LoggerMessage(1, LogLevel.Warning, "Other processes could not be told who attends to what; it is said again: {Reason}")]
    static partial void NotTold(ILogger log, string reason);
}
