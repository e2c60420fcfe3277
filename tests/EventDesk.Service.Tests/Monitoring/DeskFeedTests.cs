using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Monitoring;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Monitoring;

public sealed class DeskFeedTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly Grant Everything = Policy.Decide(TestDesk.Coordinator.Principal, Operation.ReadMonitor)!;

    static readonly Func<Spot, bool> Nothing = _ => false;

    [Fact]
    public async Task D2_A_watch_is_told_where_a_ticket_came_from_and_went_to_and_nothing_it_is_not_concerned_with()
    {
        var feed = t.Get<DeskFeed>();
        await feed.StartAsync(default);
        try
        {
            var ticket = await t.Open(language: "pl");
            using var watch = feed.Watch(spot => spot.Desk == new DeskId("billing/pl"));
            await t.Get<DeskMonitor>().Now(new MonitorQuery(MonitorGrouping.Desk), Everything, default);
            await t.Open(language: "en");
            await t.Do(ticket, new AssignTicket(new("ann")), operation: Operation.Assign);
            HashSet<Spot> told = [];
            while (told.All(s => s.Agent is null))
                told.UnionWith((await watch.Next(TestContext.Current.CancellationToken))!.Where);
            told.ShouldBe([new Spot(new DeskId("billing/pl"), SupportLine.L1, null), new Spot(new DeskId("billing/pl"), SupportLine.L1, new AgentId("ann"))], ignoreOrder: true);
            var further = watch.Next(TestContext.Current.CancellationToken);
            feed.Beat(watch.Turn);
            (await further).ShouldBeNull();
        }
        finally
        {
            await feed.StopAsync(default);
        }
    }

    [Fact]
    public async Task D2_Each_beat_of_a_round_lets_as_many_come_round_and_each_of_them_once()
    {
        var feed = t.Get<DeskFeed>();
        var watches = Enumerable.Range(0, 3 * Heartbeat.Turns).Select(_ => feed.Watch(Nothing)).ToList();
        var waiting = watches.ConvertAll(w => w.Next(TestContext.Current.CancellationToken));
        for (var turn = 0; turn < Heartbeat.Turns; turn++)
        {
            feed.Beat(turn);
            var beaten = watches.Index().Where(w => w.Item.Turn == turn).Select(w => waiting[w.Index]).ToList();
            beaten.Count.ShouldBe(3);
            (await Task.WhenAll(beaten)).ShouldAllBe(change => change == null);
            waiting.Count(w => w.IsCompleted).ShouldBe(3 * (turn + 1));
        }
        watches.ForEach(w => w.Dispose());
    }

    [Fact]
    public async Task D2_A_beat_is_not_lost_on_who_is_busy_nor_kept_back_by_changes()
    {
        using var watch = t.Get<DeskFeed>().Watch(Nothing);
        watch.Wake();
        watch.Beat();
        (await watch.Next(TestContext.Current.CancellationToken)).ShouldBeNull();
        (await watch.Next(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        watch.Next(TestContext.Current.CancellationToken).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task B2_Rows_that_changed_without_an_event_are_read_anew()
    {
        var monitor = t.Get<DeskMonitor>();
        var query = new MonitorQuery(MonitorGrouping.Agent, new DeskId("router/en"));
        await t.Open(product: "router");
        var before = (await monitor.Now(query, Everything, default)).Total.Clocks;
        // What a sweep over changed hours does.
        await using (var sweep = t.Store.DataSource.CreateCommand("""
            update ticket set sla = 5 where desk = 'router/en' and sla = 1;
            insert into mt_event_progression as p (name, last_seq_id, last_updated) values ('ClockFaces', 1, now())
              on conflict (name) do update set last_seq_id = p.last_seq_id + 1
            """))
            await sweep.ExecuteNonQueryAsync();
        var after = (await monitor.Now(query, Everything, default)).Total.Clocks;
        (before.Running, after.Running, after.Undetermined).ShouldBe((before.Running, 0, before.Undetermined + before.Running));
        before.Running.ShouldBePositive();
    }
}
