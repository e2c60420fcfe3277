using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Assigning;

/// <summary>Teams that give out what waits by themselves.</summary>
public sealed class AutomaticAssignmentTests(TestDesk t) : IClassFixture<TestDesk>
{
    async Task<int> Pass()
    {
        await using var leases = new Leases(t.Store);
        using var assignment = Make(leases);
        return await assignment.Pass(default);
    }

    AutomaticAssignment Make(Leases leases) => new(
        t.Desk, t.Get<OrganisationBook>(), t.Get<WaitingTickets>(), t.Get<Roster>(), t.Get<Seats>(), leases, t.Clock);

    async Task<List<Guid>> Waiting(string product, int count)
    {
        List<Guid> tickets = [];
        for (; tickets.Count < count; t.Clock.Move(TimeSpan.FromSeconds(1)))
            tickets.Add(await t.Open(product: product));
        return tickets;
    }

    async Task<string?[]> Holders(IEnumerable<Guid> tickets) => [.. (await Task.WhenAll(tickets.Select(t.State))).Select(s => s.Agent?.Value)];

    [Fact]
    public async Task B5_A11_The_oldest_goes_to_the_present_agent_with_the_most_room_and_names_the_team_as_its_rule()
    {
        var team = await t.NewDesk("most", true, ("mo", 2), ("may", 3));
        var tickets = await Waiting("most", 7);
        await Pass();
        (await Holders(tickets)).ShouldBe(["may", "may", "mo", "may", "mo", null, null]);
        var assigned = (await t.Events(tickets[0]))[^1];
        assigned.Event.ShouldBe(new TicketAssigned(new("may"), team.Id));
        (assigned.Meta.Rule, assigned.Meta.By).ShouldBe((new RuleRef($"team/{team.Id}", 1), Actor.System));
    }

    [Fact]
    public async Task B5_When_everybody_is_full_tickets_wait_in_order_and_the_oldest_comes_first_when_there_is_room_again()
    {
        await t.NewDesk("full", true, ("flo", 1));
        var tickets = await Waiting("full", 3);
        await Pass();
        (await Pass()).ShouldBe(0);
        (await Holders(tickets)).ShouldBe(["flo", null, null]);
        await t.Do(tickets[0], new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
        await Pass();
        (await Holders(tickets)).ShouldBe(["flo", "flo", null]);
    }

    [Fact]
    public async Task B5_Nothing_goes_to_who_is_away_or_outside_working_hours()
    {
        await t.NewDesk("absent", true, ("abe", 5));
        var tickets = await Waiting("absent", 1);
        await t.SetAway("abe", true);
        await Pass();
        (await Holders(tickets)).ShouldBe([null]);
        await t.SetAway("abe", false);

        var tuesdays = new Dictionary<string, IReadOnlyList<string>> { ["tuesday"] = ["08:00-16:00"] };
        await t.Define(new CalendarDefinition("tuesdays", "UTC", tuesdays), new RosterAgent("abe", ["absent-l1"], 5, "tuesdays"));
        await Pass();
        (await Holders(tickets)).ShouldBe([null], "it is Monday");
        t.Clock.Move(TimeSpan.FromDays(1));
        await Pass();
        (await Holders(tickets)).ShouldBe(["abe"]);
    }

    [Fact]
    public async Task B5_Teams_that_do_not_assign_by_themselves_keep_what_waits_for_them_and_a_full_team_holds_up_no_other()
    {
        await t.NewDesk("slow", false, ("sal", 5));
        var busy = await t.NewDesk("busy", true, ("bo", 1));
        await t.Define(new Team("busy-l2", busy.Desk, SupportLine.L2, AssignsByItself: true), new RosterAgent("bea", ["busy-l2"], 5));
        var (slow, front) = (await Waiting("slow", 1), await Waiting("busy", 3));
        await t.Do(front[2], new AssessSeverity(Domain.Tickets.Severity.Request), operation: Operation.AssessSeverity);
        await t.Do(front[2], new EscalateTicket("beyond us"), operation: Operation.Escalate);
        await Pass();
        (await Holders(slow)).ShouldBe([null]);
        (await Holders(front)).ShouldBe(["bo", null, "bea"]);
    }

    [Fact]
    public async Task P4_Several_processes_give_each_ticket_once_and_nobody_more_than_there_is_room_for()
    {
        await t.NewDesk("nodes", true, ("nia", 6), ("noa", 5));
        var tickets = await Waiting("nodes", 20);
        // Worse than any change of the lease: four owners at once, while an agent helps herself.
        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(_ => Pass()), .. Enumerable.Range(0, 3).Select(_ => t.Next("nia"))]);
        await Pass();
        var holders = await Holders(tickets);
        (holders.Count(h => h == "nia"), holders.Count(h => h == "noa")).ShouldBe((6, 5));
        foreach (var ticket in tickets)
            (await t.Events(ticket)).Count(e => e.Event is TicketAssigned).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task B5_In_the_background_a_ticket_that_arrives_is_given_and_a_process_that_ends_is_followed_by_the_next()
    {
        await t.NewDesk("live", true, ("liv", 5));
        await using var leases = new Leases(t.Store);
        await using var others = new Leases(t.Store);
        using var first = Running(leases);
        using var second = Running(others);
        await first.StartAsync(default);
        await second.StartAsync(default);
        await Given(await t.Open(product: "live"));
        await first.StopAsync(default);
        await Given(await t.Open(product: "live"));
        await second.StopAsync(default);

        AutomaticAssignment Running(Leases of) => new(
            t.Desk, t.Get<OrganisationBook>(), t.Get<WaitingTickets>(), t.Get<Roster>(), t.Get<Seats>(), of, TimeProvider.System);
        Task Given(Guid ticket) => Eventually.Be(async () => (await t.State(ticket)).Agent?.Value == "liv", "the ticket was given out");
    }
}
