using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Tickets;

/// <summary>What a contract does beside its targets: another line, an agent of one's own, someone who stands in outside the hours.</summary>
public sealed class ContractTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly Contract Vip = new(
        "vip", "VIP", [new(Domain.Tickets.Severity.Standard, new("1h"), new("4h"))], SecondLineActsAsFirst: true, DirectToSecondLine: true, Agent: "vera");

    static readonly Contract Nightly = Vip with { Id = "nightly", DirectToSecondLine = false, Agent = null };

    static readonly Asker SecondLine = new(new Principal("sam", new HashSet<Role> { Role.Agent }, Lines: new HashSet<SupportLine> { SupportLine.L2 }));

    async Task Have(object definition)
    {
        var book = t.Get<OrganisationBook>();
        if (book.History.Versions(OrganisationHistory.KeyOf(definition)).Count == 0)
            (await book.Define(definition, null, 0, Actor.System, null, default)).ShouldBeOfType<Defining.Done>();
    }

    async Task<Guid> Open(string? contract, string email = "bob@example.org") =>
        ((Outcome.Done)await t.Desk.Open(new NewTicket("router", "en", Channel.Portal, "Bob", email, "s", "b", Contract: contract), TestDesk.Agent, null, default)).Ticket;

    [Fact]
    public async Task B4_A_VIP_goes_straight_to_the_second_line_and_to_the_dedicated_agent_and_the_contract_is_named_as_the_rule()
    {
        await Have(Vip);
        var (entry, events) = (await t.Desk.Replay(await Open("vip"), TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        (entry.Ticket.Line, entry.Ticket.Agent!.Value.Value, entry.Ticket.Place).ShouldBe((SupportLine.L2, "vera", Place.Assigned));
        events.Single(e => e.Event is TicketAssigned).Meta.Rule.ShouldBe(new Domain.RuleRef("contract/vip", 1));
        entry.Ticket.Clock!.Target.Seconds.ShouldBe(3600);
    }

    [Fact]
    public async Task B4_A_customer_who_has_a_plan_gets_it_without_naming_it()
    {
        await Have(Vip);
        await Have(new ContractHolder(t.Desk.CustomerOf("vip@example.org").Value, "vip"));
        (await t.Desk.Find(await Open(null, "vip@example.org"), TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket.Targets!.Contract.ShouldBe("vip");
        (await t.Desk.Find(await Open(null), TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket.Targets!.Contract.ShouldBe("standard");
        (await t.Desk.Open(new NewTicket("router", "en", Channel.Api, "Bob", "bob@example.org", "s", "b", Contract: "gold"), TestDesk.Agent, null, default))
            .ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("unknown_contract");
    }

    [Fact]
    public async Task A8_Outside_the_first_lines_hours_the_second_line_acts_as_first_where_the_contract_says_so()
    {
        await Have(Nightly);
        var (with, without) = (await Open("nightly"), await Open(null));
        foreach (var ticket in new[] { with, without })
            await t.Do(ticket, new TriageTicket(SupportLine.L1), operation: Operation.Triage);
        // Monday 2 November 2026, 10:00 in Warsaw: the desk is open, its first line does its own work.
        (await Reply(with)).ShouldBeOfType<Outcome.Forbidden>();
        t.Clock.Move(TimeSpan.FromHours(9));
        (await Reply(with)).ShouldBeOfType<Outcome.Done>();
        (await Reply(without)).ShouldBeOfType<Outcome.Forbidden>();
        var replied = (await t.Desk.Replay(with, TestDesk.Auditor, Operation.ReadHistory, default))!.Value.Events.Single(e => e.Event is ReplySent);
        (replied.Meta.ActingAs, replied.Meta.By.Id).ShouldBe((SupportLine.L1, "sam"));
        t.Clock.Move(TimeSpan.FromHours(-9));
    }

    Task<Outcome> Reply(Guid ticket) => t.Desk.Handle(
        ticket, Operation.Reply, new SendReply(Guid.CreateVersion7(), Channel.Email, "r"), null, SecondLine, null, default);
}
