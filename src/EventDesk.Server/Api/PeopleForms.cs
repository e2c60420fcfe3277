using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

/// <summary>How someone is called and reached.</summary>
public record PersonDetailsRequest : IChecked
{
    [Description("What the directory calls them; no two people have the same. Often an address.")]
    [MaxLength(TextRules.MaxEmail)]
    public required string UserName { get; init; }

    [MaxLength(TextRules.MaxName)]
    public string? Name { get; init; }

    [Description("By it, once the sign-in provider has verified it, they are recognised at their first sign-in.")]
    [MaxLength(TextRules.MaxEmail)]
    public string? Email { get; init; }

    public virtual void Check(Faults faults)
    {
        faults.Line("/userName", UserName, TextRules.MaxEmail);
        faults.Line("/name", Name, TextRules.MaxName);
        faults.Email("/email", Email);
    }
}

public sealed record PersonRequest : PersonDetailsRequest
{
    [Description("The name events know them by, for good. Left out: one is made that says nothing about them.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Handle { get; init; }

    [Description("The subject (sub) the sign-in provider knows them by. Left out: their first sign-in with a verified address tells.")]
    [MaxLength(255)]
    public string? Subject { get; init; }

    [Description("What they may from the start; left out: nothing yet.")]
    public PersonAccessRequest? Access { get; init; }

    public override void Check(Faults faults)
    {
        base.Check(faults);
        faults.Identifier("/handle", Handle, TextRules.MaxIdentifier);
        faults.Line("/subject", Subject, 255);
        Access?.Check(faults, "/access");
    }
}

/// <summary>All that someone holds from now on; what is not named is withdrawn.</summary>
public sealed record PersonAccessRequest : IChecked
{
    public required IReadOnlyList<Role> Roles { get; init; }

    [Description("Desks an agent or coordinator works for, as product/language, or * for all there will ever be. None: no desk.")]
    public IReadOnlyList<string> Desks { get; set; } = [];

    [Description("Lines an agent works on. None: no line.")]
    public IReadOnlyList<SupportLine> Lines { get; set; } = [];

    public void Check(Faults faults) => Check(faults, "");

    internal void Check(Faults faults, string at)
    {
        for (var i = 0; i < Roles.Count; i++)
            if (!SetAccess.Grantable.Contains(Roles[i]))
                faults.Add($"{at}/roles/{i}", "not_allowed", "People are given the roles of staff; customers are known by their address, programs by their tokens.");
        for (var i = 0; i < Desks.Count; i++)
            if (Desks[i] is null or { Length: > TextRules.MaxIdentifier } || (Desks[i] != Person.AllDesks && Desks[i].Split('/') is not [{ Length: > 0 }, { Length: > 0 }]))
                faults.Add($"{at}/desks/{i}", "invalid_desk", "A desk is written product/language; * stands for all.");
    }

    internal SetAccess ToCommand() => new([.. Roles.Distinct().Order()], [.. Desks.Distinct().Order(StringComparer.Ordinal)], [.. Lines.Distinct().Order()]);
}

public sealed record TrainingRequest : IChecked
{
    [Description("Its name, as the organisation requires it.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Training { get; init; }

    [Description("When; left out: now.")]
    public DateTimeOffset? CompletedAt { get; init; }

    [Description("The first instant at which it counts no more; left out: it counts for good.")]
    public DateTimeOffset? ValidUntil { get; init; }

    public void Check(Faults faults) => faults.Identifier("/training", Training, TextRules.MaxIdentifier);
}

public sealed record PrivacyDefinitionRequest : IDefinition
{
    [Description("Nobody looks at a hidden passage before another person with the right has agreed.")]
    public required bool RevealNeedsSecondPerson { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults) { }
}

public sealed record RequiredTrainingsRequest : IDefinition
{
    [Description("Names of trainings; none: nothing is required.")]
    public required IReadOnlyList<string> Trainings { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        for (var i = 0; i < Trainings.Count; i++)
            if (Trainings[i] is null)
                faults.Add($"/trainings/{i}", "required", "It must not be null.");
            else
                faults.Identifier($"/trainings/{i}", Trainings[i], TextRules.MaxIdentifier);
    }
}

public sealed record HeldTrainingAnswer(string Training, DateTimeOffset CompletedAt, DateTimeOffset? ValidUntil);

public sealed record PersonAnswer
{
    public required Guid Id { get; init; }

    [Description("The name events know them by.")]
    public required string Handle { get; init; }

    [Description("The same as in the ETag.")]
    public required long Version { get; init; }
    public required bool Active { get; init; }
    public required string UserName { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }

    [Description("The sign-in provider's account is known.")]
    public required bool Linked { get; init; }
    public required IReadOnlyList<Role> Roles { get; init; }

    [Description("* stands for all.")]
    public required IReadOnlyList<string> Desks { get; init; }
    public required IReadOnlyList<SupportLine> Lines { get; init; }
    public required IReadOnlyList<HeldTrainingAnswer> Trainings { get; init; }

    [Description("Required by their roles and not completed, or no longer valid. While there is one, nothing is open to them.")]
    public required IReadOnlyList<string> Lacks { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Changed { get; init; }
}

public sealed record PersonList(IReadOnlyList<PersonAnswer> People, [property: Description("Where the list goes on.")] string? Next);
