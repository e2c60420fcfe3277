using System.Globalization;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The routing rules as their form sends them, a row for each, and one for each field of choice: what is left blank or struck out is none. They go the way of the API's definition.</summary>
static class RoutingForm
{
    /// <summary>What the organisation says of a rule, and the field of its row that is meant; else it is the row.</summary>
    static readonly (string Said, string Field)[] Places =
    [
        (" is given twice", "id"), (" names the unknown desk ", "desk"), (" names the unknown team ", "team"), (" names the unknown agent ", "agent"),
        (" sends to the team ", "team"), (" sends to the agent ", "agent"), (" sends to ", "line"),
    ];

    public static RoutingRules Read(FormFields form)
    {
        var (rows, fields) = (Ordered(form), FieldsOf(form));
        var ask = new RoutingDefinitionRequest { Rules = [.. rows.Select(row => Rule(form, row))], Fields = fields.Count == 0 ? null : fields };
        form.Check(ask, at => FieldOf(form, at, rows));
        return ask.Defined;
    }

    /// <summary>What the organisation says, beside the rule or the field of choice.</summary>
    public static IReadOnlyList<FieldFault> Placed(FormFields form, IReadOnlyList<string> reasons) =>
    [
        .. from reason in reasons
           from row in form.Rows(PartRow.Rule).Where(row => form[Name(row, "id")].Trim() is { Length: > 0 } id && !IsStruckOut(form, row) && reason.StartsWith($"Rule {id} ", StringComparison.Ordinal))
           let at = Places.FirstOrDefault(p => reason.Contains(p.Said, StringComparison.Ordinal)).Field
           select new FieldFault(at is null ? PartRow.Of(PartRow.Rule, row) : Name(row, at), "", reason),
        .. from reason in reasons
           from row in form.Rows(PartRow.Field).Where(row => NameOf(form, row) is { Length: > 0 } name && reason.StartsWith($"The field {name} ", StringComparison.Ordinal))
           select new FieldFault(Choices(row), "", reason),
    ];

    /// <summary>The rules that are to be, in their order: those that were given another place there, the others as they stand.</summary>
    static List<int> Ordered(FormFields form)
    {
        var rows = form.Rows(PartRow.Rule).Where(row => !IsStruckOut(form, row) && !form.IsBlank(PartRow.Of(PartRow.Rule, row)))
            .Select(row => (Row: row, Stands: row + 1, Place: form.Whole(Name(row, "place")) ?? row + 1)).ToList();
        List<int> order = [.. rows.Where(r => r.Place == r.Stands).Select(r => r.Row)];
        foreach (var moved in rows.Where(r => r.Place != r.Stands).OrderBy(r => r.Place))
            order.Insert(Math.Clamp(moved.Place - 1, 0, order.Count), moved.Row);
        return order;
    }

    /// <summary>Two rows of one name are one field.</summary>
    static Dictionary<string, IReadOnlyList<string>> FieldsOf(FormFields form) => form.Rows(PartRow.Field).Where(row => !form.IsBlank(PartRow.Of(PartRow.Field, row)))
        .GroupBy(row => NameOf(form, row)).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.SelectMany(row => form.Lines(Choices(row))).Distinct()]);

    static RoutingRuleRequest Rule(FormFields form, int row)
    {
        var when = new RoutingMatchRequest
        {
            Products = Some(form.Words(Name(row, "products"))),
            Languages = Some(form.Words(Name(row, "languages"))),
            Channels = Some(form.Ticked<Channel>(Name(row, "channels"))),
            Contracts = Some(form.Words(Name(row, "contracts"))),
            Customers = Some(Customers(form, Name(row, "customers"))),
            Severities = Some(form.Ticked<Severity>(Name(row, "severities"))),
            Fields = Wanted(form, row),
        };
        return new()
        {
            Id = form[Name(row, "id")].Trim(),
            When = when == new RoutingMatchRequest() ? null : when,
            To = new()
            {
                Desk = Text("desk"), Line = Text("line") is null ? null : form.OneOf<SupportLine>(Name(row, "line")), Team = Text("team"), Agent = Text("agent"),
            },
        };

        string? Text(string field) => form.Text(Name(row, field))?.Trim();
    }

    /// <summary>A list nothing is chosen in asks nothing.</summary>
    static List<T>? Some<T>(IEnumerable<T> chosen) => chosen.ToList() is { Count: > 0 } some ? some : null;

    static List<Guid> Customers(FormFields form, string name)
    {
        List<Guid> customers = [];
        foreach (var word in form.Words(name))
            if (Guid.TryParseExact(word, "D", out var customer))
                customers.Add(customer);
            else
                form.Faults.Add(name, "invalid_customer", "It is no customer's pseudonym, as tickets show it.");
        return customers;
    }

    /// <summary>The ticked choices by field; each box has the name of both, since a choice may hold any sign.</summary>
    static Dictionary<string, IReadOnlyList<string>>? Wanted(FormFields form, int row)
    {
        var ticked = form.Values.Keys.Where(k => k.StartsWith(PartRow.Choice(row), StringComparison.Ordinal)).Select(k => k[PartRow.Choice(row).Length..].Split('/', 2))
            .Where(k => k.Length == 2).GroupBy(k => k[0]).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(k => k[1])]);
        return ticked.Count == 0 ? null : ticked;
    }

    static string Name(int row, string field) => $"{PartRow.Of(PartRow.Rule, row)}-{field}";

    static string NameOf(FormFields form, int row) => form[$"{PartRow.Of(PartRow.Field, row)}-name"].Trim();

    static string Choices(int row) => $"{PartRow.Of(PartRow.Field, row)}-choices";

    static bool IsStruckOut(FormFields form, int row) => form[Name(row, "remove")] == "yes";

    /// <summary>The field of a fault's path: <c>/rules/1/to/desk</c> is in the second of the rules that were read.</summary>
    static string FieldOf(FormFields form, string path, List<int> rows) => path.Split('/') switch
    {
        ["", "rules", var n, "when", "fields", ..] => PartRow.Of(PartRow.Rule, Row(rows, n)),
        ["", "rules", var n, "when" or "to", var field, ..] => Name(Row(rows, n), field),
        ["", "rules", var n, var field, ..] => Name(Row(rows, n), field),
        ["", "fields", _, ..] => FieldOfChoice(form, path),
        _ => path.TrimStart('/'),
    };

    static int Row(List<int> rows, string n) => rows[int.Parse(n, CultureInfo.InvariantCulture)];

    /// <summary>By the name that was typed, which may hold any sign as long as it is wrong.</summary>
    static string FieldOfChoice(FormFields form, string path)
    {
        foreach (var row in form.Rows(PartRow.Field).Where(row => !form.IsBlank(PartRow.Of(PartRow.Field, row))))
            if (path == $"/fields/{NameOf(form, row)}")
                return $"{PartRow.Of(PartRow.Field, row)}-name";
            else if (path.StartsWith($"/fields/{NameOf(form, row)}/", StringComparison.Ordinal))
                return Choices(row);
        return path.TrimStart('/');
    }
}
