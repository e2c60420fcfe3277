using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Access;

/// <summary>What the policy needs to know of a ticket.</summary>
public sealed record TicketScope(DeskId Desk, SupportLine Line, CustomerId Requester);

/// <summary>
/// The tickets someone reaches: own ones, those of certain desks, or all. The same value filters lists, counts, searches,
/// exports and live updates in SQL and decides single reads here, so they cannot differ.
/// </summary>
/// <param name="Customer">Only this customer's tickets, and of those only what is public.</param>
/// <param name="Desks">Only these desks; null: all.</param>
public sealed record Reach(CustomerId? Customer, IReadOnlySet<DeskId>? Desks)
{
    public static readonly Reach All = new(null, null);

    /// <summary>Notes, internal attachments and the inner workings of the desk are shown.</summary>
    public bool SeesInternal => Customer is null;

    public bool Covers(TicketScope t) => Customer is { } c ? t.Requester == c : Desks is null || Desks.Contains(t.Desk);
}

/// <summary>Someone may do something, in this role and within this reach.</summary>
public sealed record Grant(Role Role, Reach Reach, IReadOnlySet<SupportLine>? Lines)
{
    /// <summary>A ticket out of reach does not exist for the asker; one on a line that is not theirs can be read, not worked.</summary>
    public bool Allows(Operation operation, TicketScope t) =>
        Reach.Covers(t) && (Lines is null || !Policy.NeedsLine(operation) || Lines.Contains(t.Line));
}

/// <summary>The one place that says who may do what.</summary>
public static class Policy
{
    static readonly IReadOnlyDictionary<Role, IReadOnlySet<Operation>> Granted = new Dictionary<Role, IReadOnlySet<Operation>>
    {
        [Role.Customer] = Set(
            Operation.OpenTicket, Operation.ReadTicket, Operation.ReadHistory, Operation.WriteAsCustomer, Operation.Attach,
            Operation.Reopen, Operation.Close, Operation.GiveFeedback, Operation.ReadOrganisation),
        [Role.Agent] = Set(
            Operation.ReadIncidents, Operation.ManageIncidents,
            Operation.OpenTicket, Operation.ReadTicket, Operation.ReadHistory, Operation.ReadClocks, Operation.ReadQueues, Operation.ReadMonitor, Operation.ReadOrganisation,
            Operation.WriteAsCustomer, Operation.Reply, Operation.AddNote, Operation.Attach, Operation.Assign, Operation.AssessSeverity,
            Operation.Escalate, Operation.Wait, Operation.Resolve, Operation.Reopen, Operation.Close, Operation.Tag),
        [Role.Coordinator] = Set(
            Operation.ReadIncidents, Operation.ManageIncidents,
            Operation.OpenTicket, Operation.ReadTicket, Operation.ReadHistory, Operation.ReadClocks, Operation.ReadQueues, Operation.ReadMonitor, Operation.ReadOrganisation, Operation.ReadReports,
            Operation.WriteAsCustomer, Operation.AddNote, Operation.Attach, Operation.Triage, Operation.Move, Operation.Assign, Operation.AssessSeverity,
            Operation.Escalate, Operation.Wait, Operation.Reopen, Operation.Close, Operation.ReviewFeedback, Operation.Tag),
        [Role.Manager] = Set(
            Operation.ReadIncidents, Operation.ManageIncidents,
            Operation.ReadTicket, Operation.ReadHistory, Operation.ReadClocks, Operation.ReadQueues, Operation.ReadMonitor, Operation.ReadOrganisation, Operation.ReadReports, Operation.AddNote,
            Operation.Assign, Operation.Escalate, Operation.EvaluateEscalation, Operation.Reply, Operation.Resolve, Operation.Reopen, Operation.ReviewFeedback),
        [Role.Auditor] = Set(
            Operation.ReadIncidents,
            Operation.ReadTicket, Operation.ReadHistory, Operation.ReadClocks, Operation.ReadProof, Operation.ReadQueues, Operation.ReadMonitor, Operation.ReadReports, Operation.ReadLog,
            Operation.ReadOrganisation, Operation.Verify),
        [Role.Analyst] = Set(Operation.ReadReports, Operation.ReadOrganisation),
        [Role.PrivacyOfficer] = Set(
            Operation.ReadTicket, Operation.ReadHistory, Operation.ReadProof, Operation.HoldForLaw, Operation.ReadOrganisation, Operation.Verify),
        [Role.Administrator] = Set(Operation.ManageTokens, Operation.ReadOrganisation, Operation.ManageOrganisation, Operation.Import, Operation.Verify, Operation.ReadOutbox),
        [Role.System] = Set(Enum.GetValues<Operation>()),
    };

    /// <summary>
    /// The grant under which <paramref name="p"/> may do <paramref name="operation"/>, or null. Staff roles come before the
    /// customer's, and of several the widest: one more role of staff never takes anything away.
    /// </summary>
    public static Grant? Decide(Principal p, Operation operation) => p.Roles
        .Where(role => Granted[role].Contains(operation))
        .Order()
        .Select(role => GrantIn(role, p))
        .OfType<Grant>()
        .OrderBy(g => g.Role == Role.Customer)
        .ThenBy(g => g.Reach.Desks is not null)
        .ThenBy(g => g.Lines is not null)
        .FirstOrDefault();

    static Grant? GrantIn(Role role, Principal p) => role switch
    {
        Role.Customer => p.Customer is { } c ? new Grant(role, new Reach(c, null), null) : null,
        Role.Agent => new Grant(role, new Reach(null, p.Desks), p.Lines),
        Role.Coordinator => new Grant(role, new Reach(null, p.Desks), null),
        _ => new Grant(role, Reach.All, null),
    };

    /// <summary>
    /// The work of a line is done by the people of that line, and how much of it there is concerns them; reading tickets, noting and writing down what a
    /// customer said are for all of the desk.
    /// </summary>
    internal static bool NeedsLine(Operation operation) => operation is
        Operation.ReadMonitor or Operation.Reply or Operation.Assign or Operation.AssessSeverity or Operation.Escalate or Operation.Wait or Operation.Resolve;

    static HashSet<Operation> Set(params Operation[] operations) => [.. operations];
}
