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

    /// <summary>The tickets of a desk and line are within reach and may be worked on.</summary>
    public bool Works(DeskId desk, SupportLine line) =>
        Reach.SeesInternal && (Reach.Desks is null || Reach.Desks.Contains(desk)) && (Lines is null || Lines.Contains(line));

    /// <summary>Agents say of themselves whether they are there; those who see to the work of others say it of these too.</summary>
    public bool SpeaksFor(string agent, Principal asker) => Role != Role.Agent || asker.Id == agent;
}

/// <summary>The one place that says who may do what.</summary>
public static class Policy
{
    /// <summary>Who may do what, the program itself apart: it may do everything.</summary>
    static readonly IReadOnlyDictionary<Operation, IReadOnlySet<Role>> Granted = new Dictionary<Operation, IReadOnlySet<Role>>
    {
        [Operation.OpenTicket] = Set(Role.Customer, Role.Agent, Role.Coordinator),
        [Operation.ReadTicket] = Set(Role.Customer, Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.PrivacyOfficer),
        [Operation.ReadHistory] = Set(Role.Customer, Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.PrivacyOfficer),
        [Operation.ReadClocks] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor),
        [Operation.ReadProof] = Set(Role.Auditor, Role.PrivacyOfficer),
        [Operation.ReadQueues] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor),
        [Operation.ReadMonitor] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor),
        [Operation.ReadReports] = Set(Role.Coordinator, Role.Manager, Role.Auditor, Role.Analyst),
        [Operation.ReadLog] = Set(Role.Auditor),
        [Operation.ReadOrganisation] = Set(Role.Customer, Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.Analyst, Role.PrivacyOfficer, Role.Administrator),
        [Operation.ManageOrganisation] = Set(Role.Administrator),
        [Operation.ReadIncidents] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor),
        [Operation.ManageIncidents] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.WriteAsCustomer] = Set(Role.Customer, Role.Agent, Role.Coordinator),
        [Operation.Reply] = Set(Role.Agent, Role.Manager),
        [Operation.CallBack] = Set(Role.Agent, Role.Manager),
        [Operation.AddNote] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.Attach] = Set(Role.Customer, Role.Agent, Role.Coordinator),
        [Operation.Triage] = Set(Role.Coordinator),
        [Operation.Move] = Set(Role.Coordinator),
        [Operation.Assign] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.TakeNext] = Set(Role.Agent),
        [Operation.SetPresence] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.ReturnTickets] = Set(Role.Coordinator, Role.Manager),
        [Operation.AssessSeverity] = Set(Role.Agent, Role.Coordinator),
        [Operation.Escalate] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.EvaluateEscalation] = Set(Role.Manager),
        [Operation.Wait] = Set(Role.Agent, Role.Coordinator),
        [Operation.Resolve] = Set(Role.Agent, Role.Manager),
        [Operation.Reopen] = Set(Role.Customer, Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.Close] = Set(Role.Customer, Role.Agent, Role.Coordinator),
        [Operation.GiveFeedback] = Set(Role.Customer),
        [Operation.ReviewFeedback] = Set(Role.Coordinator, Role.Manager),
        [Operation.Tag] = Set(Role.Agent, Role.Coordinator),
        [Operation.Merge] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.Link] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.Bulk] = Set(Role.Agent, Role.Coordinator, Role.Manager),
        [Operation.HoldForLaw] = Set(Role.PrivacyOfficer),
        [Operation.ManageTokens] = Set(Role.Administrator),
        [Operation.Import] = Set(Role.Administrator),
        [Operation.Verify] = Set(Role.Auditor, Role.PrivacyOfficer, Role.Administrator),
        [Operation.ReadOutbox] = Set(Role.Administrator),
        [Operation.ManagePeople] = Set(Role.Administrator),
        [Operation.Provision] = Set(Role.Provisioner),
        [Operation.ReadAccess] = Set(Role.Auditor, Role.PrivacyOfficer),
        [Operation.Recognise] = Set(Role.Customer, Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.Analyst, Role.PrivacyOfficer, Role.Administrator),
        [Operation.ReadHints] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.PrivacyOfficer),
        [Operation.Redact] = Set(Role.Agent, Role.Coordinator, Role.PrivacyOfficer),
        [Operation.Reveal] = Set(Role.PrivacyOfficer),
        [Operation.Erase] = Set(Role.PrivacyOfficer),
        [Operation.Purge] = Set(Role.PrivacyOfficer),
        [Operation.SetRetention] = Set(Role.PrivacyOfficer),
        [Operation.RequestErasure] = Set(Role.PrivacyOfficer),
        [Operation.ReadRetention] = Set(Role.PrivacyOfficer, Role.Administrator),
        [Operation.RunRetention] = Set(Role.PrivacyOfficer, Role.Administrator),
        [Operation.ExportSubject] = Set(Role.PrivacyOfficer),
        [Operation.ExportOwn] = Set(Role.Customer),
        [Operation.Search] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor), // as ReadQueues
        [Operation.ShareViews] = Set(Role.Coordinator, Role.Manager),
        [Operation.Attend] = Set(Role.Agent, Role.Coordinator, Role.Manager, Role.Auditor, Role.PrivacyOfficer), // as ReadTicket, without customers
    };

    /// <summary>
    /// The grant under which <paramref name="p"/> may do <paramref name="operation"/>, or null. Staff roles come before the
    /// customer's, and of several the widest: one more role of staff never takes anything away. Who lacks a training is no staff.
    /// </summary>
    public static Grant? Decide(Principal p, Operation operation) => p.Roles
        .Where(role => role == Role.System || Granted[operation].Contains(role) && (p.LacksTraining.Count == 0 || role == Role.Customer))
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
        Operation.ReadMonitor or Operation.Reply or Operation.CallBack or Operation.Assign or Operation.TakeNext or Operation.AssessSeverity or Operation.Escalate or Operation.Wait or Operation.Resolve or Operation.Merge;

    static HashSet<Role> Set(params Role[] roles) => [.. roles];
}
