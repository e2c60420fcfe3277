using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Monitoring;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Monitoring;

public sealed class DeskFeedTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly Grant Everything = Policy.Decide(TestDesk.Coordinator.Principal, Operation.ReadMonitor)!;
    static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

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
                told.UnionWith((await watch.Next(Long, TimeProvider.System, default))!.Where);
            told.ShouldBe([new Spot(new DeskId("billing/pl"), SupportLine.L1, null), new Spot(new DeskId("billing/pl"), SupportLine.L1, new AgentId("ann"))], ignoreOrder: true);
            (await watch.Next(TimeSpan.FromMilliseconds(1), TimeProvider.System, default)).ShouldBeNull();
        }
        finally
        {
            await feed.StopAsync(default);
        }
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
