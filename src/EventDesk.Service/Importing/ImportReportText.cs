using System.Text;

namespace EventDesk.Service.Importing;

/// <summary>The report for people.</summary>
public static class ImportReportText
{
    const int Shown = 10;

    public static string ToText(this ImportReport r)
    {
        var text = new StringBuilder();
        text.AppendLine($"{r.File} as {r.Source}, run {r.Run}{(r.Resumed ? ", taken up again" : "")}, recorded {r.Recorded:yyyy-MM-ddTHH:mm:ss.FFFFFFZ}");
        text.AppendLine($"  rows    {r.Rows.Read,10:N0} read = {r.Rows.Imported:N0} imported + {r.Rows.AlreadyThere:N0} already there + {r.Rows.NotApplied:N0} not applied"
            + $" + {r.Rows.Beyond:N0} beyond the limit + {r.Rows.Skipped.Values.Sum():N0} skipped");
        foreach (var (reason, count) in r.Rows.Skipped)
            text.AppendLine($"          {count,10:N0} skipped: {reason}");
        text.AppendLine($"  cases   {r.Cases.Read,10:N0} read = {r.Cases.Imported:N0} imported + {r.Cases.Extended:N0} extended + {r.Cases.AlreadyThere:N0} already there"
            + $" + {r.Cases.NotApplied:N0} not applied + {r.Cases.Beyond:N0} beyond the limit");
        if (r.First is not null)
            text.AppendLine($"  time    {r.First:yyyy-MM-ddTHH:mm:ssZ} to {r.Last:yyyy-MM-ddTHH:mm:ssZ}");
        text.AppendLine($"  events  {r.EventsWritten,10:N0} written");
        foreach (var (type, count) in r.EventsByType)
            text.AppendLine($"          {count,10:N0} {type}");
        foreach (var (state, count) in r.UnknownStates)
            text.AppendLine($"  unknown {count,10:N0} rows of state \"{state}\", kept as activities");
        foreach (var (field, values) in r.UnknownValues)
            foreach (var (value, count) in values)
                text.AppendLine($"  unknown {count,10:N0} times {field} \"{value}\", left out");
        if (r.NotApplied.Count > 0)
            text.AppendLine($"  not applied, since old rows changed or the ticket was worked on here: {string.Join(", ", r.NotApplied.Take(Shown))}{(r.NotApplied.Count > Shown ? ", …" : "")}");
        return text.Append($"  {r.Seconds:N1} s, {r.EventsPerSecond:N0} events/s").ToString();
    }
}
