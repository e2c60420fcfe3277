using System.Text;

namespace EventDesk.Server.Tests;

/// <summary>All that is reported, as one text that can be compared.</summary>
static class EveryReport
{
    public static async Task<string> Read(IEnumerable<ApiOperation> operations, Api analyst)
    {
        var all = new StringBuilder();
        foreach (var report in operations.Where(o => o.Path.StartsWith("/api/reports/", StringComparison.Ordinal) && !o.Path.EndsWith("/events", StringComparison.Ordinal)))
            all.AppendLine(report.Path).AppendLine((await analyst.Get($"{report.Path}?from=2020-01-01&to=2099-01-01")).Text);
        // Reports of this moment say which moment it is.
        return new[] { "asOf", "occurredUntil", "knownUntil" }.Aggregate(all.ToString(), Without);
    }

    static string Without(string json, string member)
    {
        var parts = json.Split($"\"{member}\":\"");
        return string.Concat(parts.Select((part, i) => i == 0 ? part : part[(part.IndexOf('"', StringComparison.Ordinal) + 1)..]));
    }
}
