using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record AnswerTimeRequest
{
    [Description("A number and m (minutes), h (hours) or wd (working days): 30m, 4h, 2wd.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Time { get; init; }

    [Description("calendar: all time counts. working: opening hours alone, as working days always do.")]
    public TimeCounted Clock { get; set; } = TimeCounted.Calendar;
}

public sealed record SeverityTargetsRequest
{
    public required Severity Severity { get; init; }

    [Description("Left out: no target, no breach.")]
    public AnswerTimeRequest? FirstResponse { get; init; }

    [Description("Left out: no target, no breach.")]
    public AnswerTimeRequest? NextResponse { get; init; }

    [Description("Softer than the target: it is reported apart and never breached.")]
    public AnswerTimeRequest? FirstPromise { get; init; }

    [Description("Softer than the target: it is reported apart and never breached.")]
    public AnswerTimeRequest? NextPromise { get; init; }

    [Description("Within what time a call outside hours is returned; left out: what the plan says.")]
    public AnswerTimeRequest? Callback { get; init; }

    [Description("Softer than the target of a call back; left out: what the plan says.")]
    public AnswerTimeRequest? CallbackPromise { get; init; }
}

public sealed record ContractDefinitionRequest : IDefinition
{
    [MaxLength(TextRules.MaxName)]
    public required string Name { get; init; }

    [Description("By severity; a severity left out has no clock.")]
    public required IReadOnlyList<SeverityTargetsRequest> Targets { get; init; }

    [Description("Within what time a call outside hours is returned, where a severity has no time of its own; left out: a call back is owed, but not timed.")]
    public AnswerTimeRequest? Callback { get; init; }

    [Description("Softer than the target of a call back: it is reported apart and never breached.")]
    public AnswerTimeRequest? CallbackPromise { get; init; }

    [Description("Id of the calendar of dedicated hours; left out: the hours of the ticket's desk.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Calendar { get; init; }

    [Description("What counts until someone has assessed the severity.")]
    public Severity AssumedSeverity { get; set; } = Severity.Standard;

    [Description("A clock warns when so much of its target has passed; 100: never before the breach.")]
    [Range(1, 100)]
    public int WarnAtPercent { get; set; } = 80;

    [Description("Outside the first line's hours the second line does its work.")]
    public bool SecondLineActsAsFirst { get; init; }

    [Description("Tickets go straight to the second line.")]
    public bool DirectToSecondLine { get; init; }

    [Description("Handle of the customers' named agent.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Agent { get; init; }

    [Description("As agreed; nothing is computed from it.")]
    [MaxLength(TextRules.MaxName)]
    public string? Price { get; init; }

    [Description(DefinitionRules.From)]
    public DateTimeOffset? From { get; init; }

    public void Check(Faults faults)
    {
        faults.Line("/name", Name, TextRules.MaxName);
        faults.Identifier("/calendar", Calendar, TextRules.MaxIdentifier);
        faults.Identifier("/agent", Agent, TextRules.MaxIdentifier);
        faults.Line("/price", Price, TextRules.MaxName);
        faults.Line("/callback/time", Callback?.Time, TextRules.MaxIdentifier);
        faults.Line("/callbackPromise/time", CallbackPromise?.Time, TextRules.MaxIdentifier);
        if (WarnAtPercent is < 1 or > 100)
            faults.Add("/warnAtPercent", "out_of_range", "It is a whole number from 1 to 100.");
        if (Targets.Count > DefinitionRules.MostWords)
            faults.Add("/targets", "too_many", $"At most {DefinitionRules.MostWords} are allowed.");
        for (var i = 0; i < Targets.Count; i++)
            Check(faults, $"/targets/{i}", Targets[i]);
    }

    static void Check(Faults faults, string at, SeverityTargetsRequest? targets)
    {
        if (targets is null)
            faults.Add(at, "required", "It must not be null.");
        faults.Line($"{at}/firstResponse/time", targets?.FirstResponse?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/nextResponse/time", targets?.NextResponse?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/firstPromise/time", targets?.FirstPromise?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/nextPromise/time", targets?.NextPromise?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/callback/time", targets?.Callback?.Time, TextRules.MaxIdentifier);
        faults.Line($"{at}/callbackPromise/time", targets?.CallbackPromise?.Time, TextRules.MaxIdentifier);
    }
}
