using EventDesk.Domain.Tickets;
using EventDesk.Service.Monitoring;

namespace EventDesk.Web;

/// <summary>How the monitor is looked at: all of it stands in the address.</summary>
public sealed record MonitorLook(MonitorGrouping GroupBy, string? Desk = null, SupportLine? Line = null)
{
    public string Address => $"/monitor{Query}";

    public string Live => $"/monitor/live{Query}";

    /// <summary>The tickets a count is of: a queue, narrowed to a group; null where the queues cannot be narrowed so.</summary>
    public string? Queue(string queue, string? group)
    {
        var narrowed = new QueueLook(queue, Desk, Line);
        return (group, GroupBy) switch
        {
            (null, _) => narrowed.Address,
            (_, MonitorGrouping.Desk) => (narrowed with { Desk = group }).Address,
            (_, MonitorGrouping.Line) => Enum.TryParse<SupportLine>(group, ignoreCase: true, out var line) ? (narrowed with { Line = line }).Address : null,
            ("none", _) => null,
            _ => (narrowed with { Agent = group }).Address,
        };
    }

    string Query => Microsoft.AspNetCore.Http.QueryString.Create(
        new[] { ("groupBy", GroupBy is MonitorGrouping.Desk ? null : GroupBy.ToString().ToLowerInvariant()), ("desk", Desk), ("line", Line?.ToString().ToLowerInvariant()) }
            .Where(p => p.Item2 is not null).Select(p => KeyValuePair.Create(p.Item1, p.Item2))).ToString();
}

/// <summary>The open work at a glance.</summary>
/// <param name="Desks">One can narrow it to.</param>
public sealed record MonitorScreen(MonitorLook Look, MonitorPage Page, IReadOnlyList<string> Desks);
