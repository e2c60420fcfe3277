using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The forms of the parts that are told in a few fields; what is left blank is left out. They go the way of the API's definitions.</summary>
static class PartForms
{
    /// <summary>What reads the form of a part; null: there is no such part.</summary>
    public static Func<FormFields, object>? Of(string key) => key.Split('/') switch
    {
        ["product", { Length: > 0 } id] => form => Read(form, new ProductDefinitionRequest { Name = form["name"].Trim() }, p => Defined.Product(id, p)),
        ["language", { Length: > 0 } id] => form => Read(form, new LanguageDefinitionRequest { Name = form["name"].Trim() }, l => Defined.Language(id, l)),
        ["desk", { Length: > 0 } product, { Length: > 0 } language] => form => Read(form, Desk(form), d => Defined.Desk(product, language, d)),
        ["calendar", { Length: > 0 } id] => form => CalendarForm.Read(id, form),
        ["contract", { Length: > 0 } id] => form => ContractForm.Read(id, form),
        ["customer", var id] when Guid.TryParseExact(id, "D", out var customer) =>
            form => Read(form, new ContractHolderRequest { Contract = form["contract"] }, h => new ContractHolder(customer, h.Contract)),
        ["team", { Length: > 0 } id] => form => Read(form, Team(form), t => Defined.Team(id, t)),
        ["agent", { Length: > 0 } id] => form => Read(form, Agent(form), a => Defined.Agent(id, a)),
        ["trainings", var word] when Defined.RoleOf(word) is { } role => form => Trainings(role, form),
        _ => key switch
        {
            RoutingRules.Key => RoutingForm.Read,
            RetentionRules.Key => RetentionForm.Read,
            PrivacyRules.Key => form => new PrivacyRules(form["revealNeedsSecondPerson"] == "yes"),
            _ => null,
        },
    };

    /// <summary>By what is said which field is meant.</summary>
    static readonly (string Said, string Field)[] Places =
    [
        ("unknown calendar ", "calendar"), ("names calendar/", "calendar"), ("unknown contract ", "contract"), ("names contract/", "contract"), ("unknown desk ", "desk"),
        ("unknown agent ", "agent"), ("unknown team ", "teams"), ("is in no team", "teams"), (", which waits for ", "from"), ("holds from now on at the earliest", "from"),
    ];

    /// <summary>What the organisation says, beside the field it is about; the rest stands above the form.</summary>
    public static IReadOnlyList<FieldFault> Placed(string key, FormFields form, IReadOnlyList<string> reasons) =>
    [
        .. key switch { RoutingRules.Key => RoutingForm.Placed(form, reasons), RetentionRules.Key => RetentionForm.Placed(form, reasons), _ => [] },
        .. from reason in reasons
           from place in Places.Where(p => form.Values.ContainsKey(p.Field) && reason.Contains(p.Said, StringComparison.Ordinal))
           select new FieldFault(place.Field, "", reason),
    ];

    static object Read<T>(FormFields form, T ask, Func<T, object> part) where T : IDefinition
    {
        form.Check(ask);
        return part(ask);
    }

    static DeskDefinitionRequest Desk(FormFields form)
    {
        var channels = SupportOrganisation.KnownChannels.Where(c => form.Text($"channel-{c}") is not null).ToDictionary(c => c, c => form.OneOf<Availability>($"channel-{c}"));
        return new()
        {
            Name = form.Text("name")?.Trim(),
            Calendar = form.Text("calendar"),
            Contract = form.Text("contract"),
            FirstLineTargetPercent = form.Whole("firstLineTargetPercent"),
            Channels = channels.Count == 0 ? null : channels,
            Retired = form["retired"] == "yes",
        };
    }

    static TeamDefinitionRequest Team(FormFields form) => new()
    {
        Desk = form["desk"], Line = form.OneOf<SupportLine>("line"), AssignsByItself = form["assignsByItself"] == "yes", Retired = form["retired"] == "yes",
    };

    static AgentDefinitionRequest Agent(FormFields form) => new()
    {
        Teams = [.. form.Words("teams")], Capacity = form.Whole("capacity") ?? 0, Calendar = form.Text("calendar"), Retired = form["retired"] == "yes",
    };

    /// <summary>Those that are ticked, and further ones by their names.</summary>
    static RequiredTrainings Trainings(Role role, FormFields form)
    {
        var ask = new RequiredTrainingsRequest { Trainings = [.. form.Words("trainings"), .. form.Words("further")] };
        form.Check(ask, _ => "further");
        return Defined.Trainings(role, ask);
    }
}
