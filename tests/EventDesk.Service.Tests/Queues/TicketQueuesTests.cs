using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Queues;

public sealed class TicketQueuesTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly QueueFilter Everything = new([]);

    [Fact]
    public async Task D2_A_queue_shows_a_change_as_soon_as_the_command_is_answered()
    {
        var ticket = await t.Open(subject: "Printer", channel: Channel.Portal);
        (await Row(ticket))!.Place.ShouldBe(Place.Triage);
        await t.Do(ticket, new TriageTicket(SupportLine.L1), TestDesk.Coordinator, Operation.Triage);
        (await Row(ticket))!.Place.ShouldBe(Place.Unassigned);
        await t.Do(ticket, new AssignTicket(new("ann")), operation: Operation.Assign);
        var row = (await Row(ticket))!;
        (row.Place, row.Agent, row.Subject, row.Version).ShouldBe((Place.Assigned, "ann", "Printer", 4));
        await t.Do(ticket, new StartWaiting(WaitingReason.Customer), operation: Operation.Wait);
        (await Row(ticket))!.Place.ShouldBe(Place.Waiting);
        await t.Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        (await Row(ticket)).ShouldBeNull();
    }

    [Fact]
    public async Task D1_Pages_give_every_ticket_once_in_total_order_by_whatever_way()
    {
        for (var i = 0; i < 23; i++)
        {
            var id = await t.Open(language: i % 3 == 0 ? "pl" : "en", channel: i % 2 == 0 ? Channel.Portal : Channel.Phone);
            if (i % 5 == 1) await t.Do(id, new AssignTicket(new("zoe")), operation: Operation.Assign);
            if (i % 4 == 1) await t.Do(id, new AssessSeverity((Domain.Tickets.Severity)(1 + i % 5)), operation: Operation.AssessSeverity);
            t.Clock.Move(TimeSpan.FromSeconds(1));
        }
        foreach (var filter in new[] {
            Everything, new QueueFilter([Place.Triage, Place.Assigned]), new QueueFilter([], new DeskId("billing/en")),
            new QueueFilter([], null, SupportLine.L1), new QueueFilter([], null, null, new AgentId("zoe")) })
        {
            var whole = (await t.Queues.Page(filter, Reach.All, QueuePosition.Start, 200, default)).Rows;
            var paged = await AllPages(filter, 4);
            paged.Select(r => r.Id).ShouldBe(whole.Select(r => r.Id));
            paged.Select(r => r.Id).Distinct().Count().ShouldBe(paged.Count);
            paged.ShouldBe(paged.OrderBy(r => r.Due ?? DateTimeOffset.MaxValue).ThenBy(r => (int?)r.Severity ?? 9).ThenBy(r => r.OpenedAt)
                .ThenBy(r => r.Id.ToString(), StringComparer.Ordinal));
            paged.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task D1_Counts_are_exact_after_every_kind_of_move()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++) ids.Add(await t.Open(channel: i % 2 == 0 ? Channel.Portal : Channel.Chat));
        await Parallel.ForEachAsync(ids.Skip(1).Where((_, i) => i % 2 == 0), async (id, _) =>
        {
            await t.Do(id, new AssignTicket(new("ann")), operation: Operation.Assign);
            await t.Do(id, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        });
        await t.Do(ids[1], new ReopenTicket(ReopenCause.Agent), operation: Operation.Reopen);

        var rows = await AllPages(Everything, 200);
        var counted = await t.Queues.Counts(Reach.All, default);
        counted.ShouldBe(rows.GroupBy(r => (r.Desk, r.Line, r.Place)).OrderBy(g => g.Key)
            .Select(g => new QueueCount(new DeskId(g.Key.Desk), g.Key.Line, g.Key.Place, g.Count())));
        (await t.Queues.FurtherCounts(new AgentId("ann"), Reach.All, default)).Mine.ShouldBe(rows.Count(r => r.Agent == "ann"));
    }

    [Fact]
    public async Task S2_Lists_and_counts_keep_to_the_reach_of_the_asker()
    {
        await t.Open(language: "pl");
        await t.Open(language: "en");
        var polish = new Reach(null, new HashSet<DeskId> { new("billing/pl") });
        (await AllPages(Everything, 50, polish)).Select(r => r.Desk).Distinct().ShouldBe(["billing/pl"]);
        (await t.Queues.Counts(polish, default)).Select(c => c.Desk.Value).Distinct().ShouldBe(["billing/pl"]);
        (await AllPages(new QueueFilter([], new DeskId("billing/en")), 50, polish)).ShouldBeEmpty();
        var customer = new Reach(t.Desk.CustomerOf("bob@example.org"), null);
        (await AllPages(Everything, 50, customer)).ShouldBeEmpty();
        (await t.Queues.Counts(customer, default)).ShouldBeEmpty();
    }

    async Task<QueueRow?> Row(Guid ticket) => (await AllPages(Everything, 50)).SingleOrDefault(r => r.Id == ticket);

    async Task<List<QueueRow>> AllPages(QueueFilter filter, int limit, Reach? reach = null)
    {
        var rows = new List<QueueRow>();
        for (var after = QueuePosition.Start; ;)
        {
            var page = await t.Queues.Page(filter, reach ?? Reach.All, after, limit, default);
            rows.AddRange(page.Rows);
            if (page.Next is null) return rows;
            after = page.Next;
        }
    }
}
