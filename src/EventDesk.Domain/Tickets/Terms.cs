namespace EventDesk.Domain.Tickets;

/// <summary>The way a ticket or a message came.</summary>
public enum Channel { Portal, Email, Chat, Phone, Api, Import }

/// <summary>Support lines, lowest first.</summary>
public enum SupportLine { L1 = 1, L2 = 2, L3 = 3, Management = 4 }

/// <summary>Severity 1 to 5; a smaller number is worse.</summary>
public enum Severity { Critical = 1, High = 2, Standard = 3, Defect = 4, Request = 5 }

public enum Status { Open, Resolved, Closed, Purged }

/// <summary>Where an open ticket stands for those who work; a resolved one stands nowhere.</summary>
public enum Place { Triage = 0, Unassigned = 1, Assigned = 2, Waiting = 3 }

public enum WaitingReason { Customer, ThirdParty, PlannedDate }

public enum WaitingEnd { Agent, CustomerMessage, DateReached, Resolved, Imported }

public enum Resolution { Fixed, Answered, Workaround, NoFault, Duplicate, Spam, Cancelled, Imported }

public enum ReopenCause { Customer, CustomerMessage, Agent, Imported }

public enum CloseCause { CustomerAcknowledged, WindowElapsed, Agent, Imported }

public enum SlaClockKind { FirstResponse, NextResponse, Callback }

/// <summary>How a ticket stands to another; the second of each pair is the first as seen from the other side.</summary>
public enum LinkKind { RelatesTo, Duplicates, DuplicatedBy, CausedBy, Causes }

/// <param name="Kind">A <see cref="LinkKind"/>, camelCase; histories may know others.</param>
public sealed record TicketLink(TicketId Other, string Kind);

/// <summary>A call back the customer is owed.</summary>
/// <param name="Since">The first of the calls that nobody could take; later ones do not restart it.</param>
/// <param name="Attempts">How often it was tried since, without reaching anybody.</param>
public sealed record OwedCallback(DateTimeOffset Since, int Attempts = 0);

/// <param name="Name">As given; may be missing.</param>
/// <param name="Email">As given; the id is derived from it.</param>
public sealed record Requester(CustomerId Id, SealedText? Name = null, SealedText? Email = null);
