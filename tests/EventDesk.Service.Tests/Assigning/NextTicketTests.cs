using System.Security.Cryptography;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Assigning;

/// <summary>Agents who ask for the next ticket: the oldest they may work on, each ticket once, never above capacity.</summary>
public sealed class NextTicketTests(TestDesk t) : IClassFixture<TestDesk>
{
    async Task<Guid> Wait(string product, Severity? severity = null)
    {
        t.Clock.Move(TimeSpan.FromSeconds(1));
        return await t.Open(product: product, severity: severity);
    }

    [Fact]
    public async Task B5_D1_The_next_ticket_is_the_first_of_the_queues_order_and_goes_to_the_agents_team()
    {
        var team = await t.NewDesk("ada", false, ("ada", 10));
        var (third, second, first) = (await Wait("ada"), await Wait("ada", Domain.Tickets.Severity.High), await Wait("ada", Domain.Tickets.Severity.Critical));
        Guid[] taken = [await t.Next("ada").Taken(), await t.Next("ada").Taken(), await t.Next("ada").Taken()];
        taken.ShouldBe([first, second, third]);
        (await t.Next("ada")).ShouldBeNull();
        var assigned = (await t.Events(first))[^1];
        assigned.Event.ShouldBe(new TicketAssigned(new("ada"), team.Id));
        (assigned.Meta.By, assigned.Meta.Rule).ShouldBe((new Actor("ada", Role.Agent), null));
    }

    [Fact]
    public async Task B5_Many_who_ask_at_once_never_get_the_same_ticket_and_get_the_oldest()
    {
        string[] agents = [.. Enumerable.Range(0, 12).Select(i => $"racer{i}")];
        await t.NewDesk("race", false, [.. agents.Select(a => (a, 2))]);
        List<Guid> waiting = [];
        for (var i = 0; i < 40; i++)
            waiting.Add(await Wait("race"));
        var taken = await Task.WhenAll(agents.Concat(agents).Select(a => t.Next(a).Taken()));
        taken.ShouldBeUnique();
        taken.Order().ShouldBe(waiting.Take(24).Order());
    }

    [Fact]
    public async Task B5_One_agent_who_asks_many_times_at_once_stays_within_capacity()
    {
        await t.NewDesk("greedy", false, ("gus", 3));
        for (var i = 0; i < 10; i++)
            await Wait("greedy");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => t.Next("gus")));
        outcomes.Count(o => o is Outcome.Done).ShouldBe(3);
        outcomes.OfType<Outcome.Refused>().Select(r => r.Code).Distinct().ShouldBe(["at_capacity"]);
        (await t.Queues.FurtherCounts(new("gus"), Reach.All, default)).Mine.ShouldBe(3);
    }

    [Fact]
    public async Task B5_Who_is_away_full_or_not_in_the_roster_gets_nothing_and_is_told_why()
    {
        await t.NewDesk("shy", false, ("sia", 1));
        var (one, two) = (await Wait("shy"), await Wait("shy"));
        (await t.Next("nobody")).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("not_in_roster");
        await t.SetAway("sia", true);
        (await t.Next("sia")).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("agent_away");
        await t.SetAway("sia", false);
        (await t.Next("sia").Taken()).ShouldBe(one);
        (await t.Next("sia")).ShouldBe(new Outcome.Refused("at_capacity", "You have 1 open tickets, and a capacity of 1."));
        // A ticket that waits for its customer is still one of hers; a resolved one is not.
        await t.Do(one, new StartWaiting(WaitingReason.Customer), operation: Operation.Wait);
        (await t.Next("sia")).ShouldBeOfType<Outcome.Refused>();
        await t.Do(one, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        (await t.Next("sia").Taken()).ShouldBe(two);
    }

    [Fact]
    public async Task S2_An_agent_gets_tickets_of_own_desks_and_lines_only_and_customers_get_none()
    {
        var team = await t.NewDesk("lines", false, ("lin", 9));
        await t.Define(new Team("lines-l2", team.Desk, SupportLine.L2), new RosterAgent("lin", [team.Id, "lines-l2"], 9));
        var ticket = await Wait("lines");
        var second = new Asker(new Principal("lin", new HashSet<Role> { Role.Agent }, Lines: new HashSet<SupportLine> { SupportLine.L2 }));
        (await t.Get<Service.Assigning.NextTicket>().For(second, null, null, null, default)).ShouldBeNull();
        (await t.Get<Service.Assigning.NextTicket>().For(TestDesk.Coordinator, null, null, null, default)).ShouldBeOfType<Outcome.Forbidden>();
        (await t.Next("lin", line: SupportLine.L2)).ShouldBeNull();
        (await t.Next("lin").Taken()).ShouldBe(ticket);
    }

    [Fact]
    public async Task B5_What_was_sent_to_one_team_is_left_to_it_and_what_was_sent_to_none_is_left_to_nobody()
    {
        var team = await t.NewDesk("split", false, ("ina", 9));
        await t.Define(new Team("split-cards", team.Desk, SupportLine.L1), new RosterAgent("ola", ["split-cards"], 9));
        var cards = await Triaged("split-cards");
        var unknown = await Triaged("no-such-team");
        (await t.Next("ina").Taken()).ShouldBe(unknown);
        (await t.Next("ina")).ShouldBeNull();
        await t.Define(new Team("split-cards", team.Desk, SupportLine.L1, Retired: true));
        (await t.Next("ina").Taken()).ShouldBe(cards, "the others of the line take what waits for a team that is gone");

        async Task<Guid> Triaged(string to)
        {
            t.Clock.Move(TimeSpan.FromSeconds(1));
            var ticket = await t.Open(product: "split", channel: Channel.Portal);
            (await t.Do(ticket, new TriageTicket(SupportLine.L1, to), TestDesk.Coordinator, Operation.Triage)).ShouldBeOfType<Outcome.Done>();
            return ticket;
        }
    }

    [Fact]
    public async Task A10_Asking_again_with_the_same_key_gives_the_same_ticket_even_when_full_by_now()
    {
        await t.NewDesk("again", false, ("aga", 1));
        var (first, _) = (await Wait("again"), await Wait("again"));
        var key = new RequestKey(RandomNumberGenerator.GetBytes(32), new byte[32]);
        (await t.Next("aga", key).Taken()).ShouldBe(first);
        (await t.Next("aga", key)).ShouldBeOfType<Outcome.Done>().ShouldSatisfyAllConditions(d => d.Ticket.ShouldBe(first), d => d.Repeated.ShouldBeTrue());
        (await t.Next("aga", key with { Request = RandomNumberGenerator.GetBytes(32) })).ShouldBeOfType<Outcome.KeyReused>();
    }
}
