using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Web.Charts;
using Microsoft.AspNetCore.Components;

namespace EventDesk.Web.Pages;

public sealed partial class OrganisationPage
{
    [Parameter, EditorRequired] public required Viewer V { get; set; }
    [Parameter, EditorRequired] public required OrganisationScreen Screen { get; set; }

    IEnumerable<string> Columns => (Screen.Part switch
    {
        "teams" => (string[])["team", "desk", "line", "by_itself"],
        "customers" => ["customer", "contract"],
        "agents" => ["agent", "capacity", "teams", "calendar"],
        "trainings" => ["role", "trainings"],
        "products" or "languages" => ["id", "name"],
        _ => ["desk", "calendar", "contract", "channels"],
    }).Select(c => V[c switch { "role" => "admin.role", "name" => "part.name", _ => $"organisation.{c}" }]);

    IEnumerable<(string Key, PartStanding Standing, IReadOnlyList<string> Cells)> Rows => Screen.Part switch
    {
        "teams" => Screen.Teams.Select(t => (t.Key, t.Standing, Cells(Named(t.Is.Id, t.Is.Retired), t.Is.Desk, V.Of(t.Is.Line), V[t.Is.AssignsByItself ? "yes" : "no"]))),
        "agents" => Screen.Agents.Select(a => (a.Key, a.Standing, Cells(Named(a.Is.Id, a.Is.Retired), V.Figure(a.Is.Capacity, Measure.Count), string.Join(", ", a.Is.Teams), a.Is.Calendar ?? "–"))),
        "customers" => Screen.Customers.Select(h => (h.Key, h.Standing, Cells(h.Is.Id.ToString(), PlanOf(h.Is)))),
        "products" => Screen.Products.Select(p => (p.Key, p.Standing, Cells(p.Is.Id, p.Is.Name))),
        "languages" => Screen.Languages.Select(l => (l.Key, l.Standing, Cells(l.Is.Id, l.Is.Name))),
        "trainings" => Screen.Trainings.Select(t => (t.Key, t.Standing, Cells(V.Of(t.Is.Role), string.Join(", ", t.Is.Trainings)))),
        _ => Screen.Desks.Select(d => (d.Key, d.Standing, Cells(Named(d.Is.Id.Value, d.Is.Retired), d.Is.Calendar ?? "–", d.Is.Contract ?? "–", Channels(d.Is)))),
    };

    string PlanOf(ContractHolder holder) => Screen.Among.FindContract(holder.Contract)?.Name ?? holder.Contract;

    static IReadOnlyList<string> Cells(params string[] cells) => cells;

    string Named(string id, bool retired) => retired ? $"{id} ({V["admin.retired"]})" : id;

    string Channels(Desk desk) => string.Join(", ", SupportOrganisation.KnownChannels.Select(c => $"{V[$"through.{c}"]}: {V.Of(desk.Through(c))}"));

    /// <summary>What a contract says beside its times.</summary>
    IEnumerable<string> Terms(Contract c)
    {
        yield return V.Say("organisation.warns", c.WarnAtPercent);
        yield return V.Say("organisation.assumed", V.Of(c.AssumedSeverity));
        yield return c.Calendar is { } calendar ? $"{V["organisation.calendar"]}: {calendar}" : V["organisation.desk_hours"];
        if (c.SecondLineActsAsFirst)
            yield return V["contract.acts_as"];
        if (c.DirectToSecondLine)
            yield return V["contract.direct"];
        if (c.Agent is { } agent)
            yield return $"{V["contract.agent"]}: {agent}";
        if (c.Price is { } price)
            yield return $"{V["contract.price"]}: {price}";
    }

    /// <summary>Which tickets a retention rule is for.</summary>
    string Covered(RetentionScope? scope)
    {
        var lists = new (string Of, IReadOnlyList<string>? Ids)[] { ("products", scope?.Products), ("languages", scope?.Languages), ("desks", scope?.Desks), ("contracts", scope?.Contracts) };
        return string.Join("; ", lists.Where(l => l.Ids is not null).Select(l => $"{V[$"rule.{l.Of}"]}: {string.Join(", ", l.Ids!)}")) is { Length: > 0 } told ? told : V["rule.every_ticket"];
    }
}
