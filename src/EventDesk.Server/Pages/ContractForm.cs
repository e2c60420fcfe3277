using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>A contract as its form sends it: for each severity its times, of which one that is left blank is none. It goes the way of the API's definition.</summary>
static class ContractForm
{
    public static Contract Read(string id, FormFields form)
    {
        var ask = new ContractDefinitionRequest
        {
            Name = form["name"].Trim(),
            Targets = [.. Enum.GetValues<Severity>().Select(s => Targets(form, s)).Where(t => t is not { FirstResponse: null, FirstPromise: null, NextResponse: null, NextPromise: null, Callback: null, CallbackPromise: null })],
            Callback = Time(form, "callback"),
            CallbackPromise = Time(form, "callbackPromise"),
            Calendar = form.Text("calendar"),
            AssumedSeverity = form.OneOf<Severity>("assumedSeverity"),
            WarnAtPercent = form.Whole("warnAtPercent") ?? 0,
            SecondLineActsAsFirst = form["secondLineActsAsFirst"] == "yes",
            DirectToSecondLine = form["directToSecondLine"] == "yes",
            Agent = form.Text("agent")?.Trim(),
            Price = form.Text("price")?.Trim(),
        };
        // The times were looked at under the names of their fields.
        form.Check(ask, at => at.EndsWith("/time", StringComparison.Ordinal) ? null : at.TrimStart('/'));
        return Defined.Contract(id, ask);
    }

    static SeverityTargetsRequest Targets(FormFields form, Severity severity)
    {
        return new()
        {
            Severity = severity, FirstResponse = Of("firstResponse"), FirstPromise = Of("firstPromise"), NextResponse = Of("nextResponse"), NextPromise = Of("nextPromise"),
            Callback = Of("callback"), CallbackPromise = Of("callbackPromise"),
        };

        AnswerTimeRequest? Of(string which) => Time(form, $"{severity.AsWritten()}-{which}");
    }

    static AnswerTimeRequest? Time(FormFields form, string field)
    {
        if (form.Text(field) is not { } text)
            return null;
        var time = new AnswerTime(text.Trim(), Clock("clock"));
        // Working days count in opening hours whatever is chosen: what was written beside them stays.
        if (time.IsInWorkingDays)
            time = time with { Clock = Clock("days") };
        if (!time.IsValid)
            form.Faults.Add(field, "invalid_answer_time", "It is a number and m, h or wd, such as 30m, 4h or 2wd.");
        return new() { Time = time.Time, Clock = time.Clock };

        TimeCounted Clock(string said) => form[$"{field}-{said}"] == TimeCounted.Working.AsWritten() ? TimeCounted.Working : TimeCounted.Calendar;
    }
}
