using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Tickets;

/// <summary>Who asks, and the trace the request belongs to.</summary>
public sealed record Asker(Principal Principal, string? CorrelationId = null, string? CausationId = null)
{
    public static readonly Asker System = new(Principal.System);
}

/// <summary>Makes a request repeatable.</summary>
/// <param name="Key">SHA-256 over principal, route and the client's Idempotency-Key.</param>
/// <param name="Request">SHA-256 over the request's content.</param>
public sealed record RequestKey(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Request);

/// <summary>A new ticket as a door hands it in, its values checked for form.</summary>
public sealed record NewTicket(
    string Product, string Language, Channel Channel, string? RequesterName, string RequesterEmail, string Subject, string Body,
    Severity? Severity = null, IReadOnlyDictionary<string, string>? Fields = null, string? Contract = null);

/// <summary>How a request to the desk ended. All of these are ordinary; an exception means a broken machine.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>It is so now, durably.</summary>
    /// <param name="Version">Of the stream; unchanged when there was nothing to do.</param>
    /// <param name="Created">The message or attachment that was added.</param>
    /// <param name="Repeated">An earlier request with the same key did it.</param>
    public sealed record Done(Guid Ticket, long Number, long Version, Guid? Created = null, bool Repeated = false) : Outcome;

    /// <summary>A rule says no.</summary>
    public sealed record Refused(string Code, string Reason) : Outcome;

    /// <summary>The desk cannot be reached that way by its customers.</summary>
    /// <param name="Offered">How it can be reached.</param>
    public sealed record NotOffered(DeskId Desk, Channel Channel, Availability Availability, IReadOnlyList<string> Offered) : Outcome;

    /// <summary>The ticket has changed since the expected version.</summary>
    /// <param name="Since">What happened since, as far as the asker may know.</param>
    /// <param name="Outdated">False: nothing happened that <see cref="Staleness"/> takes for a reason to think again.</param>
    public sealed record Stale(long ActualVersion, IReadOnlyList<RecordedEvent> Since, bool Outdated = true) : Outcome;

    /// <summary>There is none, or none within the asker's reach: the two look alike on purpose.</summary>
    public sealed record NotFound : Outcome;

    public sealed record Forbidden(string Reason) : Outcome;

    /// <summary>The same key came with another content before.</summary>
    public sealed record KeyReused : Outcome;
}
