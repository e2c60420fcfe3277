using EventDesk.Domain.Access;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Incidents;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Incidents;

public sealed class IncidentDeskTests(TestDesk t) : IClassFixture<TestDesk>
{
    IncidentDesk Incidents => t.Get<IncidentDesk>();

    [Fact]
    public async Task A6_Severity_1_starts_an_incident_in_the_transaction_of_its_assessment_and_the_next_ticket_joins_it()
    {
        await NothingIsOpen();
        var first = await t.Open(email: "one@example.org");
        await t.Do(first, new AssessSeverity(Domain.Tickets.Severity.Critical), operation: Operation.AssessSeverity);
        var second = await t.Open(email: "two@example.org", severity: Domain.Tickets.Severity.Critical);
        var elsewhere = await t.Open(product: "router", severity: Domain.Tickets.Severity.Critical);

        var incident = (await Ticket(first)).Incident!.Value;
        (await Ticket(second)).Incident.ShouldBe(incident);
        (await Ticket(elsewhere)).Incident!.Value.ShouldNotBe(incident);
        var declared = (await t.Desk.Replay(first, TestDesk.Auditor, Operation.ReadHistory, default))!.Value.Events[^1];
        (declared.Event, declared.Meta.Rule).ShouldBe((new IncidentDeclared(incident), IncidentRules.Rule));
        await using var command = t.Store.DataSource.CreateCommand(
            $"select count(distinct xmin::text) from mt_events where stream_id = '{incident}' or (stream_id = '{first}' and type = 'incident_declared')");
        (await command.ExecuteScalarAsync()).ShouldBe(1L);

        var (row, affected) = (await Incidents.Find(incident, default))!.Value;
        (row.Tickets, row.Customers, row.Owed).ShouldBe((2, 2, 2));
        affected.Select(a => a.Tickets.Single()).ShouldBe([first, second], ignoreOrder: true);
        await NoDrift();
    }

    [Fact]
    public async Task A6_For_every_customer_it_is_written_down_whether_they_were_told_personally_or_by_the_status_page()
    {
        await NothingIsOpen();
        var ticket = await t.Open(product: "router", email: "told@example.org", severity: Domain.Tickets.Severity.Critical);
        var incident = (await Ticket(ticket)).Incident!.Value;
        var told = new CustomerContacted(t.Desk.CustomerOf("told@example.org"), Channel.Phone);
        (await Say(incident, told, 1)).ShouldBeOfType<Outcome.Done>().Version.ShouldBe(2);
        (await Say(incident, told, 1)).ShouldBeOfType<Outcome.Stale>().ActualVersion.ShouldBe(2);
        var (row, affected) = (await Incidents.Find(incident, default))!.Value;
        (row.Customers, row.Owed).ShouldBe((1, 0));
        affected.Single(a => a.Customer == told.Customer.Value).Contacted.ShouldBe(Channel.Phone);
        await Say(incident, new IncidentPublished("We are looking into it."), 2);
        (await Incidents.Find(incident, default))!.Value.Incident.ShouldSatisfyAllConditions(i => i.Owed.ShouldBe(0), i => i.Published.ShouldBeTrue());
        await NoDrift();
    }

    [Fact]
    public async Task A6_A_lower_severity_never_takes_the_incident_away_and_a_resolved_one_takes_no_more()
    {
        await NothingIsOpen();
        var ticket = await t.Open(language: "pl", severity: Domain.Tickets.Severity.Critical);
        var incident = (await Ticket(ticket)).Incident!.Value;
        await t.Do(ticket, new AssessSeverity(Domain.Tickets.Severity.Request), operation: Operation.AssessSeverity);
        await t.Do(ticket, new AssessSeverity(Domain.Tickets.Severity.Critical), operation: Operation.AssessSeverity);
        (await Ticket(ticket)).Incident.ShouldBe(incident);
        var version = (await Incidents.Find(incident, default))!.Value.Incident.Version;
        await Say(incident, new IncidentStateChanged(IncidentState.Resolved), version);
        (await Say(incident, new IncidentPublished("Again."), version + 1)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("incident_resolved");
        var next = await t.Open(language: "pl", severity: Domain.Tickets.Severity.Critical);
        (await Ticket(next)).Incident!.Value.ShouldNotBe(incident);
    }

    /// <summary>The tests share a desk and come in any order.</summary>
    async Task NothingIsOpen()
    {
        foreach (var open in await Incidents.List(open: true, 100, default))
            (await Say(open.Id, new IncidentStateChanged(IncidentState.Resolved), open.Version)).ShouldBeOfType<Outcome.Done>();
    }

    Task<Outcome> Say(Guid incident, IncidentEvent happened, long version) =>
        Incidents.Handle(incident, happened, version, TestDesk.Coordinator, Operation.ManageIncidents, default);

    async Task<Ticket> Ticket(Guid id) => (await t.Desk.Find(id, TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket;

    async Task NoDrift() => (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<IncidentsView>().Single(), default)).Examples.ShouldBeEmpty();
}
