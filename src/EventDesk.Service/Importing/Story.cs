using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Importing;

/// <summary>An event of an imported history and what is known about it.</summary>
sealed record Told(TicketEvent Event, EventMeta Meta);

/// <summary>Who a case is, once and for all.</summary>
/// <param name="Number">The ticket's number.</param>
/// <param name="Requester">The pseudonym of whoever asked.</param>
sealed record CaseIdentity(string Source, string Case, long Number, Func<Opening, CustomerId> Requester);

/// <summary>
/// Tells the rows of one case as events, one row after the other. History is told as it happened: no gate is asked, no command is
/// decided, the state is folded from what was told. Pure: the same facts always give the same events.
/// </summary>
sealed class Story(CaseIdentity identity, DateTimeOffset recorded)
{
    readonly List<Told> told = [];
    Facts row = null!;
    int rows;
    bool rowMarked;

    /// <summary>After all rows so far.</summary>
    public Ticket Ticket { get; private set; } = Ticket.None;

    public int Rows => rows;
    public IReadOnlyList<Told> Events => told;

    /// <summary>Every row gives at least one event; within a row the order is always the same.</summary>
    public void Add(Facts facts)
    {
        row = facts;
        rows++;
        rowMarked = false;
        if (rows == 1) Open(facts.Opening!);
        LeavePhase();
        MoveTeam();
        Assign();
        Assess(first: rows == 1);
        foreach (var (kind, text) in row.Messages) Say(kind, text);
        EnterPhase();
        if (!rowMarked) Tell(new ActivityImported(row.Activity ?? row.State ?? "row"));
    }

    /// <summary>An opening of its own time is no row: it carries neither label nor number, and the first row follows it.</summary>
    void Open(Opening o)
    {
        var opened = new TicketOpened(
            identity.Number, o.Product, o.Language, Channel.Import,
            new Requester(identity.Requester(o), Sealed(o.RequesterName), Sealed(o.RequesterEmail)),
            Sealed(o.Subject), Sealed(o.Body), row.Severity, row.Line ?? SupportLine.L1, Triage: false,
            row.Team, Source: identity.Source, SourceCase: identity.Case);
        if (row.Opened != row.At)
            Append(opened, new EventMeta(Actor(), row.Opened, recorded));
        else
            Tell(opened);
        if (o.Tags.Count > 0) Tell(new TicketTagged(o.Tags, []));
    }

    void LeavePhase()
    {
        if (row.Phase is null) return;
        if (row.Phase is (Emit.Working or Emit.Waiting) && Ticket.Status is (Status.Resolved or Status.Closed))
            Tell(new TicketReopened(ReopenCause.Imported));
        if (Ticket.Waiting is { } reason && !(row.Phase == Emit.Waiting && row.Reason == reason))
            Tell(new WaitingEnded(WaitingEnd.Imported));
    }

    void MoveTeam()
    {
        var team = row.Team ?? Ticket.Team;
        if (row.Line is { } line && line > Ticket.Line)
            Tell(new TicketEscalated(Ticket.Line, line, null, team));
        else if (row.Line is { } lower && lower < Ticket.Line)
            Tell(new TicketDeEscalated(Ticket.Line, lower, null, team));
        else if (team is not null && (team != Ticket.Team || row.Transferred))
            Tell(new TicketTransferred(team));
    }

    void Assign()
    {
        if (row.Unassigned)
        {
            if (Ticket.Agent is not null) Tell(new TicketUnassigned());
        }
        else if (row.Agent is { } agent && Ticket.Agent?.Value != agent)
            Tell(new TicketAssigned(new AgentId(agent)));
    }

    void Assess(bool first)
    {
        if (row.Severity is not { } severity) return;
        var changed = Ticket.Severity != severity;
        if (row.Assessed || (changed && !first)) Tell(new SeverityAssessed(Ticket.Line, severity));
        if (changed) Tell(new SeverityChanged(Ticket.Severity, severity));
    }

    void Say(Emit kind, string text)
    {
        var id = ImportIds.Message(identity.Source, identity.Case, told.Count + 1, row.At);
        var requester = new Actor(Ticket.Requester.Value.ToString(), Role.Customer);
        if (kind == Emit.CustomerMessage) Tell(new CustomerMessageReceived(id, Channel.Import, text), requester);
        else if (kind == Emit.Reply) Tell(new ReplySent(id, Channel.Import, text, Automated: row.ActorIsSystem));
        else Tell(new NoteAdded(id, text));
    }

    void EnterPhase()
    {
        if (row.Phase == Emit.Waiting && Ticket.Waiting is null)
            Tell(new WaitingStarted(row.Reason));
        else if (row.Phase == Emit.Resolved && Ticket.Status != Status.Resolved)
            Tell(new TicketResolved(Resolution.Imported, Ticket.Cycle + 1));
        else if (row.Phase == Emit.Closed && Ticket.Status != Status.Closed)
            Tell(new TicketClosed(CloseCause.Imported));
    }

    /// <summary>An event of the present row; the row's first one carries its number.</summary>
    void Tell(TicketEvent e, Actor? by = null)
    {
        Append(e, new EventMeta(by ?? Actor(), row.At, recorded, Activity: row.Activity, SourceState: row.State, SourceRow: rowMarked ? null : rows));
        rowMarked = true;
    }

    void Append(TicketEvent e, EventMeta meta)
    {
        told.Add(new Told(e, meta));
        Ticket = Ticket.Evolve(Ticket, e, meta.Occurred, meta.By.IsStaff);
    }

    /// <summary>Where the source does not say who it was, nobody is made up.</summary>
    Actor Actor() => new(row.Actor ?? $"import:{identity.Source}", row.ActorIsSystem ? Role.System : Role.Agent);

    static SealedText? Sealed(string? text) => text is null ? null : new SealedText(text);
}
