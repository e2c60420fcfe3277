using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Server.SignIn;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Store;
using EventDesk.Store.Following;

namespace EventDesk.Server.Demo;

/// <summary>What a simulation wrote.</summary>
public sealed record Simulated(int Tickets, int Days);

/// <summary>
/// Weeks of a desk, lived through in a minute: tickets arrive as they do at real desks, people do their work by the public commands, and the timer warns,
/// breaches and closes, each at its own moment. The same seed and end give the same tickets.
/// </summary>
sealed class Simulation(IServiceProvider services, DemoClock clock, int seed, CancellationToken ct)
{
    /// <summary>On every ticket of the sample.</summary>
    public const string Tag = "sample";

    const string NextSql = "select min(wake_at) from ticket";

    readonly PriorityQueue<IAsyncEnumerator<DateTimeOffset>, (DateTimeOffset At, int Order)> agenda = new();
    readonly TicketDesk desk = services.GetRequiredService<TicketDesk>();
    readonly OrganisationBook organisation = services.GetRequiredService<OrganisationBook>();
    readonly EventStore store = services.GetRequiredService<EventStore>();
    int tickets, order;

    /// <param name="until">The last moment; the first is <paramref name="days"/> days earlier, and the clock stands there already.</param>
    public async Task<Simulated> Run(int days, DateTimeOffset until, Action<int> day)
    {
        await People();
        var cast = new Cast(desk, organisation, Mails());
        Outages(cast, until);
        Arrivals(cast, clock.GetUtcNow(), days);
        await using var leases = new Leases(store);
        using var timer = ActivatorUtilities.CreateInstance<TicketTimer>(services, leases);
        var start = clock.GetUtcNow();
        var told = -1;
        while (agenda.TryDequeue(out var life, out var next) && next.At < until)
        {
            await Elapse(timer, next.At);
            if ((int)(next.At - start).TotalDays is var today && today != told)
                day(told = today);
            if (await life.MoveNextAsync())
                agenda.Enqueue(life, (life.Current > next.At ? life.Current : next.At, order++));
        }
        await Elapse(timer, until);
        return new(tickets, days);
    }

    /// <summary>Brings the clock to a moment, and on the way does what time itself brings.</summary>
    async Task Elapse(TicketTimer timer, DateTimeOffset to)
    {
        await using var asked = store.DataSource.CreateCommand(NextSql);
        for (DateTime? last = null; await asked.ExecuteScalarAsync(ct) is DateTime next && next < to.UtcDateTime && next != last; last = next)
        {
            clock.MoveTo(new DateTimeOffset(next).AddMilliseconds(1));
            await timer.Pass(ct);
        }
        clock.MoveTo(to);
    }

    async Task People()
    {
        var people = services.GetRequiredService<DevelopmentPeople>();
        foreach (var (handle, role) in DevelopmentTokens.Sample.Where(s => s.Role != Role.Customer))
            await people.Ensure(handle, role, ct);
        foreach (var agent in organisation.Now.Agents ?? [])
            await people.Ensure(agent.Id, Role.Agent, ct);
    }

    /// <summary>An address for everybody, under a domain that belongs to nobody.</summary>
    static Dictionary<string, string> Mails() => Phrases.ByLanguage
        .SelectMany(l => l.Value.Names.Select((name, i) => (name, Mail: $"{l.Key}{i + 1}@example.com")))
        .ToDictionary(p => p.name, p => p.Mail);

    /// <summary>More for what is used more, fewer at weekends, most by day.</summary>
    void Arrivals(Cast cast, DateTimeOffset start, int days)
    {
        var chance = new Chance(seed);
        foreach (var at in organisation.Now.Desks.Where(d => !d.Retired && Phrases.ByLanguage.ContainsKey(d.Language)))
            for (var day = 0; day < days; day++)
            {
                var date = start.AddDays(day);
                var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
                var mean = (at.Language == "en" ? 2.2 : 0.8) * (at.Product switch { "billing" => 1.2, "mobile" => 0.7, _ => 1 }) * (weekend ? 0.25 : 1);
                for (var left = chance.Times(mean); left > 0; left--)
                {
                    var hour = chance.Is(0.1) ? chance.Between(0, 23) : chance.Weighted((7, 1), (8, 3), (9, 4), (10, 4), (11, 3), (12, 2), (13, 3), (14, 4), (15, 3), (16, 2), (17, 1), (18, 1));
                    var opened = new DateTimeOffset(date.Year, date.Month, date.Day, hour, chance.Between(0, 59), chance.Between(0, 59), TimeSpan.Zero);
                    Add(new TicketLife(desk, cast, clock, new Chance(seed * 7919 + tickets), at.Id, ct).Live(), opened);
                    tickets++;
                }
            }
    }

    /// <summary>One that is long over, and one that is just being dealt with.</summary>
    void Outages(Cast cast, DateTimeOffset until)
    {
        foreach (var (product, last, before) in new[] { ("cloud", IncidentState.Resolved, TimeSpan.FromDays(9.2)), ("mobile", IncidentState.Identified, TimeSpan.FromHours(3)) })
            if (organisation.Now.Find(product, "en") is { Retired: false })
                Add(new OutageLife(desk, services.GetRequiredService<IncidentDesk>(), cast, clock, new Chance(seed + 1), product, last, ct).Live(), until - before);
    }

    void Add(IAsyncEnumerable<DateTimeOffset> life, DateTimeOffset at)
    {
        if (at >= clock.GetUtcNow())
            agenda.Enqueue(life.GetAsyncEnumerator(ct), (at, order++));
    }
}
