using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record TokenRequest : IChecked
{
    [Description("Whose it is: the handle of a person, who may no more with it than without, or the name of a program. Events name it as their actor.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Name { get; init; }

    public required IReadOnlyList<Role> Roles { get; init; }

    [Description("Desks an agent or coordinator works for (product/language); none given: all.")]
    public IReadOnlyList<string>? Desks { get; init; }

    [Description("Lines an agent works on; none given: all.")]
    public IReadOnlyList<SupportLine>? Lines { get; init; }

    [Description("Address of the customer whose own tickets it opens; needed with the role customer.")]
    [MaxLength(TextRules.MaxEmail)]
    public string? CustomerEmail { get; init; }

    [Description("A client of the sign-in provider (its sub): the tokens it signs for that client take the place of a text of ours.")]
    [MaxLength(255)]
    public string? Subject { get; init; }

    [Description("Days until it expires.")]
    [Range(1, 366)]
    public int ExpiresInDays { get; set; } = 90;

    public void Check(Faults faults)
    {
        faults.Identifier("/name", Name, TextRules.MaxIdentifier);
        faults.Line("/subject", Subject, 255);
        if (Roles.Count == 0)
            faults.Add("/roles", "required", "A token has at least one role.");
        if (Roles.Contains(Role.System))
            faults.Add("/roles", "not_allowed", "Nobody but the program itself acts as the system.");
        if (Roles.Contains(Role.Customer) && CustomerEmail is null)
            faults.Add("/customerEmail", "required", "A customer's token names the customer.");
        faults.Email("/customerEmail", CustomerEmail);
        if (ExpiresInDays is < 1 or > 366)
            faults.Add("/expiresInDays", "out_of_range", "A token lives 1 to 366 days.");
        for (var i = 0; i < (Desks?.Count ?? 0); i++)
            if (Desks![i] is not { } desk || desk.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                faults.Add($"/desks/{i}", "invalid_desk", "A desk is written product/language.");
    }
}
