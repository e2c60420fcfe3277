using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Access;

/// <summary>Who asks, with everything that was granted.</summary>
/// <param name="Id">Handle of staff, name of an API client, or the customer's id as text.</param>
/// <param name="Desks">The desks an agent or coordinator works for; null: all.</param>
/// <param name="Lines">The lines an agent works on; null: all.</param>
/// <param name="Customer">Whose tickets are one's own.</param>
public sealed record Principal(
    string Id, IReadOnlySet<Role> Roles, IReadOnlySet<DeskId>? Desks = null, IReadOnlySet<SupportLine>? Lines = null, CustomerId? Customer = null)
{
    /// <summary>Trainings their roles require that are not completed, or no longer valid; until they are, nothing is open to them as staff.</summary>
    public IReadOnlyList<string> LacksTraining { get; init; } = [];

    /// <summary>For what needs no grant, such as signing out. Without a role it counts as nobody's work.</summary>
    public Actor Acting => new(Id, Roles.Count == 0 ? Role.Customer : Roles.Min());

    /// <summary>The program itself: rules, clocks, imports.</summary>
    public static readonly Principal System = new("system", new HashSet<Role> { Role.System });
}

/// <summary>What can be asked of the service; every endpoint names exactly one.</summary>
public enum Operation
{
    OpenTicket, ReadTicket, ReadHistory, ReadClocks, ReadProof, ReadQueues, ReadMonitor, ReadReports, ReadLog, ReadOrganisation, ManageOrganisation, ReadIncidents, ManageIncidents,
    WriteAsCustomer, Reply, CallBack, AddNote, Attach, Triage, Move, Assign, TakeNext, SetPresence, ReturnTickets, AssessSeverity, Escalate, EvaluateEscalation, Wait, Resolve,
    Reopen, Close, GiveFeedback, ReviewFeedback, Tag, Merge, Link, Bulk, HoldForLaw, ManageTokens, Import, Verify, ReadOutbox,
    ManagePeople, Provision, ReadAccess,
    Recognise, ReadHints,
    Redact, Reveal, Erase, Purge, SetRetention, RequestErasure, ReadRetention, RunRetention,
    ExportSubject, ExportOwn,
    Search, ShareViews,
    Attend,
}
