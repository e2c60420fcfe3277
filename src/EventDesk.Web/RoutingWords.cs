using EventDesk.Domain.Organisation;

namespace EventDesk.Web;

/// <summary>What routing rules say, in words.</summary>
public static class RoutingWords
{
    /// <summary>What a rule asks for, one wish after the other.</summary>
    public static string Asked(this Viewer v, RoutingMatch? when)
    {
        List<string> wishes = [];
        Add(when?.Products);
        Add(when?.Languages);
        Add(when?.Channels?.Select(c => v.Of(c)));
        Add(when?.Contracts);
        Add(when?.Severities?.Select(s => v.Of(s)));
        Add(when?.Customers?.Select(c => c.ToString()));
        foreach (var (field, choices) in when?.Fields ?? new Dictionary<string, IReadOnlyList<string>>())
            wishes.Add($"{field}: {string.Join(" / ", choices)}");
        return wishes.Count == 0 ? v["organisation.always"] : string.Join("; ", wishes);

        void Add(IEnumerable<string>? values)
        {
            if (values is not null)
                wishes.Add(string.Join(" / ", values));
        }
    }

    /// <summary>Where it sends.</summary>
    public static string To(this Viewer v, RoutingTarget to) =>
        string.Join(", ", new[] { to.Desk, to.Line is { } line ? v.Of(line) : null, to.Team, to.Agent }.OfType<string>()) is { Length: > 0 } target ? target : v["organisation.triage"];
}
