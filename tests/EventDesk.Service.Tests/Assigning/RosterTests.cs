using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Assigning;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Assigning;

public sealed class RosterTests(TestDesk t) : IClassFixture<TestDesk>
{
    RosterAgent Agent(string handle) => t.Get<OrganisationBook>().Now.FindAgent(handle)!;

    async Task<AgentLoad> Load(string handle) => (await t.Get<Roster>().Loads([Agent(handle)], default))[handle];

    [Fact]
    public async Task B5_Going_away_and_coming_back_are_events_saying_it_twice_is_one_and_tickets_stay()
    {
        await t.NewDesk("out", false, ("oz", 5));
        var ticket = await t.Open(product: "out");
        (await t.Next("oz").Taken()).ShouldBe(ticket);
        (await Load("oz")).ShouldBe(new AgentLoad(false, null, true, 1));
        foreach (var away in new[] { true, true, false, true })
            await t.SetAway("oz", away);
        (await Load("oz")).ShouldBe(new AgentLoad(true, t.Clock.GetUtcNow(), true, 1));
        (await t.State(ticket)).Agent!.Value.Value.ShouldBe("oz");

        await using var command = t.Store.DataSource.CreateCommand("select string_agg(type, ' ' order by version) from mt_events where data->>'agent' = 'oz' and type like 'agent_%'");
        (await command.ExecuteScalarAsync()).ShouldBe("agent_went_away agent_came_back agent_went_away");
    }

    [Fact]
    public async Task P3_Who_is_away_equals_a_replay()
    {
        await t.NewDesk("view", false, ("vic", 5), ("val", 5));
        await t.SetAway("vic", true);
        await t.SetAway("val", true);
        await t.SetAway("val", false);
        var view = ViewCatalog.Inline.OfType<PresenceView>().Single();
        (await ViewCheck.Run(t.Store, view, default)).None.ShouldBeTrue();
        await Rebuild.Run(t.Store, view, default);
        ((await Load("vic")).Away, (await Load("val")).Away).ShouldBe((true, false));
        await t.SetAway("vic", false);
        (await Load("vic")).Away.ShouldBeFalse();
    }

    [Fact]
    public async Task B5_An_agents_open_tickets_go_back_to_the_team_at_the_place_of_their_age()
    {
        var team = await t.NewDesk("back", false, ("bix", 5), ("bob", 5));
        List<Guid> tickets = [];
        for (var i = 0; i < 4; i++, t.Clock.Move(TimeSpan.FromSeconds(1)))
            tickets.Add(await t.Open(product: "back"));
        for (var i = 0; i < 3; i++)
            await t.Next("bix").Taken();
        await t.Do(tickets[1], new StartWaiting(WaitingReason.Customer), operation: Operation.Wait);
        await t.Do(tickets[2], new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);

        var given = await t.Get<Roster>().GiveBack(Agent("bix"), "ill", TestDesk.Coordinator, Reach.All, default);
        given.Select(g => g.Ticket).Order().ShouldBe(tickets.Take(2).Order());
        given.ShouldAllBe(g => g.Outcome is Outcome.Done);
        (await t.Get<Roster>().GiveBack(Agent("bix"), "ill", TestDesk.Coordinator, Reach.All, default)).ShouldBeEmpty();
        var first = await t.State(tickets[0]);
        (first.Agent, first.Team, first.Place).ShouldBe((null, team.Id, Place.Unassigned));
        (await t.State(tickets[1])).Place.ShouldBe(Place.Waiting);
        (await t.Next("bob").Taken()).ShouldBe(tickets[0]);
    }

    [Fact]
    public async Task B5_Who_works_here_no_more_gets_nothing_and_leaves_no_ticket_behind()
    {
        var team = await t.NewDesk("gone", false, ("gil", 5));
        var ticket = await t.Open(product: "gone");
        await t.Next("gil").Taken();
        await t.Define(new RosterAgent("gil", [team.Id], 5, Retired: true));
        (await t.Next("gil")).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("not_in_roster");
        t.Get<Roster>().Within(Reach.All).ShouldNotContain(a => a.Id == "gil");
        (await t.Get<Roster>().GiveBack(t.Get<Roster>().Find("gil", Reach.All)!, null, TestDesk.Coordinator, Reach.All, default)).Count.ShouldBe(1);
        (await t.State(ticket)).Place.ShouldBe(Place.Unassigned);
    }

    [Fact]
    public async Task S2_A_coordinator_gives_back_what_is_within_reach_only()
    {
        await t.NewDesk("reach", false, ("rea", 5));
        var ticket = await t.Open(product: "reach");
        await t.Next("rea").Taken();
        var elsewhere = new Reach(null, new HashSet<Domain.DeskId> { Domain.DeskId.Of("billing", "pl") });
        t.Get<Roster>().Find("rea", elsewhere).ShouldBeNull();
        (await t.Get<Roster>().GiveBack(Agent("rea"), null, TestDesk.Coordinator, elsewhere, default)).ShouldBeEmpty();
        (await t.Get<Roster>().GiveBack(Agent("rea"), null, AssigningDesk.AgentCalled("rea"), Reach.All, default)).Single().Outcome.ShouldBeOfType<Outcome.Forbidden>();
        (await t.State(ticket)).Agent.ShouldNotBeNull();
    }

    [Fact]
    public async Task P1_A_change_of_the_roster_makes_no_clock_be_read_anew()
    {
        var book = t.Get<OrganisationBook>();
        var before = book.HourRows;
        await t.NewDesk("calm", false, ("cal", 5));
        (book.HourRows - before).ShouldBe(1, "the desk alone");
    }
}
