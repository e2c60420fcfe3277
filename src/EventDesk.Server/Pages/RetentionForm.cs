using System.Globalization;
using EventDesk.Domain.Privacy;
using EventDesk.Server.Api;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The retention rules as their form sends them, a row for each: one left blank or struck out is none. They go the way of the API's definition.</summary>
static class RetentionForm
{
    public static RetentionRules Read(FormFields form)
    {
        List<int> rows = [.. form.Rows(PartRow.Rule).Where(row => !IsStruckOut(form, row) && !form.IsBlank(PartRow.Of(PartRow.Rule, row)))];
        var days = form.Whole("inactiveDays");
        var ask = new RetentionDefinitionRequest { Rules = [.. rows.Select(row => Rule(form, row))], Accounts = days is { } inactive ? new() { InactiveDays = inactive } : null };
        form.Check(ask, at => FieldOf(at, rows));
        return ask.Defined;
    }

    /// <summary>What the organisation says of rules, beside the row of each.</summary>
    public static IReadOnlyList<FieldFault> Placed(FormFields form, IEnumerable<string> reasons) =>
    [
        .. from reason in reasons
           from row in form.Rows(PartRow.Rule).Where(row => form[Name(row, "id")].Trim() is { Length: > 0 } id && !IsStruckOut(form, row) && reason.StartsWith($"Retention rule {id} ", StringComparison.Ordinal)).Take(1)
           select new FieldFault(PartRow.Of(PartRow.Rule, row), "", reason),
    ];

    static string Name(int row, string field) => $"{PartRow.Of(PartRow.Rule, row)}-{field}";

    static bool IsStruckOut(FormFields form, int row) => form[Name(row, "remove")] == "yes";

    static RetentionRuleRequest Rule(FormFields form, int row)
    {
        var scope = new RetentionScopeRequest { Products = Words("products"), Desks = Words("desks"), Languages = Words("languages"), Contracts = Words("contracts") };
        return new()
        {
            Id = form[Name(row, "id")].Trim(),
            Trigger = form.OneOf<RetentionTrigger>(Name(row, "trigger")),
            Action = form.OneOf<RetentionAction>(Name(row, "action")),
            Days = form.Whole(Name(row, "days")),
            Scope = scope is { Products: null, Desks: null, Languages: null, Contracts: null } ? null : scope,
        };

        IReadOnlyList<string>? Words(string field) => form.Text(Name(row, field)) is null ? null : [.. form.Words(Name(row, field))];
    }

    /// <summary>The field of a fault's path: <c>/rules/1/scope/desks/0</c> is in the second of the rows that were read.</summary>
    static string FieldOf(string path, List<int> rows) => path.Split('/') switch
    {
        ["", "rules", var n, "scope", var list, ..] => Name(rows[int.Parse(n, CultureInfo.InvariantCulture)], list),
        ["", "rules", var n, var field, ..] => Name(rows[int.Parse(n, CultureInfo.InvariantCulture)], field),
        _ => path.TrimStart('/'),
    };
}
