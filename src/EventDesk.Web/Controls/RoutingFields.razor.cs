using System.Globalization;
using EventDesk.Domain.Organisation;
using Microsoft.AspNetCore.Components;

namespace EventDesk.Web.Controls;

public sealed partial class RoutingFields
{
    /// <summary>Rows to fill in; who needs more saves in between.</summary>
    const int More = 2;

    [Parameter, EditorRequired] public required Viewer V { get; set; }

    /// <summary>The version that the change is thought out on; null: there are none.</summary>
    [Parameter, EditorRequired] public required RoutingRules? Of { get; set; }

    [Parameter, EditorRequired] public required FormReply? Said { get; set; }
    [Parameter, EditorRequired] public required SupportOrganisation Among { get; set; }

    IReadOnlyList<RoutingRule> Rules => Of?.Rules ?? [];

    IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Fields => [.. Of?.Fields ?? new Dictionary<string, IReadOnlyList<string>>()];

    /// <summary>The choices a rule can ask for, by their fields, and whether it does; what was ticked and is no choice any more stays one.</summary>
    IEnumerable<(string Field, string Choice, bool Wanted)> Wanted(int row, RoutingMatch? when)
    {
        var prefix = PartRow.Choice(row);
        HashSet<(string, string)> ticked = Said is null
            ? [.. (when?.Fields ?? new Dictionary<string, IReadOnlyList<string>>()).SelectMany(f => f.Value.Select(c => (f.Key, c)))]
            : [.. Said.Values.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..].Split('/', 2)).Where(k => k.Length == 2).Select(k => (k[0], k[1]))];
        return Fields.SelectMany(f => f.Value.Select(c => (f.Key, c))).Union(ticked).Select(w => (w.Item1, w.Item2, ticked.Contains(w)));
    }

    static string Place(int row) => (row + 1).ToString(CultureInfo.InvariantCulture);

    string Typed(string field, string? stood) => Said.Typed("part", field, stood);
}
