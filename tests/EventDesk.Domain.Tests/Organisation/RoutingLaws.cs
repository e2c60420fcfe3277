using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Domain.Tests.Organisation;

/// <summary>What holds for every list of rules and every ticket, and for whatever is handed out to whomever.</summary>
public sealed class RoutingLaws
{
    static readonly string[] Words = ["a", "b", "c"];

    static Gen<IReadOnlyList<T>?> Some<T>(params T[] of) => Gen.Frequency(
        (2, Gen.Constant<IReadOnlyList<T>?>(null)),
        (1, Gen.SubListOf(of).Where(l => l.Count > 0).Select(l => (IReadOnlyList<T>?)[.. l])));

    static readonly Gen<RoutingRule> Rules =
        from products in Some(Words)
        from contracts in Some("x", "y")
        from channels in Some(Channel.Portal, Channel.Email)
        from severities in Some(Severity.Critical, Severity.High)
        from topics in Some(Words)
        from id in Gen.Choose(0, 1_000_000)
        select new RoutingRule($"r{id}", RoutingTarget.Triage, new(
            products, null, channels, contracts, null, severities, topics is null ? null : new Dictionary<string, IReadOnlyList<string>> { ["topic"] = topics }));

    static readonly Gen<FormFacts> Forms =
        from product in Gen.Elements(Words)
        from contract in Gen.Elements("x", "y", null)
        from channel in Gen.Elements(Channel.Portal, Channel.Email)
        from severity in Gen.Elements<Severity?>(Severity.Critical, Severity.High, null)
        from topic in Gen.Elements("a", "b", "c", "free text", null)
        select new FormFacts(product, "en", channel, contract, default, severity, topic is null ? null : new Dictionary<string, string> { ["topic"] = topic });

    static readonly Arbitrary<(RoutingRule[] Rules, FormFacts Form)> Cases = Arb.From(
        from n in Gen.Choose(0, 8)
        from rules in Rules.ArrayOf(n)
        from form in Forms
        select (rules, form));

    static void Always<T>(Arbitrary<T> cases, Func<T, bool> law) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(cases, law));

    [Fact]
    public void B5_no_rule_before_the_one_that_decides_matches_and_if_none_decides_none_matches() => Always(Cases, c =>
    {
        var first = new RoutingRules(c.Rules).First(c.Form);
        var before = c.Rules.TakeWhile(r => !ReferenceEquals(r, first));
        return before.All(r => !Naive(r.When!, c.Form)) && (first is null || Naive(first.When!, c.Form));
    });

    [Fact]
    public void B6_a_rule_said_to_be_out_of_reach_decides_on_no_ticket() => Always(Cases, c =>
        new RoutingRules(c.Rules).First(c.Form) is not { } first || !c.Rules.TakeWhile(r => !ReferenceEquals(r, first)).Any(r => r.Covers(first)));

    static bool Naive(RoutingMatch m, FormFacts f) =>
        m.Products?.Contains(f.Product) != false && m.Channels?.Contains(f.Channel) != false
        && (m.Contracts is null || (f.Contract is not null && m.Contracts.Contains(f.Contract)))
        && (m.Severities is null || m.Severities.Any(s => s == f.Severity))
        && (m.Fields is null || m.Fields["topic"].Any(t => t == f.Fields?.GetValueOrDefault("topic")));

    static readonly Arbitrary<(Dispatch.Waiting<int>[] Waiting, Dispatch.Hand[] Hands)> Queues = Arb.From(
        from n in Gen.Choose(0, 20)
        from waiting in Gen.SubListOf(Words).ArrayOf(n)
        from m in Gen.Choose(0, 6)
        from hands in (from teams in Gen.SubListOf(Words) from free in Gen.Choose(-2, 4) select (teams, free)).ArrayOf(m)
        select (
            waiting.Select((teams, i) => new Dispatch.Waiting<int>(i, [.. teams])).ToArray(),
            hands.Select((h, i) => new Dispatch.Hand($"agent{i}", [.. h.teams], h.free)).ToArray()));

    static bool Can(Dispatch.Hand hand, Dispatch.Waiting<int> ticket) => hand.Teams.Any(ticket.Teams.Contains);

    [Fact]
    public void B5_nobody_is_given_more_than_there_is_room_for_and_no_ticket_twice() => Always(Queues, q =>
    {
        var plan = Dispatch.Plan(q.Waiting, q.Hands);
        return plan.Select(g => g.Ticket).Distinct().Count() == plan.Count
            && q.Hands.All(h => plan.Count(g => g.Agent == h.Agent) <= Math.Max(h.Free, 0));
    });

    [Fact]
    public void B5_each_is_given_to_who_may_work_on_it() => Always(Queues, q => Dispatch.Plan(q.Waiting, q.Hands).All(g =>
        q.Waiting[g.Ticket].Teams.Contains(g.Team) && q.Hands.Single(h => h.Agent == g.Agent).Teams.Contains(g.Team)));

    [Fact]
    public void B5_the_oldest_goes_first_a_ticket_waits_only_while_all_who_could_take_it_are_full_with_older_ones() => Always(Queues, q =>
    {
        var plan = Dispatch.Plan(q.Waiting, q.Hands);
        return q.Waiting.Where(w => plan.All(g => g.Ticket != w.Ticket)).All(left =>
            q.Hands.Where(h => Can(h, left)).All(h => plan.Count(g => g.Agent == h.Agent && g.Ticket < left.Ticket) >= Math.Max(h.Free, 0)));
    });

    [Fact]
    public void B5_it_goes_to_whoever_of_them_has_the_most_room() => Always(Queues, q =>
    {
        var free = q.Hands.ToDictionary(h => h.Agent, h => h.Free);
        foreach (var (ticket, agent, _) in Dispatch.Plan(q.Waiting, q.Hands))
        {
            if (q.Hands.Any(h => Can(h, q.Waiting[ticket]) && free[h.Agent] > free[agent]))
                return false;
            free[agent]--;
        }
        return true;
    });
}
