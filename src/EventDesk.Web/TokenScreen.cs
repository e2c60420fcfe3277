using EventDesk.Domain.Access;

namespace EventDesk.Web;

/// <summary>A token, never its text.</summary>
/// <param name="Desks">Null: all.</param>
/// <param name="Working">Neither expired nor revoked.</param>
public sealed record TokenLine(
    Guid Id, string Name, IReadOnlyList<Role> Roles, IReadOnlyList<string>? Desks, DateTimeOffset Created, string CreatedBy, DateTimeOffset Expires, DateTimeOffset? RevokedAt, bool Working);

/// <param name="All">Those that open nothing any more, too.</param>
/// <param name="Issued">The text of the one just made: shown now and never again. Null: none was.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
public sealed record TokenScreen(bool All, IReadOnlyList<TokenLine> Tokens, IReadOnlyList<string> Desks, string? Further, IssuedText? Issued = null, FormReply? Reply = null);

/// <param name="Text">Null: the form was sent before, and the text stood in the answer to that.</param>
public sealed record IssuedText(string Name, string? Text);
