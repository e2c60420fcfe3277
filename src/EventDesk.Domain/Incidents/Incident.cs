using System.Diagnostics;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Incidents;

/// <summary>A fault that touches several customers. Lowering a ticket's severity never ends it.</summary>
public sealed record Incident
{
    public static readonly Incident None = new();

    public string Product { get; init; } = "";
    public IncidentState State { get; init; }
    public bool Published { get; init; }
    public IReadOnlyList<Guid> Contacted { get; init; } = [];

    public static Incident Evolve(Incident i, IncidentEvent e) => e switch
    {
        IncidentOpened o => new Incident { Product = o.Product },
        CustomerContacted c => i with { Contacted = [.. i.Contacted.Union([c.Customer.Value])] },
        IncidentPublished => i with { Published = true },
        IncidentStateChanged s => i with { State = s.State },
        _ => throw new UnreachableException($"Incident.Evolve has no case for {e.GetType().Name}"),
    };
}

/// <summary>What a decision on a ticket needs to know of incidents.</summary>
/// <param name="Id">The open incident of the product, or the id a new one would get.</param>
/// <param name="IsOpen">It exists already.</param>
public sealed record IncidentAtHand(Guid Id, bool IsOpen);

/// <summary>Severity 1 starts the incident process, in the same breath as the assessment.</summary>
public static class IncidentRules
{
    public static readonly RuleRef Rule = new("severity-1-starts-incident", 1);

    /// <summary>Whether a command may make a ticket part of an incident.</summary>
    public static bool MayConcern(TicketCommand command) => command is OpenTicket { Severity: Severity.Critical } or AssessSeverity { Severity: Severity.Critical };

    /// <param name="after">The ticket after the command's events.</param>
    /// <param name="atHand">Null: the command cannot concern an incident.</param>
    public static IEnumerable<Decided> Follow(Ticket after, IncidentAtHand? atHand) =>
        atHand is null || after is not { Severity: Severity.Critical, Incident: null } ? []
        : atHand.IsOpen ? [new(new IncidentLinked(atHand.Id), Rule)]
        : [new(new IncidentDeclared(atHand.Id), Rule)];
}
