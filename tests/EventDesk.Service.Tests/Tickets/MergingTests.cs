using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Tickets;

/// <summary>A9: merges on a real database, races included.</summary>
public sealed class MergingTests(TestDesk t) : IClassFixture<TestDesk>
{
    Task<Outcome> Merge(Guid from, Guid into, long? version = null, RequestKey? key = null) =>
        t.Desk.Handle(from, Operation.Merge, new MergeTicket(new(into)), version, TestDesk.Agent, key, default);

    async Task<Ticket> StateOf(Guid ticket) => (await t.Desk.Find(ticket, TestDesk.Agent, Operation.ReadTicket, default))!.Ticket;

    [Fact]
    public async Task A9_Both_tickets_say_what_happened_in_the_same_step_and_nothing_is_copied()
    {
        var (a, b) = (await t.Open(subject: "first"), await t.Open(subject: "second"));
        (await Merge(a, b)).ShouldBeOfType<Outcome.Done>().Ticket.ShouldBe(a);
        var (from, into) = (await t.Store.ReadStream(a, 1, null, default), await t.Store.ReadStream(b, 1, null, default));
        (from[^1].Type, into[^1].Type).ShouldBe(("ticket_merged", "ticket_absorbed"));
        (from[^1].Timestamp, from[^1].UserName).ShouldBe((into[^1].Timestamp, into[^1].UserName));
        into.Count(e => e.Type is "customer_message_received" or "ticket_opened").ShouldBe(1);
        ((await StateOf(a)).MergedInto, (await StateOf(b)).Absorbed).ShouldSatisfyAllConditions(
            both => both.MergedInto.ShouldBe(new TicketId(b)), both => both.Absorbed.ShouldBe([new TicketId(a)]));
    }

    [Fact]
    public async Task A9_Of_two_merges_that_would_meet_exactly_one_is_stored()
    {
        for (var round = 0; round < 20; round++)
        {
            var (a, b) = (await t.Open(), await t.Open());
            var outcomes = await Task.WhenAll(Merge(a, b, round % 2 == 0 ? 2 : null), Merge(b, a, round % 2 == 0 ? 2 : null));
            outcomes.Count(o => o is Outcome.Done).ShouldBe(1);
            outcomes.Single(o => o is not Outcome.Done).ShouldSatisfyAllConditions(
                lost => (lost is Outcome.Stale or Outcome.Refused { Code: "ticket_merged" or "target_merged" }).ShouldBeTrue(lost.ToString()));
            new[] { await StateOf(a), await StateOf(b) }.Select(s => s.Status).Order().ShouldBe([Status.Open, Status.Closed]);
        }
    }

    [Fact]
    public async Task A9_Of_merges_in_a_ring_one_stays_open()
    {
        var ring = new[] { await t.Open(), await t.Open(), await t.Open() };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Merge(ring[i], ring[(i + 1) % 3])));
        outcomes.Count(o => o is Outcome.Done).ShouldBeInRange(1, 2);
        var open = 0;
        foreach (var ticket in ring)
            open += (await StateOf(ticket)).MergedInto is null ? 1 : 0;
        open.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A9_Merging_into_a_merged_ticket_is_refused_with_the_number_where_it_ends()
    {
        var (a, b, c) = (await t.Open(), await t.Open(), await t.Open());
        await Merge(a, b);
        await Merge(b, c);
        var refused = (await Merge(await t.Open(), a)).ShouldBeOfType<Outcome.Refused>();
        (refused.Code, refused.Reason.Contains($"#{(await StateOf(c)).Number}:", StringComparison.Ordinal)).ShouldBe(("target_merged", true), refused.Reason);
    }

    [Fact]
    public async Task A9_A_ticket_is_not_merged_into_itself_into_another_customers_or_into_none()
    {
        var a = await t.Open();
        (await Merge(a, a)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("same_ticket");
        (await Merge(a, await t.Open(email: "eve@example.org"))).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("other_requester");
        (await Merge(a, Guid.CreateVersion7())).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("no_such_other_ticket");
    }

    [Fact]
    public async Task S2_A_ticket_distant_is_no_target_and_does_not_show_that_it_is_there()
    {
        var polish = TestDesk.Agent with { Principal = TestDesk.Agent.Principal with { Desks = new HashSet<DeskId> { DeskId.Of("billing", "pl") } } };
        var (own, distant) = (await t.Open(language: "pl"), await t.Open());
        var refused = await t.Desk.Handle(own, Operation.Merge, new MergeTicket(new(distant)), null, polish, null, default);
        refused.ShouldBe(await t.Desk.Handle(own, Operation.Merge, new MergeTicket(new(Guid.CreateVersion7())), null, polish, null, default));
    }

    [Fact]
    public async Task A9_What_the_customer_writes_to_a_merged_ticket_is_kept_where_it_goes_on_and_the_answer_says_where()
    {
        var (a, b, c) = (await t.Open(), await t.Open(), await t.Open());
        await Merge(a, b);
        await Merge(b, c);
        var key = new RequestKey(Guid.CreateVersion7().ToByteArray(), Guid.CreateVersion7().ToByteArray());
        var message = new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Email, "One more thing.");
        var version = (await t.Desk.Find(a, TestDesk.Agent, Operation.ReadTicket, default))!.Version;
        for (var sent = 0; sent < 2; sent++)
            (await t.Desk.Handle(a, Operation.WriteAsCustomer, message, version, t.Customer("bob@example.org"), key, default)).ShouldBeOfType<Outcome.Done>().Ticket.ShouldBe(c);
        (await t.Store.ReadStream(c, 1, null, default)).Count(e => e.Type == "customer_message_received").ShouldBe(1);
        (await t.Desk.Handle(a, Operation.WriteAsCustomer, message, 1, t.Customer("bob@example.org"), null, default)).ShouldBeOfType<Outcome.Stale>();
    }

    [Fact]
    public async Task A9_An_unmerged_ticket_is_what_it_was_and_what_was_written_meanwhile_stays()
    {
        var (a, b) = (await t.Open(), await t.Open());
        await t.Do(a, new AssignTicket(new("ann")), operation: Operation.Assign);
        var before = await StateOf(a);
        await Merge(a, b);
        await t.Do(a, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Email, "Later."), operation: Operation.WriteAsCustomer);
        (await t.Do(a, new UnmergeTicket(), operation: Operation.Merge)).ShouldBeOfType<Outcome.Done>();
        var after = await StateOf(a);
        (after.Status, after.Place, after.Line, after.Agent, after.MergedInto).ShouldBe((before.Status, before.Place, before.Line, before.Agent, null));
        (await StateOf(b)).Absorbed.ShouldBeNull();
        (await t.Store.ReadStream(b, 1, null, default)).Count(e => e.Type == "customer_message_received").ShouldBe(1);
        (await Merge(a, b)).ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task A9_A_purged_other_ticket_does_not_stand_in_the_way_of_unmerging()
    {
        var (a, b) = (await t.Open(), await t.Open());
        await Merge(a, b);
        await t.Do(b, new SendReply(Guid.CreateVersion7(), Channel.Email, "Done."));
        await t.Do(b, new ResolveTicket(Resolution.Fixed), operation: Operation.Resolve);
        await t.Do(b, new PurgeTicket(PurgeReason.Mistake, Guid.CreateVersion7()), Asker.System, Operation.Purge);
        (await t.Do(a, new UnmergeTicket(), operation: Operation.Merge)).ShouldBeOfType<Outcome.Done>();
        (await StateOf(a)).Status.ShouldBe(Status.Open);
    }

    [Fact]
    public async Task A9_Links_stand_on_both_sides_and_go_from_both()
    {
        var (a, b) = (await t.Open(), await t.Open(email: "eve@example.org"));
        await t.Do(a, new LinkTicket(new(b), LinkKind.CausedBy), operation: Operation.Link);
        ((await StateOf(a)).Links![0], (await StateOf(b)).Links![0]).ShouldBe((new TicketLink(new(b), "causedBy"), new TicketLink(new(a), "causes")));
        await t.Do(b, new UnlinkTicket(new(a), LinkKind.Causes), operation: Operation.Link);
        ((await StateOf(a)).Links, (await StateOf(b)).Links).ShouldBe((null, null));
    }

    [Fact]
    public async Task T3_What_merges_write_into_the_views_is_what_a_replay_of_them_gives()
    {
        var (a, b) = (await t.Open(product: "router", severity: Severity.Critical), await t.Open(product: "router", severity: Severity.Standard));
        await t.Do(b, new SendReply(Guid.CreateVersion7(), Channel.Email, "We look."));
        t.Clock.Move(TimeSpan.FromMinutes(20));
        await Merge(a, b);
        (await StateOf(b)).UnansweredSince.ShouldBe((await StateOf(a)).OpenedAt);
        t.Clock.Move(TimeSpan.FromMinutes(10));
        await t.Do(a, new UnmergeTicket(), operation: Operation.Merge);
        await t.Do(a, new LinkTicket(new(b), LinkKind.RelatesTo), operation: Operation.Link);
        foreach (var view in new View[] { new TicketsView(), new ClockFacts(), new QueueCountsView() })
            (await ViewCheck.Run(t.Store, view, default)).ShouldSatisfyAllConditions(d => d.None.ShouldBeTrue(string.Join('\n', d.Examples)));
    }
}
