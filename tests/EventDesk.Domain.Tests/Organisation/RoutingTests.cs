using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using NodaTime;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Organisation;

/// <summary>Which rule decides, what becomes of its target, and what the ticket's events say of it.</summary>
public sealed class RoutingTests
{
    static readonly Contract Vip = new("vip", "VIP", [new(Severity.High, new("1h"))], DirectToSecondLine: true, Agent: "vera");
    static readonly Contract Named = Vip with { Id = "named", DirectToSecondLine = false };
    static readonly CustomerId Kim = new(Guid.Parse("7f3c0000-0000-7000-8000-000000000001"));
    static readonly FormFacts Form = new("billing", "en", Channel.Portal, null, Kim, Severity.High, new Dictionary<string, string> { ["topic"] = "refund" });

    static readonly SupportOrganisation Desks = new(
        [new("billing", "Billing"), new("cloud", "Cloud")], [new("en", "English")], [new("billing", "en"), new("cloud", "en")], null, [Vip, Named],
        [new("l1", "billing/en", SupportLine.L1), new("l2", "billing/en", SupportLine.L2), new("cloud", "cloud/en", SupportLine.L1)],
        [new("vera", ["l2"], 5), new("ann", ["l1"], 5)]);

    static OrganisationHistory With(params RoutingRule[] rules) =>
        OrganisationHistory.Of(Desks with { Routing = new(rules, new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["refund", "other"] }) });

    static RoutingRule Rule(string id, RoutingTarget to, RoutingMatch? when = null) => new(id, to, when);

    static RuleRef Ref(string id) => new($"routing/{id}", 1);

    static readonly RoutingMatch Refunds = new(Fields: new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["refund"] });

    [Fact]
    public void B5_the_first_rule_that_matches_decides()
    {
        var history = With(
            Rule("critical", new(Line: SupportLine.L2), new(Severities: [Severity.Critical])), Rule("refunds", new(Team: "l2", Desk: "billing/en"), Refunds), Rule("all", new(Line: SupportLine.L1)));
        history.RouteOf(Form, Morning).ShouldBe(new Route(Ref("refunds"), null, SupportLine.L2, "l2"));
        history.RouteOf(Form with { Severity = Severity.Critical }, Morning)!.Rule.ShouldBe(Ref("critical"));
        history.RouteOf(Form with { Fields = null }, Morning)!.Rule.ShouldBe(Ref("all"));
    }

    [Fact]
    public void B5_a_rule_may_ask_for_product_language_channel_contract_customer_severity_and_fields()
    {
        void Only(RoutingMatch when, FormFacts other)
        {
            var rule = Rule("r", RoutingTarget.Triage, when);
            rule.Matches(Form with { Contract = "vip" }).ShouldBeTrue();
            rule.Matches(other with { Contract = other.Contract ?? "vip" }).ShouldBeFalse();
        }

        Only(new(Products: ["billing"]), Form with { Product = "cloud" });
        Only(new(Languages: ["en", "fr"]), Form with { Language = "pl" });
        Only(new(Channels: [Channel.Portal]), Form with { Channel = Channel.Email });
        Only(new(Contracts: ["vip"]), Form with { Contract = "named" });
        Only(new(Customers: [Kim.Value]), Form with { Customer = new(Guid.Empty) });
        Only(new(Severities: [Severity.High]), Form with { Severity = null });
        Only(Refunds, Form with { Fields = new Dictionary<string, string> { ["topic"] = "Refund please" } });
    }

    [Fact]
    public void B6_a_change_of_the_rules_decides_what_is_opened_from_then_on_and_its_version_is_on_the_decision()
    {
        var later = Morning.AddHours(1);
        var history = With(Rule("all", new(Line: SupportLine.L1))).With(new RoutingRules([Rule("all", new(Line: SupportLine.L2))]), Instant.FromDateTimeOffset(later));
        history.RouteOf(Form, later.AddTicks(-1)).ShouldBe(new Route(Ref("all"), Line: SupportLine.L1));
        history.RouteOf(Form, later).ShouldBe(new Route(new RuleRef("routing/all", 2), Line: SupportLine.L2));
    }

    [Fact]
    public void B4_what_a_contract_promises_comes_before_the_list()
    {
        var history = With(Rule("all", new(Line: SupportLine.L1)));
        history.RouteOf(Form with { Contract = "vip" }, Morning).ShouldBe(new Route(new("contract/vip", 1), Line: SupportLine.L2, Agent: new("vera")));
        history.RouteOf(Form with { Contract = "named" }, Morning).ShouldBe(new Route(new("contract/named", 1), Agent: new("vera")));
    }

    [Fact]
    public void B4_a_dedicated_agent_without_room_leaves_the_second_line_or_nothing()
    {
        var history = With();
        history.RouteOf(Form with { Contract = "vip" }, Morning)!.WithoutAgent.ShouldBe(new Route(new("contract/vip", 1), Line: SupportLine.L2));
        history.RouteOf(Form with { Contract = "named" }, Morning)!.WithoutAgent.ShouldBeNull();
    }

    [Fact]
    public void B5_a_rule_whose_target_is_gone_sends_nowhere_and_the_next_rule_does_not_stand_in()
    {
        void Nowhere(RoutingTarget to, object retired) => With(Rule("r", to), Rule("all", new(Line: SupportLine.L1)))
            .With(retired, Instant.FromDateTimeOffset(Morning)).RouteOf(Form, Morning).ShouldBeNull();

        Nowhere(new(Team: "l2"), Desks.FindTeam("l2")! with { Retired = true });
        Nowhere(new(Desk: "cloud/en", Line: SupportLine.L1), Desks.Find("cloud", "en")! with { Retired = true });
        Nowhere(new(Agent: "vera"), Desks.FindAgent("vera")! with { Retired = true });
        With(Rule("r", new(Line: SupportLine.L2, Agent: "vera"))).With(Desks.FindAgent("vera")! with { Retired = true }, Instant.FromDateTimeOffset(Morning))
            .RouteOf(Form, Morning).ShouldBe(new Route(Ref("r"), Line: SupportLine.L2));
    }

    static OpenTicket Open(Route? route, Channel channel = Channel.Portal) =>
        new(17, "billing", "en", channel, Opened.Requester, "Double charge", "I was charged twice.", Route: route);

    static readonly Decided Confirmed = new(new ConfirmationIssued(17, Channel.Portal), AutomaticRules.ConfirmReceipt);

    static TicketOpened Sent(SupportLine line, string? team = null) => OpenedByForm with { Line = line, Triage = false, Team = team };

    [Fact]
    public void A11_line_and_team_stand_on_the_opening_with_the_rule_and_cost_no_event() =>
        Given().When(Open(new(Ref("r"), Line: SupportLine.L2, Team: "l2"))).Then(new Decided(Sent(SupportLine.L2, "l2"), Ref("r")), Confirmed)
            .State.Place.ShouldBe(Place.Unassigned);

    [Fact]
    public void B5_a_rule_may_leave_a_ticket_in_triage_whatever_its_channel()
    {
        Given().When(Open(new(Ref("r")))).Then(new Decided(OpenedByForm, Ref("r")), Confirmed);
        Given().When(Open(new(Ref("r")), Channel.Email)).Then(
            new Decided(Opened with { Triage = true }, Ref("r")), new Decided(new ConfirmationIssued(17, Channel.Email), AutomaticRules.ConfirmReceipt));
    }

    [Fact]
    public void B5_a_rule_may_give_the_ticket_to_an_agent()
    {
        var t = Given().When(Open(new(Ref("r"), Line: SupportLine.L2, Team: "l2", Agent: BobId))).Then(
            new Decided(Sent(SupportLine.L2, "l2"), Ref("r")), Confirmed, new Decided(new TicketAssigned(BobId, "l2"), Ref("r"))).State;
        (t.Agent, t.Team, t.Place).ShouldBe((BobId, "l2", Place.Assigned));
    }

    [Fact]
    public void B5_a_rule_may_send_to_another_desk_and_the_history_keeps_what_the_form_said()
    {
        var t = Given().When(Open(new(Ref("r"), new Desk("cloud", "en"), SupportLine.L1, "cloud"))).Then(
            new Decided(Sent(SupportLine.L1), Ref("r")), Confirmed, new Decided(new TicketMoved("cloud", "en"), Ref("r")),
            new Decided(new TicketTransferred("cloud"), Ref("r"))).State;
        (t.Desk, t.Team, t.Place).ShouldBe((DeskId.Of("cloud", "en"), "cloud", Place.Unassigned));
        Given().When(Open(new(Ref("r"), new Desk("cloud", "en")))).Then(
            new Decided(OpenedByForm, Ref("r")), Confirmed, new Decided(new TicketMoved("cloud", "en"), Ref("r"))).State.Place.ShouldBe(Place.Triage);
    }

    [Fact]
    public void C3_the_clock_starts_at_submission_whatever_the_rules_do() =>
        Given().When(Open(new(Ref("r"), Line: SupportLine.L2, Agent: BobId))).Decision.ShouldBeOfType<Decision.Accepted>()
            .Events.Aggregate(Ticket.None, (t, d) => Ticket.Evolve(t, d.Event, Morning, false)).UnansweredSince.ShouldBe(Morning);
}
