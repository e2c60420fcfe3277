using System.Diagnostics;
using EventDesk.Benchmarks.Filling;
using EventDesk.Benchmarks.Load;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Store.Sealing;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>
/// Running clocks that warn and breach over four minutes, each as an event of its own, while two processes share the work and the one that does it is killed with -9 in the middle;
/// and how fast one core evaluates clocks.
/// </summary>
sealed class Clocking(string root, Cluster cluster, Settings settings, Report report)
{
    const string Database = "bench_clocks";
    const int TargetSeconds = 3600, WarnedBefore = 10;

    /// <summary>100,000 clocks in four minutes; fewer at the same rate.</summary>
    static TimeSpan Spread(long clocks) => TimeSpan.FromSeconds(clocks / (100_000 / 240.0));
    static readonly ClockTarget Target = new(TargetSeconds, WarnSeconds: TargetSeconds - WarnedBefore);

    public async Task Run()
    {
        Evaluate();
        var clocks = Math.Min(100_000, settings.Tickets);
        var product = await Product.Create(root, cluster, Database);
        using var masters = MasterKeys.LoadOrCreate(product.MasterKeyFile, mayCreate: false);
        // Filling 3,000 clocks takes less than a second, following them another.
        var begin = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(25 + (clocks / 1_500.0));
        await new Filler(product.ConnectionString, masters).Fill(clocks, n => Story(n, begin + (Spread(clocks) * ((n % clocks) / (double)clocks)), Target));
        await cluster.Execute(Database, "vacuum analyze");
        await using var first = await product.Serve();
        await using var second = await product.Serve();
        await Following.CatchUp(cluster.ConnectionString(Database));
        await Until(begin + (Spread(clocks) / 2));
        first.Kill();
        await Until(begin + Spread(clocks) + TimeSpan.FromSeconds(5));
        await Judge(clocks);
    }

    /// <summary>Opened so long ago that its clock, which counts all time, ends at <paramref name="due"/>.</summary>
    internal static List<Step> Story(long number, DateTimeOffset due, ClockTarget target)
    {
        var at = due.AddTicks(-(due.Ticks % TimeSpan.TicksPerMillisecond)).AddSeconds(-target.Seconds!.Value);
        var customer = new CustomerId(new Guid((int)number, 7, 0x7000, [0x80, 1, 2, 3, 4, 5, 6, 7]));
        var asks = new Actor(customer.Value.ToString(), Role.Customer);
        return
        [
            new(new TicketOpened(number, "billing", "en", Channel.Email, new Requester(customer, "Customer", "customer@example.com"), "Charged twice", "Please check.", Severity.Critical, SupportLine.L1, false), asks, at),
            new(new ConfirmationIssued(number, Channel.Email), asks, at, AutomaticRules.ConfirmReceipt),
            new(new SlaTargetSet("standard", 1, Severity.Critical, target, target), asks, at),
        ];
    }

    static async Task Until(DateTimeOffset instant)
    {
        if (instant - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } rest) await Task.Delay(rest);
    }

    async Task Judge(long clocks)
    {
        foreach (var (type, early) in new[] { ("sla_warned", WarnedBefore), ("sla_breached", 0) })
        {
            var late = $"extract(epoch from timestamp - ((data ->> 'due')::timestamptz - interval '{early} s')) * 1000";
            if (await cluster.Ask<long>(Database, $"select count(*) from eventdesk.mt_events where type = '{type}'") is var written && written != clocks)
                throw new BenchException($"{clocks} clocks gave {written} events {type}.");
            if (await cluster.Ask<long>(Database, $"select count(distinct stream_id) from eventdesk.mt_events where type = '{type}'") != clocks)
                throw new BenchException($"Some clocks wrote {type} twice.");
            report[$"clocks.{type}.p99_ms"] = await cluster.Ask<double>(Database, $"select percentile_cont(0.99) within group (order by {late})::float8 from eventdesk.mt_events where type = '{type}'");
            report[$"clocks.{type}.max_ms"] = await cluster.Ask<double>(Database, $"select max({late})::float8 from eventdesk.mt_events where type = '{type}'");
            Console.WriteLine($"  clocks: {clocks:N0} {type}, once each; p99 {report[$"clocks.{type}.p99_ms"]:0} ms, at most {report[$"clocks.{type}.max_ms"]:0} ms behind their moment");
        }
        report["clocks"] = clocks;
    }

    /// <summary>All clocks of a ticket of twenty events, from the events and in working hours, as often as one core can.</summary>
    void Evaluate()
    {
        var at = new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero);
        var working = new ClockTarget(4 * 3600, "desk/billing/pl");
        List<(TicketEvent, DateTimeOffset, bool)> events =
        [
            (new TicketOpened(1, "billing", "pl", Channel.Email, new Requester(default), null, null, null, SupportLine.L1, false), at, false),
            (new SlaTargetSet("standard", 1, Severity.High, working, working), at, false),
        ];
        for (var i = 1; events.Count < 20; i++)
        {
            events.Add((new ReplySent(default, Channel.Email, SealedText.Erased), at.AddHours(i * 5), true));
            events.Add((new CustomerMessageReceived(default, Channel.Email, SealedText.Erased), at.AddHours((i * 5) + 2), false));
        }
        var calendar = new Domain.Organisation.CalendarDefinition(
            "pl", "Europe/Warsaw", new[] { "monday", "tuesday", "wednesday", "thursday", "friday" }.ToDictionary(d => d, _ => (IReadOnlyList<string>)["08:00-16:00"]));
        var organisation = Domain.Organisation.OrganisationHistory.Of(new([], [], [new("billing", "pl", Calendar: "pl")], [calendar]));
        List<double> rates = [];
        for (var round = 0; round < settings.Rounds + 1; round++)
        {
            var (tickets, clocks) = (0L, 0L);
            var started = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds < 1; tickets++)
                foreach (var clock in ClockStory.Of(events))
                {
                    clock.Clock.Read(clock.Stopped ?? at.AddDays(3), organisation.Hours);
                    clocks++;
                }
            rates.Add(clocks / Stopwatch.GetElapsedTime(started).TotalSeconds);
            report["clocks.of_a_ticket"] = clocks / (double)tickets;
        }
        report["clocks.evaluated_per_s"] = Median.Of(rates.Skip(1));
        Console.WriteLine($"  clocks: {report["clocks.evaluated_per_s"]:N0} evaluated a second on one core, {report["clocks.of_a_ticket"]:0} in a ticket of 20 events");
    }
}
