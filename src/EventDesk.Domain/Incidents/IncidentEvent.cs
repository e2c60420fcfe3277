using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Incidents;

/// <summary>Something that happened to an incident. Which tickets belong to it stands in the tickets' own streams, which name it.</summary>
public abstract record IncidentEvent;

/// <param name="Ticket">The ticket whose severity 1 started it.</param>
public sealed record IncidentOpened(string Product, TicketId Ticket) : IncidentEvent;

/// <summary>An affected customer was told personally.</summary>
public sealed record CustomerContacted(CustomerId Customer, Channel Channel) : IncidentEvent;

/// <summary>It stands on the status page from now on: customers who were not told personally are told there.</summary>
public sealed record IncidentPublished(string Message) : IncidentEvent;

public sealed record IncidentStateChanged(IncidentState State) : IncidentEvent;

public enum IncidentState { Investigating, Identified, Monitoring, Resolved }
