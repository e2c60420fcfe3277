using System.Text.Json;
using System.Text.RegularExpressions;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>What ops/grafana asks of our own metrics.</summary>
static partial class Dashboard
{
    /// <summary>The labels of each metric of ours that are filtered or grouped by, by the name it is measured under.</summary>
    public static Dictionary<string, IReadOnlySet<string>> Labels()
    {
        using var file = File.OpenRead(Path.Combine(Checkout.Root, "ops", "grafana", "dashboards", "eventdesk.json"));
        using var board = JsonDocument.Parse(file);
        var asked = from panel in board.RootElement.GetProperty("panels").EnumerateArray()
                    where panel.TryGetProperty("targets", out _)
                    from target in panel.GetProperty("targets").EnumerateArray()
                    let expression = target.GetProperty("expr").GetString()!
                    from metric in Metric().Matches(expression)
                    from label in Grouped().Matches(expression).SelectMany(g => g.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)).Concat(Filtered().Matches(metric.Groups["filter"].Value).Select(f => f.Groups["label"].Value))
                    where label is not ("le" or "job" or "instance")
                    select (Name: Unit().Replace(metric.Groups["metric"].Value, "").Replace('_', '.'), Label: label);
        return asked.GroupBy(a => a.Name).ToDictionary(g => g.Key, g => (IReadOnlySet<string>)g.Select(a => a.Label).ToHashSet());
    }

    [GeneratedRegex(@"(?<metric>eventdesk_\w+)\{(?<filter>[^}]*)\}", RegexOptions.None, 1_000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"by \((?<labels>[^)]*)\)", RegexOptions.None, 1_000)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"(?<label>\w+)(?:=|!)", RegexOptions.None, 1_000)]
    private static partial Regex Filtered();

    [GeneratedRegex("(?:_total|_seconds_bucket|_bucket|_sum|_count)$", RegexOptions.None, 1_000)]
    private static partial Regex Unit();
}
