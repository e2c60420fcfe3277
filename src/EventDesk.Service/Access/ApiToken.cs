using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Access;

/// <summary>A token as it stands; never its text.</summary>
/// <param name="Person">Whose it is; null: a program's, or a customer's.</param>
/// <param name="Subject">The client of the sign-in provider whose signed tokens it stands for.</param>
public sealed record ApiToken(
    Guid Id, string Name, IReadOnlyList<Role> Roles, IReadOnlyList<string>? Desks, IReadOnlyList<SupportLine>? Lines, Guid? Customer,
    DateTimeOffset Created, string CreatedBy, DateTimeOffset Expires, DateTimeOffset? RevokedAt, Guid? Person = null, string? Subject = null)
{
    /// <summary>What a program or a customer may do with it. A customer is known to events by the pseudonym, everyone else by the token's name.</summary>
    public Principal ToPrincipal() => new(
        Customer is { } own && Roles is [Role.Customer] ? own.ToString() : Name,
        Roles.ToHashSet(),
        Desks?.Select(d => new DeskId(d)).ToHashSet(),
        Lines?.ToHashSet(),
        Customer is { } c ? new CustomerId(c) : null);

    /// <summary>What a person may do with it: what they may, as far as the token goes.</summary>
    public Principal Narrow(Principal person) => person with
    {
        Roles = person.Roles.Intersect(Roles).ToHashSet(),
        Desks = Desks is null ? person.Desks : Desks.Select(d => new DeskId(d)).Where(d => person.Desks?.Contains(d) != false).ToHashSet(),
        Lines = Lines is null ? person.Lines : Lines.Where(l => person.Lines?.Contains(l) != false).ToHashSet(),
    };
}

/// <summary>A token to be made.</summary>
/// <param name="Name">Handle of staff or name of a program.</param>
/// <param name="CustomerEmail">Needed with the role customer; only its pseudonym is kept.</param>
/// <param name="Person">Whose it is; the name is then their handle.</param>
/// <param name="Client">A client of the sign-in provider, whose signed tokens take the place of a text of ours.</param>
public sealed record NewToken(
    string Name, IReadOnlyList<Role> Roles, TimeSpan Life, IReadOnlyList<string>? Desks = null, IReadOnlyList<SupportLine>? Lines = null, string? CustomerEmail = null,
    Guid? Person = null, ProviderClient? Client = null);

/// <summary>A program as the sign-in provider knows it.</summary>
public sealed record ProviderClient(string Issuer, string Subject);

/// <summary>Made once: <paramref name="Text"/> is shown now and never again.</summary>
/// <param name="Text">Null for a client of the sign-in provider, which brings its own, and where the same request had made it before.</param>
public sealed record IssuedToken(ApiToken Token, string? Text);
