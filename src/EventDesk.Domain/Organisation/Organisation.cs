using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Organisation;

/// <summary>Product × language, with the lines of people behind it.</summary>
/// <param name="Retired">Takes no new tickets; the old ones keep it.</param>
/// <param name="Calendar">Its opening hours; null: unknown.</param>
/// <param name="Contract">The plan of tickets whose customer has none; null: no clocks.</param>
/// <param name="Channels">Where it can be reached, by channel: yes, no, or coming soon; a channel left out is open.</param>
/// <param name="FirstLineTargetPercent">The share of tickets its first line is to solve by itself, of those that were not sent past it.</param>
public sealed record Desk(
    string Product, string Language, string? Name = null, bool Retired = false, int? FirstLineTargetPercent = null, string? Calendar = null, string? Contract = null,
    IReadOnlyDictionary<string, Availability>? Channels = null)
{
    public DeskId Id => DeskId.Of(Product, Language);

    public double? FirstLineTarget => FirstLineTargetPercent / 100.0;

    /// <summary>Whether it can be reached through a channel; one it says nothing of is open.</summary>
    public Availability Through(string channel) => Channels?.GetValueOrDefault(channel, Availability.Yes) ?? Availability.Yes;

    /// <summary>The channels through which it takes questions now, in the order in which channels are named.</summary>
    public IReadOnlyList<string> Offered => [.. SupportOrganisation.KnownChannels.Where(c => Through(c) == Availability.Yes)];
}

public enum Availability { Yes, No, ComingSoon }

public sealed record Product(string Id, string Name);

/// <param name="Id">BCP 47: <c>en</c>, <c>ar</c>.</param>
public sealed record Language(string Id, string Name);

/// <summary>What everybody in a role has to have been taught, by the names of the trainings.</summary>
public sealed record RequiredTrainings(Role Role, IReadOnlyList<string> Trainings);

/// <summary>Who supports what, in which language, when, and what is promised; as it stands at one moment.</summary>
public sealed record SupportOrganisation(
    IReadOnlyList<Product> Products, IReadOnlyList<Language> Languages, IReadOnlyList<Desk> Desks,
    IReadOnlyList<CalendarDefinition>? Calendars = null, IReadOnlyList<Contract>? Contracts = null,
    IReadOnlyList<Team>? Teams = null, IReadOnlyList<RosterAgent>? Agents = null, RoutingRules? Routing = null, IReadOnlyList<RequiredTrainings>? Trainings = null,
    RetentionRules? Retention = null)
{
    /// <summary>Null: nobody has said anything, and one person is enough.</summary>
    public PrivacyRules? Privacy { get; init; }

    public IReadOnlyList<Macro>? Macros { get; init; }

    public static readonly IReadOnlyList<string> KnownChannels = ["guide", "portal", "chat", "phone", "email"];

    public Desk? Find(string product, string language) => Desks.FirstOrDefault(d => d.Product == product && d.Language == language);

    public Contract? FindContract(string id) => Contracts?.FirstOrDefault(c => c.Id == id);

    public Team? FindTeam(string id) => Teams?.FirstOrDefault(t => t.Id == id);

    public RosterAgent? FindAgent(string id) => Agents?.FirstOrDefault(a => a.Id == id);

    /// <summary>The teams an agent works in that take tickets.</summary>
    public IEnumerable<Team> TeamsOf(RosterAgent agent) => agent.Teams.Select(FindTeam).OfType<Team>().Where(t => !t.Retired);

    /// <summary>All of it, in an order in which each part comes after those it names.</summary>
    public IEnumerable<object> Parts =>
        [.. Products, .. Languages, .. Calendars ?? [], .. Contracts ?? [], .. Desks, .. Teams ?? [], .. Agents ?? [], .. Routing is null ? Array.Empty<object>() : [Routing], .. Trainings ?? [],
         .. Privacy is null ? Array.Empty<object>() : [Privacy], .. Retention is null ? Array.Empty<object>() : [Retention], .. Macros ?? []];

    /// <summary>All that people with these roles have to hold: every role's trainings, whichever role they act in.</summary>
    public IEnumerable<string> TrainingsOf(IEnumerable<Role> roles) => (Trainings ?? []).Where(t => roles.Contains(t.Role)).SelectMany(t => t.Trainings).Distinct();

    /// <summary>What is wrong with it, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Faults() =>
    [
        .. Twice("Desk", Desks.Select(d => d.Id.Value)), .. Twice("Calendar", (Calendars ?? []).Select(c => c.Id)),
        .. Twice("Contract", (Contracts ?? []).Select(c => c.Id)), .. Twice("Team", (Teams ?? []).Select(t => t.Id)), .. Twice("Agent", (Agents ?? []).Select(a => a.Id)),
        .. Twice("Trainings of", (Trainings ?? []).Select(t => t.Role.ToString())),
        .. Desks.SelectMany(FaultsOf), .. (Calendars ?? []).SelectMany(c => c.Faults()), .. (Contracts ?? []).SelectMany(FaultsOf),
        .. (Teams ?? []).SelectMany(t => RoutingFaults.Of(t, this)), .. (Agents ?? []).SelectMany(a => RoutingFaults.Of(a, this)),
        .. Routing is null ? [] : RoutingFaults.Of(Routing, this), .. Retention?.Faults(this) ?? [],
        .. Twice("Macro", (Macros ?? []).Select(m => m.Id)), .. (Macros ?? []).SelectMany(m => m.Faults(this)),
    ];

    IEnumerable<string> FaultsOf(Desk desk)
    {
        if (Products.All(p => p.Id != desk.Product)) yield return $"Desk {desk.Id} names the unknown product \"{desk.Product}\".";
        if (Languages.All(l => l.Id != desk.Language)) yield return $"Desk {desk.Id} names the unknown language \"{desk.Language}\".";
        if (desk.Calendar is { } calendar && !Knows(calendar)) yield return $"Desk {desk.Id} names the unknown calendar \"{calendar}\".";
        if (desk.Contract is { } contract && FindContract(contract) is null) yield return $"Desk {desk.Id} names the unknown contract \"{contract}\".";
        foreach (var channel in (desk.Channels?.Keys ?? []).Where(c => !KnownChannels.Contains(c)))
            yield return $"Desk {desk.Id} names the unknown channel \"{channel}\"; there are {string.Join(", ", KnownChannels)}.";
    }

    IEnumerable<string> FaultsOf(Contract contract)
    {
        foreach (var fault in contract.Faults())
            yield return fault;
        if (contract.Calendar is { } calendar && !Knows(calendar)) yield return $"Contract {contract.Id} names the unknown calendar \"{calendar}\".";
        if (contract.Agent is { } agent && FindAgent(agent) is null) yield return $"Contract {contract.Id} names the unknown agent \"{agent}\".";
    }

    bool Knows(string calendar) => Calendars?.Any(c => c.Id == calendar) ?? false;

    static IEnumerable<string> Twice(string what, IEnumerable<string> ids) =>
        ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => $"{what} {g.Key} is given {g.Count()} times.");
}
