using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Access.Role;

namespace EventDesk.Domain.Tests.Access;

public sealed class PolicyTests
{
    static readonly CustomerId Me = new(Guid.Parse("7f3c0000-0000-7000-8000-000000000001"));
    static readonly CustomerId Other = new(Guid.Parse("7f3c0000-0000-7000-8000-000000000002"));
    static readonly DeskId Billing = DeskId.Of("billing", "en");
    static readonly DeskId Cards = DeskId.Of("cards", "pl");

    static Principal With(Role role) => new("x", new HashSet<Role> { role }, Customer: Me);
    static Principal AgentOf(DeskId desk, params SupportLine[] lines) => new("ann", new HashSet<Role> { Agent }, new HashSet<DeskId> { desk }, lines.ToHashSet());
    static TicketScope Ticket(DeskId desk, SupportLine line = SupportLine.L1) => new(desk, line, Me);

    // Who may do what, written down a second time on purpose: C customer, A agent, K coordinator, M manager, U auditor, N analyst, P privacy officer, D administrator, V provisioner.
    const string Expected = """
        OpenTicket          C A K . . . . . .
        ReadTicket          C A K M U . P . .
        ReadHistory         C A K M U . P . .
        ReadClocks          . A K M U . . . .
        ReadProof           . . . . U . P . .
        ReadQueues          . A K M U . . . .
        ReadMonitor         . A K M U . . . .
        ReadReports         . . K M U N . . .
        ReadLog             . . . . U . . . .
        ReadOrganisation    C A K M U N P D .
        ManageOrganisation  . . . . . . . D .
        ReadIncidents       . A K M U . . . .
        ManageIncidents     . A K M . . . . .
        WriteAsCustomer     C A K . . . . . .
        Reply               . A . M . . . . .
        CallBack            . A . M . . . . .
        AddNote             . A K M . . . . .
        Attach              C A K . . . . . .
        Triage              . . K . . . . . .
        Move                . . K . . . . . .
        Assign              . A K M . . . . .
        TakeNext            . A . . . . . . .
        SetPresence         . A K M . . . . .
        ReturnTickets       . . K M . . . . .
        AssessSeverity      . A K . . . . . .
        Escalate            . A K M . . . . .
        EvaluateEscalation  . . . M . . . . .
        Wait                . A K . . . . . .
        Resolve             . A . M . . . . .
        Reopen              C A K M . . . . .
        Close               C A K . . . . . .
        GiveFeedback        C . . . . . . . .
        ReviewFeedback      . . K M . . . . .
        Tag                 . A K . . . . . .
        Merge               . A K M . . . . .
        Link                . A K M . . . . .
        Bulk                . A K M . . . . .
        HoldForLaw          . . . . . . P . .
        ManageTokens        . . . . . . . D .
        Import              . . . . . . . D .
        Verify              . . . . U . P D .
        ReadOutbox          . . . . . . . D .
        ManagePeople        . . . . . . . D .
        Provision           . . . . . . . . V
        ReadAccess          . . . . U . P . .
        Recognise           C A K M U N P D .
        ReadHints           . A K M U . P . .
        Redact              . A K . . . P . .
        Reveal              . . . . . . P . .
        Erase               . . . . . . P . .
        Purge               . . . . . . P . .
        SetRetention        . . . . . . P . .
        RequestErasure      . . . . . . P . .
        ReadRetention       . . . . . . P D .
        RunRetention        . . . . . . P D .
        ExportSubject       . . . . . . P . .
        ExportOwn           C . . . . . . . .
        Search              . A K M U . . . .
        ShareViews          . . K M . . . . .
        Attend              . A K M U . P . .
        """;

    static readonly Role[] Columns = [Customer, Agent, Coordinator, Manager, Auditor, Analyst, PrivacyOfficer, Administrator, Provisioner];

    [Fact]
    public void S2_every_role_may_do_exactly_what_the_table_says()
    {
        var actual = Enum.GetValues<Operation>().Select(operation =>
            $"{operation,-20}{string.Join(' ', Columns.Select((role, i) => Policy.Decide(With(role), operation) is null ? '.' : "CAKMUNPDV"[i]))}");
        actual.ShouldBe(Expected.Split('\n'));
    }

    [Fact]
    public void S2_the_system_may_do_everything_everywhere()
    {
        foreach (var operation in Enum.GetValues<Operation>())
            Policy.Decide(Principal.System, operation).ShouldNotBeNull().Allows(operation, Ticket(Cards, SupportLine.Management)).ShouldBeTrue();
    }

    [Fact]
    public void S2_without_a_role_nothing_is_granted()
    {
        var nobody = new Principal("x", new HashSet<Role>(), Customer: Me);
        Enum.GetValues<Operation>().Where(o => Policy.Decide(nobody, o) is not null).ShouldBeEmpty();
    }

    [Fact]
    public void S2_a_customer_without_an_identity_reaches_nothing() => Policy.Decide(With(Customer) with { Customer = null }, Operation.ReadTicket).ShouldBeNull();

    [Fact]
    public void S2_a_customer_sees_own_tickets_only_and_of_those_only_what_is_public()
    {
        var grant = Policy.Decide(With(Customer), Operation.ReadTicket)!;
        grant.Allows(Operation.ReadTicket, Ticket(Billing)).ShouldBeTrue();
        grant.Allows(Operation.ReadTicket, Ticket(Billing) with { Requester = Other }).ShouldBeFalse();
        grant.Reach.SeesInternal.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Agent), InlineData(Coordinator)]
    public void S2_agents_and_coordinators_reach_their_desks_only(Role role)
    {
        var grant = Policy.Decide(With(role) with { Desks = new HashSet<DeskId> { Billing } }, Operation.ReadQueues)!;
        grant.Allows(Operation.ReadQueues, Ticket(Billing)).ShouldBeTrue();
        grant.Allows(Operation.ReadQueues, Ticket(Cards)).ShouldBeFalse();
        grant.Reach.SeesInternal.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Agent), InlineData(Coordinator)]
    public void S2_no_named_desk_means_every_desk(Role role) =>
        Policy.Decide(With(role), Operation.ReadTicket)!.Allows(Operation.ReadTicket, Ticket(Cards)).ShouldBeTrue();

    [Theory]
    [InlineData(Manager), InlineData(Auditor), InlineData(PrivacyOfficer)]
    public void S2_managers_auditors_and_privacy_officers_are_bound_to_no_desk(Role role) =>
        Policy.Decide(With(role) with { Desks = new HashSet<DeskId> { Billing } }, Operation.ReadTicket)!.Allows(Operation.ReadTicket, Ticket(Cards)).ShouldBeTrue();

    [Fact]
    public void S2_an_agent_works_on_own_lines_sees_their_load_and_reads_the_others()
    {
        Operation[] work = [Operation.ReadMonitor, Operation.Reply, Operation.CallBack, Operation.Assign, Operation.TakeNext, Operation.AssessSeverity, Operation.Escalate, Operation.Wait, Operation.Resolve, Operation.Merge];
        var ann = AgentOf(Billing, SupportLine.L1);
        var granted = Enum.GetValues<Operation>().Where(o => Policy.Decide(ann, o) is not null).ToArray();
        granted.Where(o => !Policy.Decide(ann, o)!.Allows(o, Ticket(Billing, SupportLine.L1))).ShouldBeEmpty();
        granted.Where(o => !Policy.Decide(ann, o)!.Allows(o, Ticket(Billing, SupportLine.L2))).ShouldBe(work);
    }

    [Fact]
    public void S2_agents_speak_for_themselves_coordinators_and_managers_for_others_too()
    {
        bool Speaks(Role role, string agent) => Policy.Decide(With(role), Operation.SetPresence)!.SpeaksFor(agent, With(role));
        (Speaks(Agent, "x"), Speaks(Agent, "y"), Speaks(Coordinator, "y"), Speaks(Manager, "y")).ShouldBe((true, false, true, true));
    }

    [Fact]
    public void S2_an_agent_takes_tickets_of_own_desks_and_lines_only()
    {
        var grant = Policy.Decide(AgentOf(Billing, SupportLine.L1), Operation.TakeNext)!;
        (grant.Works(Billing, SupportLine.L1), grant.Works(Billing, SupportLine.L2), grant.Works(Cards, SupportLine.L1)).ShouldBe((true, false, false));
    }

    [Fact]
    public void S2_an_empty_set_of_desks_is_no_desk() =>
        Policy.Decide(With(Agent) with { Desks = new HashSet<DeskId>() }, Operation.ReadTicket)!.Allows(Operation.ReadTicket, Ticket(Billing)).ShouldBeFalse();

    [Fact]
    public void S2_staff_who_are_customers_too_act_as_staff_where_both_may() =>
        Policy.Decide(AgentOf(Billing) with { Roles = new HashSet<Role> { Agent, Customer }, Customer = Me }, Operation.ReadTicket)!.Role.ShouldBe(Agent);

    [Fact]
    public void S2_one_more_role_of_staff_never_takes_anything_away()
    {
        Role[] staff = [Agent, Coordinator, Manager, Auditor, Analyst, PrivacyOfficer, Administrator];
        var ann = AgentOf(Billing, SupportLine.L1);
        var scopes = from desk in new[] { Billing, Cards } from line in Enum.GetValues<SupportLine>() select Ticket(desk, line);
        var lost =
            from scope in scopes
            from operation in Enum.GetValues<Operation>()
            from role in staff
            from more in staff
            let before = Policy.Decide(ann with { Roles = new HashSet<Role> { role } }, operation)
            let after = Policy.Decide(ann with { Roles = new HashSet<Role> { role, more } }, operation)
            where before?.Allows(operation, scope) == true && after?.Allows(operation, scope) != true
            select (operation, scope, role, more);
        lost.ShouldBeEmpty();
    }
}
