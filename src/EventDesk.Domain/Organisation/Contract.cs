using System.Globalization;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Organisation;

/// <summary>A time to answer within.</summary>
/// <param name="Time"><c>30m</c>, <c>4h</c> or <c>2wd</c> (working days, each as long as a working day of the hours it is measured in).</param>
/// <param name="Clock">Whether all time counts or only opening hours; working days always count in opening hours.</param>
public sealed record AnswerTime(string Time, TimeCounted Clock = TimeCounted.Calendar)
{
    static readonly (string Unit, int Seconds)[] Units = [("wd", 0), ("m", 60), ("h", 3600)];

    /// <summary>More of any unit than a contract can mean, and far less than calendars can count.</summary>
    const int Most = 10_000;

    public bool IsValid => Parsed is not null;

    public bool IsInWorkingDays => Parsed is { Days: true };

    public bool CountsWorkingTime => Clock == TimeCounted.Working || IsInWorkingDays;

    /// <summary>The budget in seconds.</summary>
    /// <param name="workingDay">Seconds of a working day.</param>
    public long Seconds(long workingDay) => Parsed is var (number, seconds, days) ? number * (days ? workingDay : seconds) : 0;

    (long Number, int Seconds, bool Days)? Parsed
    {
        get
        {
            foreach (var (unit, seconds) in Units)
                if (Time.EndsWith(unit, StringComparison.Ordinal) && int.TryParse(Time.AsSpan(0, Time.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= Most)
                    return (n, seconds, unit == "wd");
            return null;
        }
    }
}

/// <summary>What a contract promises for one severity.</summary>
/// <param name="FirstResponse">The contract's target; null: none.</param>
/// <param name="NextResponse">The contract's target; null: none.</param>
/// <param name="FirstPromise">Softer than the target: never breached, reported apart.</param>
/// <param name="NextPromise">Softer than the target: never breached, reported apart.</param>
/// <param name="Callback">Within what time a call outside hours is returned; null: what the plan says.</param>
/// <param name="CallbackPromise">Softer than the target; null: what the plan says.</param>
public sealed record SeverityTargets(
    Severity Severity, AnswerTime? FirstResponse = null, AnswerTime? NextResponse = null, AnswerTime? FirstPromise = null, AnswerTime? NextPromise = null,
    AnswerTime? Callback = null, AnswerTime? CallbackPromise = null);

/// <summary>A plan customers have. A new version holds for clocks that start or change after it; those that run keep their target.</summary>
/// <param name="Targets">By severity; a severity left out has no clock.</param>
/// <param name="Calendar">Dedicated hours; null: those of the ticket's desk.</param>
/// <param name="AssumedSeverity">What counts until someone has assessed the severity.</param>
/// <param name="WarnAtPercent">A clock warns when so much of its target has passed; 100: never before the breach.</param>
/// <param name="SecondLineActsAsFirst">Outside the first line's hours the second line does its work.</param>
/// <param name="DirectToSecondLine">Tickets go straight to L2.</param>
/// <param name="Agent">The customer's named agent.</param>
/// <param name="Price">As agreed; data only.</param>
/// <param name="Callback">Within what time a call outside hours is returned, whatever its severity; null: a call back is owed, but not timed.</param>
/// <param name="CallbackPromise">Softer than the target: never breached, reported apart.</param>
public sealed record Contract(
    string Id, string Name, IReadOnlyList<SeverityTargets> Targets, string? Calendar = null, Severity AssumedSeverity = Severity.Standard, int WarnAtPercent = 80,
    bool SecondLineActsAsFirst = false, bool DirectToSecondLine = false, string? Agent = null, string? Price = null,
    AnswerTime? Callback = null, AnswerTime? CallbackPromise = null)
{
    /// <summary>What is wrong with it by itself, in sentences.</summary>
    public IEnumerable<string> Faults()
    {
        if (Targets.Count == 0)
            yield return $"Contract {Id} has no targets.";
        if (WarnAtPercent is < 1 or > 100)
            yield return $"Contract {Id} warns at {WarnAtPercent} %; give 1 to 100.";
        foreach (var twice in Targets.GroupBy(t => t.Severity).Where(g => g.Count() > 1))
            yield return $"Contract {Id} names severity {(int)twice.Key} {twice.Count()} times.";
        foreach (var time in Times.OfType<AnswerTime>().Where(t => !t.IsValid))
            yield return $"Contract {Id}: \"{time.Time}\" is no time such as 30m, 4h or 2wd.";
    }

    IEnumerable<AnswerTime?> Times =>
        [.. Targets.SelectMany(t => new[] { t.FirstResponse, t.NextResponse, t.FirstPromise, t.NextPromise, t.Callback, t.CallbackPromise }), Callback, CallbackPromise];
}

/// <summary>A customer who has a plan of their own.</summary>
/// <param name="Id">The customer's pseudonym: the organisation holds no address.</param>
public sealed record ContractHolder(Guid Id, string Contract);
