using System.Globalization;
using EventDesk.Service.Views;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>P2: the real server and its PostgreSQL, killed with -9 while clients work. More rounds: EVENTDESK_CRASH_ROUNDS, or <c>make crash</c>.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    const int Clients = 16;

    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-crash-").FullName;

    [Fact]
    public async Task P2_no_acknowledged_command_is_lost_or_doubled_when_service_or_database_die_at_any_instant()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("EVENTDESK_CRASH_ROUNDS"), CultureInfo.InvariantCulture, out var n) ? n : 3;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var machine = new CrashMachine(folder);
        await machine.Start();
        var clients = Enumerable.Range(0, Clients).Select(i => new CrashClient(machine.Http, seed + i)).ToList();
        using var stop = new CancellationTokenSource();
        var working = Task.WhenAll(clients.Select(c => Task.Run(() => c.Work(stop.Token))));
        for (var round = 0; round < rounds; round++)
        {
            // An instant is a number of answers later: it falls anywhere inside the commands under way.
            var until = Answered(clients) + random.Next(20, 400);
            await Eventually.Be(() => Answered(clients) >= until || clients.Exists(c => c.Wrong.Count > 0), $"clients are answered (seed {seed})", TimeSpan.FromSeconds(60));
            await Kill(machine, (seed + round) % 3);
            await machine.Raise();
        }
        await stop.CancelAsync();
        await working;
        await Examine(machine, clients, rounds);
    }

    [Fact]
    public async Task P3_all_inline_views_are_rebuilt_in_one_go_while_clients_work_and_none_waits_in_vain()
    {
        var seed = Environment.TickCount;
        await using var machine = new CrashMachine(folder);
        await machine.Start();
        var clients = Enumerable.Range(0, Clients).Select(i => new CrashClient(machine.Http, seed + i)).ToList();
        using var stop = new CancellationTokenSource();
        var working = Task.WhenAll(clients.Select(c => Task.Run(() => c.Work(stop.Token))));
        await Eventually.Be(() => Answered(clients) >= 200, "clients are answered", TimeSpan.FromSeconds(60));
        var before = Answered(clients);
        var (built, told) = await machine.Verb(["views", "rebuild", .. ViewCatalog.Inline.Select(v => v.Name)]);
        built.ShouldBe(0, told);
        told.Trim().Split('\n').Length.ShouldBe(ViewCatalog.Inline.Count, told);
        Answered(clients).ShouldBeGreaterThan(before);
        await stop.CancelAsync();
        await working;
        clients.SelectMany(c => c.Wrong).ShouldBeEmpty();
        clients.Sum(c => c.Unknown).ShouldBe(0);
        var (same, drift) = await machine.Verb("views", "check");
        same.ShouldBe(0, drift);
    }

    static async Task Kill(CrashMachine machine, int what)
    {
        if (what != 1) await machine.KillService();
        if (what != 0) await machine.KillPostgres();
    }

    async Task Examine(CrashMachine machine, List<CrashClient> clients, int rounds)
    {
        var done = clients.SelectMany(c => c.Done).ToList();
        output.WriteLine($"{rounds} rounds, {done.Count} commands acknowledged, {clients.Sum(c => c.Unknown)} first sent without an answer");
        clients.SelectMany(c => c.Wrong).ShouldBeEmpty();
        clients.Sum(c => c.Unknown).ShouldBePositive("a kill must have hit commands under way");

        // Clients asked until answered, so what is stored is exactly what was acknowledged: nothing lost, nothing twice.
        var opened = done.Where(d => d.Message is null).ToList();
        var replied = done.Where(d => d.Message is not null).Select(d => d.Message!.Value).ToList();
        (await machine.Ask<Guid[]>("select array_agg(stream_id) from mt_events where type = 'ticket_opened'")).ShouldBe(opened.Select(d => d.Ticket), ignoreOrder: true);
        (await machine.Ask<Guid[]>("select coalesce(array_agg((data ->> 'messageId')::uuid), '{}') from mt_events where type = 'reply_sent'")).ShouldBe(replied, ignoreOrder: true);
        (await machine.Ask<long>("select count(*) from (select number from ticket group by number having count(*) > 1) twice")).ShouldBe(0);
        var versions = done.GroupBy(d => d.Ticket).Select(g => (g.Key, g.Max(d => d.Version)));
        var stored = await machine.Ask<string[]>("select array_agg(id::text || ' ' || version) from mt_streams where type = 'ticket'");
        stored.ShouldBe(versions.Select(v => $"{v.Key} {v.Item2}"), ignoreOrder: true);

        var (same, drift) = await machine.Verb("views", "check");
        same.ShouldBe(0, drift);
        var (intact, report) = await machine.Verb("verify");
        intact.ShouldBe(0, report);
        output.WriteLine(report.Trim());
    }

    static int Answered(List<CrashClient> clients) => clients.Sum(c => { lock (c.Done) return c.Done.Count; });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
