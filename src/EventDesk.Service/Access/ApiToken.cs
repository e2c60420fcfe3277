using System.Security.Claims;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Access;

/// <summary>A token as it stands; never its text.</summary>
public sealed record ApiToken(
    Guid Id, string Name, IReadOnlyList<Role> Roles, IReadOnlyList<string>? Desks, IReadOnlyList<SupportLine>? Lines, Guid? Customer,
    DateTimeOffset Created, string CreatedBy, DateTimeOffset Expires, DateTimeOffset? RevokedAt)
{
    /// <summary>What its holder may do. A customer is known to events by the pseudonym, everyone else by the token's name.</summary>
    public Principal ToPrincipal() => new(
        Customer is { } own && Roles is [Role.Customer] ? own.ToString() : Name,
        Roles.ToHashSet(),
        Desks?.Select(d => new DeskId(d)).ToHashSet(),
        Lines?.ToHashSet(),
        Customer is { } c ? new CustomerId(c) : null);
}

/// <summary>A token to be made.</summary>
/// <param name="Name">Handle of staff or name of a program.</param>
/// <param name="CustomerEmail">Needed with the role customer; only its pseudonym is kept.</param>
public sealed record NewToken(
    string Name, IReadOnlyList<Role> Roles, TimeSpan Life, IReadOnlyList<string>? Desks = null, IReadOnlyList<SupportLine>? Lines = null, string? CustomerEmail = null);

/// <summary>Made once: <paramref name="Text"/> is shown now and never again.</summary>
public sealed record IssuedToken(ApiToken Token, string Text);

/// <summary>Who sent a request, known by a token.</summary>
public sealed class Caller(ApiToken token) : ClaimsPrincipal
{
    public ApiToken Token => token;
    public Principal Principal { get; } = token.ToPrincipal();
}
