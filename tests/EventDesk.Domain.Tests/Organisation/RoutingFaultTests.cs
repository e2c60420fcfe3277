using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Tests.Organisation;

/// <summary>An organisation that could not work is told so in exact words.</summary>
public sealed class RoutingFaultTests
{
    static readonly SupportOrganisation Sound = new(
        [new("billing", "Billing")], [new("en", "English")], [new("billing", "en")], null, null,
        [new("l1", "billing/en", SupportLine.L1), new("l3", "billing/en", SupportLine.L3)], [new("ann", ["l1"], 5)]);

    static readonly RoutingMatch English = new(Products: ["billing"], Languages: ["en"]);

    static void Faults(SupportOrganisation organisation, params string[] expected) => organisation.Faults().ShouldBe(expected);

    static void RuleFaults(RoutingTarget to, RoutingMatch? when, params string[] expected) => Faults(
        Sound with { Routing = new([new("r", to, when)], new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["refund"] }) }, expected);

    [Fact]
    public void B6_a_sound_one_has_no_faults() => RuleFaults(new(Team: "l1", Agent: "ann"), English with { Fields = Topic("refund") });

    [Fact]
    public void B6_a_team_of_an_unknown_desk() =>
        Faults(Sound with { Teams = [new("l1", "moon/en", SupportLine.L1)] }, "Team l1 names the unknown desk \"moon/en\".");

    [Fact]
    public void B6_an_agent_of_an_unknown_team_calendar_in_no_team_or_without_capacity() => Faults(
        Sound with { Agents = [new("ann", ["tea"], 5, "moon"), new("bob", [], 0), new("cy", ["l1", "l1"], 1_001)] },
        "Agent ann names the unknown team \"tea\".", "Agent ann names the unknown calendar \"moon\".",
        "Agent bob is in no team.", "Agent bob has a capacity of 0; give 1 to 1000.",
        "Agent cy has a capacity of 1001; give 1 to 1000.", "Agent cy names the team l1 2 times.");

    [Fact]
    public void B6_teams_and_agents_given_twice() => Faults(
        Sound with { Teams = [.. Sound.Teams!, Sound.Teams![0]], Agents = [.. Sound.Agents!, Sound.Agents![0]] },
        "Team l1 is given 2 times.", "Agent ann is given 2 times.");

    [Fact]
    public void B6_a_contract_whose_agent_is_not_in_the_roster() => Faults(
        Sound with { Contracts = [new("vip", "VIP", [new(Severity.High)], Agent: "vera")] }, "Contract vip names the unknown agent \"vera\".");

    [Fact]
    public void B6_a_rule_that_names_what_there_is_not() => RuleFaults(
        new("moon/en", Team: "tea", Agent: "bob"), new(["moon"], ["tlh"], [Channel.Import], ["gold"]),
        "Rule r names the unknown product \"moon\".", "Rule r names the unknown language \"tlh\".", "Rule r names the unknown contract \"gold\".",
        "Rule r names the unknown channel \"Import\".", "Rule r names the unknown desk \"moon/en\".", "Rule r names the unknown team \"tea\".",
        "Rule r names the unknown agent \"bob\".");

    [Fact]
    public void R1_a_rule_that_looks_at_free_text_or_at_no_choice_of_a_field() => RuleFaults(
        RoutingTarget.Triage, new(Fields: new Dictionary<string, IReadOnlyList<string>> { ["remarks"] = ["angry"], ["topic"] = ["refunds"] }),
        "Rule r looks at \"remarks\", which is no field of choice; rules never look at free text.", "Rule r names the unknown choice of topic \"refunds\".");

    [Fact]
    public void B6_a_list_that_matches_nothing() =>
        RuleFaults(RoutingTarget.Triage, new(Severities: []), "Rule r matches nothing: its list for severity is empty.");

    [Fact]
    public void A5_a_rule_cannot_go_around_the_management_evaluation()
    {
        RuleFaults(new(Line: SupportLine.L3), null, "Rule r sends to L3: the way above L2 leads over a management evaluation.");
        RuleFaults(new(Team: "l3"), English, "Rule r sends to L3: the way above L2 leads over a management evaluation.");
    }

    [Fact]
    public void B6_a_target_at_odds_with_itself()
    {
        RuleFaults(new(Line: SupportLine.L2, Team: "l1"), English, "Rule r sends to L2, but the team l1 works on L1.");
        RuleFaults(new(Team: "l1"), null, "Rule r sends to the team l1 of the desk billing/en: name that desk in its target, or its product and language in what it matches.");
        Faults(
            Sound with { Teams = [.. Sound.Teams!, new("l2", "billing/en", SupportLine.L2)], Routing = new([new("r", new(Team: "l2", Agent: "ann"), English)]) },
            "Rule r sends to the agent ann, who is not in the team l2.");
    }

    [Fact]
    public void B6_a_rule_no_ticket_can_reach() => Faults(
        Sound with
        {
            Routing = new([
                new("high", RoutingTarget.Triage, new(Severities: [Severity.Critical, Severity.High])), new("worst", RoutingTarget.Triage, new(Channels: [Channel.Portal], Severities: [Severity.Critical])),
                new("all", RoutingTarget.Triage), new("late", RoutingTarget.Triage, English), new("high", RoutingTarget.Triage, new(Channels: [Channel.Chat])),
            ]),
        },
        "Rule worst is reached by no ticket: high before it matches all of its tickets.",
        "Rule late is reached by no ticket: all before it matches all of its tickets.",
        "Rule high is given twice.", "Rule high is reached by no ticket: all before it matches all of its tickets.");

    static Dictionary<string, IReadOnlyList<string>> Topic(string choice) => new() { ["topic"] = [choice] };
}
