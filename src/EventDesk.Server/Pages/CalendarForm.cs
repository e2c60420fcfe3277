using EventDesk.Domain.Organisation;
using EventDesk.Server.Api;
using NodaTime;

namespace EventDesk.Server.Pages;

/// <summary>A calendar as its form sends it: the week day by day, dates on lines of their own. It goes the way of the API's definition.</summary>
static class CalendarForm
{
    const int DateLength = 10;

    public static CalendarDefinition Read(string id, FormFields form)
    {
        var unknown = form["unknown"] == "yes";
        var ask = new CalendarDefinitionRequest
        {
            Zone = form["zone"].Trim(),
            Week = unknown ? null : Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).Select(CalendarDefinition.NameOf)
                .Select(day => (day, Open: Intervals(form[day]))).Where(d => d.Open.Count > 0).ToDictionary(d => d.day, d => d.Open),
            Holidays = form.Text("holidays") is null ? null : [.. form.Words("holidays")],
            Exceptions = form.Text("exceptions") is null ? null : form.Lines("exceptions")
                .GroupBy(line => line[..Math.Min(DateLength, line.Length)])
                .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.SelectMany(line => Intervals(line[g.Key.Length..].TrimStart(' ', ':')))]),
            Days = unknown && form.Text("days") is not null ? [.. form.Words("days")] : null,
        };
        // A day of the week is a field of its own.
        form.Check(ask, at => at.Split('/') is ["", "week", var day, ..] ? day : at.Split('/')[1]);
        return Defined.Calendar(id, ask);
    }

    static IReadOnlyList<string> Intervals(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
