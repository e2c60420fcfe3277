using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Assigning;

/// <summary>What rules do to tickets as they are opened, and what they leave alone.</summary>
public sealed class RoutingTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly Dictionary<string, IReadOnlyList<string>> Topics = new() { ["topic"] = ["refund", "other"] };

    /// <summary>Tests share one list: each adds its own rule, for a product of its own.</summary>
    async Task<RuleRef> Rule(string product, RoutingTarget to, RoutingMatch? when = null)
    {
        var rules = t.Get<OrganisationBook>().Now.Routing?.Rules ?? [];
        var rule = new RoutingRule($"rule-{product}", to, (when ?? new()) with { Products = [product], Languages = ["en"] });
        await t.Define(new RoutingRules([.. rules.Where(r => r.Id != rule.Id), rule], Topics));
        return new($"routing/{rule.Id}", t.Get<OrganisationBook>().History.Versions(RoutingRules.Key).Count);
    }

    async Task<Guid> Open(string product, Channel channel = Channel.Portal, string? topic = null, string body = "Please help.") =>
        (await t.Desk.Open(
            new NewTicket(product, "en", channel, "Bob", "bob@example.org", "Help", body, Fields: topic is null ? null : new Dictionary<string, string> { ["topic"] = topic }),
            TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Done>().Ticket;

    [Fact]
    public async Task B5_A11_A_form_ticket_that_matches_a_rule_goes_to_its_team_in_the_transaction_of_its_opening()
    {
        var team = await t.NewDesk("teapots", false, ("tess", 5));
        var rule = await Rule("teapots", new(Team: team.Id), new(Fields: new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["refund"] }));
        var (sent, plain) = (await Open("teapots", topic: "refund"), await Open("teapots", topic: "refund, and be quick"));

        var state = await t.State(sent);
        (state.Team, state.Line, state.Place).ShouldBe((team.Id, SupportLine.L1, Place.Unassigned));
        (await t.Events(sent)).Select(e => (e.Event.GetType(), e.Meta.Rule)).ShouldBe([(typeof(TicketOpened), rule), (typeof(ConfirmationIssued), AutomaticRules.ConfirmReceipt)]);
        (await t.Events(plain))[0].Meta.Rule.ShouldBe(AutomaticRules.FormTicketsToTriage);
        (await t.State(plain)).Place.ShouldBe(Place.Triage);
    }

    [Fact]
    public async Task B5_Without_a_matching_rule_a_form_ticket_lands_in_triage_and_costs_no_event_more()
    {
        await t.NewDesk("plain", false, ("paul", 5));
        var form = await Open("plain");
        (await t.State(form)).Place.ShouldBe(Place.Triage);
        (await t.Events(form)).Select(e => e.Event.GetType()).ShouldBe([typeof(TicketOpened), typeof(ConfirmationIssued)]);
        (await t.State(await Open("plain", Channel.Email))).Place.ShouldBe(Place.Unassigned);
    }

    [Fact]
    public async Task B5_A_rule_gives_the_ticket_to_its_agent_until_the_agent_is_full_or_away()
    {
        var team = await t.NewDesk("kettles", false, ("kit", 2));
        var rule = await Rule("kettles", new(Team: team.Id, Agent: "kit"));
        foreach (var expected in new[] { "kit", "kit", null })
            (await Holder(await Open("kettles"))).ShouldBe(expected);
        var events = await t.Events(await Open("kettles"));
        events.ShouldNotContain(e => e.Event is TicketAssigned);

        await t.Define(new RosterAgent("kit", [team.Id], 100));
        await t.SetAway("kit", true);
        (await t.State(await Open("kettles"))).ShouldSatisfyAllConditions(s => s.Agent.ShouldBeNull(), s => s.Team.ShouldBe(team.Id), s => s.Place.ShouldBe(Place.Unassigned));
        await t.SetAway("kit", false);
        (await t.Events(await Open("kettles"))).Single(e => e.Event is TicketAssigned).Meta.Rule.ShouldBe(rule);
    }

    async Task<string?> Holder(Guid ticket) => (await t.State(ticket)).Agent?.Value;

    [Fact]
    public async Task B5_Many_tickets_at_once_never_bring_the_agent_of_a_rule_above_capacity()
    {
        var team = await t.NewDesk("jugs", false, ("jo", 7));
        await Rule("jugs", new(Team: team.Id, Agent: "jo"));
        var opened = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Open("jugs")));
        var states = await Task.WhenAll(opened.Select(t.State));
        states.Count(s => s.Agent?.Value == "jo").ShouldBe(7);
        states.Count(s => s is { Agent: null, Place: Place.Unassigned }).ShouldBe(23);
    }

    [Fact]
    public async Task B5_A_rule_about_an_agent_alone_leaves_the_ticket_in_triage_when_there_is_no_room()
    {
        await t.NewDesk("spoons", false, ("sol", 1));
        await Rule("spoons", new(Agent: "sol"));
        (await t.State(await Open("spoons"))).Place.ShouldBe(Place.Assigned);
        (await t.State(await Open("spoons"))).Place.ShouldBe(Place.Triage);
    }

    [Fact]
    public async Task B5_Changing_the_rules_changes_only_what_is_opened_afterwards()
    {
        await t.NewDesk("lids", false, ("lou", 5));
        await Rule("lids", new(Line: SupportLine.L2));
        var before = await Open("lids");
        var second = await Rule("lids", new(Line: SupportLine.L1));
        var after = await Open("lids");
        ((await t.State(before)).Line, (await t.State(after)).Line).ShouldBe((SupportLine.L2, SupportLine.L1));
        (await t.Events(after))[0].Meta.Rule.ShouldBe(second);
    }

    [Fact]
    public async Task B5_When_the_target_is_retired_the_ticket_stays_in_triage_and_nothing_is_lost()
    {
        var team = await t.NewDesk("whisks", false, ("wim", 5));
        await Rule("whisks", new(Team: team.Id));
        await t.Define(team with { Retired = true });
        (await t.State(await Open("whisks"))).Place.ShouldBe(Place.Triage);
        (await t.State(await Open("whisks", Channel.Email))).Place.ShouldBe(Place.Unassigned);
    }

    [Fact]
    public async Task B5_C5_A_rule_sends_to_another_desk_whose_clock_it_runs_on()
    {
        await t.NewDesk("forks", false, ("fay", 5));
        await Rule("forks", new("router/en", SupportLine.L1));
        var state = await t.State(await Open("forks"));
        (state.Desk, state.Place, state.Targets!.Contract, state.Clock!.Started).ShouldBe((DeskId.Of("router", "en"), Place.Unassigned, "standard", state.OpenedAt));
        (await t.Queues.Counts(Reach.All, default)).ShouldContain(c => c.Desk == DeskId.Of("router", "en") && c.Line == SupportLine.L1 && c.Place == Place.Unassigned);
    }

    [Fact]
    public async Task B6_A_part_that_was_at_odds_before_does_not_keep_another_from_being_mended()
    {
        var team = await t.NewDesk("pans", false, ("pam", 5));
        var book = t.Get<OrganisationBook>();
        (await book.Define(new RosterAgent("pam", ["tea"], 5), null, 1, Actor.System, null, default))
            .ShouldBeOfType<Defining.Refused>().Reasons.ShouldBe(["Agent pam names the unknown team \"tea\"."]);
        (await book.Define(new RoutingRules([new("r", new(Team: "tea"))]), null, book.History.Versions(RoutingRules.Key).Count, Actor.System, null, default))
            .ShouldBeOfType<Defining.Refused>().Reasons.ShouldBe(["Rule r names the unknown team \"tea\"."]);
        book.Now.FindAgent("pam")!.Teams.ShouldBe([team.Id]);
    }
}
