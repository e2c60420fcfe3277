using System.Collections.Concurrent;
using System.Collections.Immutable;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Organisation;

/// <summary>A definition as it holds from an instant on.</summary>
/// <param name="Version">Counts up from 1 for each thing defined.</param>
public sealed record InForce<T>(int Version, Instant From, T Definition);

/// <summary>
/// The organisation through all its versions, so that every question can be asked of the moment it belongs to. Immutable: a change gives a
/// new one, and what it says of the time before the change is the same as before.
/// </summary>
public sealed partial class OrganisationHistory : ISlaBook
{
    readonly ImmutableSortedDictionary<string, ImmutableList<InForce<object>>> definitions;
    readonly ConcurrentDictionary<string, Calendar?> hours = new();

    OrganisationHistory(ImmutableSortedDictionary<string, ImmutableList<InForce<object>>> definitions) => this.definitions = definitions;

    public static readonly OrganisationHistory Empty = new(ImmutableSortedDictionary.Create<string, ImmutableList<InForce<object>>>(StringComparer.Ordinal));

    /// <summary>An organisation that has always been so.</summary>
    public static OrganisationHistory Of(SupportOrganisation organisation) => Empty.With(organisation, Instant.MinValue);

    public OrganisationHistory With(SupportOrganisation o, Instant from) =>
        o.Parts.Aggregate(this, (h, d) => h.With(d, from));

    /// <summary>A further version of one part.</summary>
    /// <param name="from">When it comes into force; one that comes before its predecessor counts from there.</param>
    public OrganisationHistory With(object definition, Instant from)
    {
        var key = KeyOf(definition);
        var versions = definitions.GetValueOrDefault(key, []);
        var start = versions.IsEmpty ? from : Instant.Max(from, versions[^1].From);
        return new(definitions.SetItem(key, versions.Add(new(versions.Count + 1, start, definition))));
    }

    /// <summary>The name a definition is kept under: <c>calendar/pl</c>, <c>desk/billing/pl</c>.</summary>
    public static string KeyOf(object definition) => definition switch
    {
        Product p => $"product/{p.Id}",
        Language l => $"language/{l.Id}",
        CalendarDefinition c => $"calendar/{c.Id}",
        Contract c => $"contract/{c.Id}",
        Desk d => $"desk/{d.Id}",
        ContractHolder h => $"customer/{h.Id}",
        Team t => $"team/{t.Id}",
        RosterAgent a => $"agent/{a.Id}",
        RoutingRules => RoutingRules.Key,
        RetentionRules => RetentionRules.Key,
        PrivacyRules => PrivacyRules.Key,
        Macro m => $"{Macro.Prefix}{m.Id}",
        RequiredTrainings t => $"trainings/{char.ToLowerInvariant(t.Role.ToString()[0])}{t.Role.ToString()[1..]}",
        _ => throw new ArgumentException($"{definition.GetType().Name} is no part of an organisation.", nameof(definition)),
    };

    /// <summary>Every version of one thing, oldest first; empty when it was never defined.</summary>
    public IReadOnlyList<InForce<object>> Versions(string key) => definitions.GetValueOrDefault(key, []);

    /// <summary>The organisation as it stands at an instant.</summary>
    public SupportOrganisation At(Instant at)
    {
        return new(
            All<Product>("product/"), All<Language>("language/"), All<Desk>("desk/"), All<CalendarDefinition>("calendar/"), All<Contract>("contract/"),
            All<Team>("team/"), All<RosterAgent>("agent/"), All<RoutingRules>(RoutingRules.Key).FirstOrDefault(), Trainings(),
            Part<RetentionRules>(RetentionRules.Key, at)?.Definition)
        {
            Privacy = Part<PrivacyRules>(PrivacyRules.Key, at)?.Definition,
            Macros = [.. definitions.Where(d => d.Key.StartsWith(Macro.Prefix, StringComparison.Ordinal)).Select(d => Find(d.Value, at)?.Definition).OfType<Macro>()],
        };

        List<T> All<T>(string prefix) where T : class =>
            [.. definitions.Where(d => d.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(d => (Find(d.Value, at) ?? d.Value[0]).Definition).OfType<T>()];

        // Unlike a calendar, what has to be taught is not required before somebody said so.
        List<RequiredTrainings> Trainings() =>
            [.. definitions.Where(d => d.Key.StartsWith("trainings/", StringComparison.Ordinal)).Select(d => Find(d.Value, at)?.Definition).OfType<RequiredTrainings>()];
    }

    /// <summary>
    /// Why a definition cannot hold from an instant on beside what waits for its time already, in sentences. Parts are never taken away, so what holds
    /// at that instant holds later too.
    /// </summary>
    public IEnumerable<string> Untimely(object definition, Instant from)
    {
        var key = KeyOf(definition);
        if (Versions(key) is [.., var last] && last.From > from)
            yield return $"{key} has version {last.Version}, which waits for {last.From}; a further one holds from then on at the earliest.";
        string?[] named = definition switch
        {
            Desk d => [$"product/{d.Product}", $"language/{d.Language}", CalendarOf(d.Calendar), d.Contract is { } plan ? $"contract/{plan}" : null],
            Contract c => [CalendarOf(c.Calendar)],
            ContractHolder h => [$"contract/{h.Contract}"],
            Macro m => [.. m.Replies.Keys.Select(l => $"language/{l}")],
            _ => [],
        };
        foreach (var part in named.OfType<string>())
            if (Versions(part) is [var first, ..] && first.From > from)
                yield return $"{key} names {part}, which holds only from {first.From} on.";

        static string? CalendarOf(string? id) => id is null ? null : $"calendar/{id}";
    }

    /// <summary>When the next version comes into force after an instant; the end of time when none waits.</summary>
    public Instant ChangeAfter(Instant at) =>
        definitions.Values.SelectMany(v => v).Where(v => v.From > at).Select(v => v.From).DefaultIfEmpty(Instant.MaxValue).Min();

    /// <summary>The hours behind a desk, a contract or an agent: through its own versions and those of its calendars.</summary>
    public Calendar? Hours(string name) => hours.GetOrAdd(name, MakeHours);

    Calendar? MakeHours(string name)
    {
        if (!definitions.TryGetValue(name, out var owners))
            return null;
        List<OpeningHours> spans = [];
        for (var i = 0; i < owners.Count; i++)
        {
            var (from, to) = (owners[i].From, i + 1 < owners.Count ? owners[i + 1].From : Instant.MaxValue);
            if (from >= to && i + 1 < owners.Count)
                continue;
            var calendar = owners[i].Definition switch { Desk d => d.Calendar, Contract c => c.Calendar, RosterAgent a => a.Calendar, _ => null };
            var versions = calendar is null ? [] : definitions.GetValueOrDefault($"calendar/{calendar}", []);
            if (versions.IsEmpty)
                spans.Add(new OpeningHours(1, from, DateTimeZone.Utc, null, Nothing, NoDates));
            foreach (var (v, n) in versions.Select((v, n) => (v, n)))
                if ((n + 1 == versions.Count || versions[n + 1].From > from) && (v.From < to || n == 0))
                    spans.Add(((CalendarDefinition)v.Definition).At(v.Version, Instant.Max(v.From, from)));
        }
        return new Calendar(spans);
    }

    static readonly Dictionary<LocalDate, IReadOnlyList<OpenInterval>> Nothing = [];
    static readonly HashSet<LocalDate> NoDates = [];

    /// <summary>The plan a customer has of their own; null for those who have their desk's.</summary>
    public string? ContractOf(CustomerId customer, DateTimeOffset at) =>
        (Find(Versions($"customer/{customer.Value}"), Instant.FromDateTimeOffset(at))?.Definition as ContractHolder)?.Contract;

    /// <summary>The customers who have a plan of their own at an instant, or will have one, by their pseudonyms.</summary>
    public IReadOnlyList<ContractHolder> Holders(Instant at) =>
        [.. definitions.Where(d => d.Key.StartsWith("customer/", StringComparison.Ordinal)).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (ContractHolder)(Find(d.Value, at) ?? d.Value[0]).Definition)];

    /// <summary>A plan as it is in force at an instant.</summary>
    /// <param name="id">Null: the desk's own.</param>
    public InForce<Contract>? Contract(string? id, DeskId desk, DateTimeOffset at)
    {
        var now = Instant.FromDateTimeOffset(at);
        id ??= Part<Desk>($"desk/{desk}", now)?.Definition.Contract;
        return id is null ? null : Part<Contract>($"contract/{id}", now);
    }

    /// <summary>The desk's first line is closed and the contract has the second line stand in for it.</summary>
    public bool SecondLineActsAsFirst(Ticket t, DateTimeOffset at)
    {
        if (t.Line != SupportLine.L1 || Contract(t.Contract, t.Desk, at) is not { Definition.SecondLineActsAsFirst: true })
            return false;
        // Unknown hours mean neither closed nor open: nobody stands in on a guess.
        return StateOf($"desk/{t.Desk}", at) == OpeningState.Closed;
    }

    public (string Hours, OpeningState State) Opening(string? contract, DeskId desk, DateTimeOffset at)
    {
        var measured = Measured(Contract(contract, desk, at)?.Definition, desk);
        return (measured, StateOf(measured, at));
    }

    OpeningState StateOf(string hours, DateTimeOffset at) => Hours(hours)?.StateAt(Instant.FromDateTimeOffset(at)) ?? OpeningState.Unknown;

    /// <summary>Whose hours count: the dedicated ones of the plan, or those of the desk.</summary>
    static string Measured(Contract? contract, DeskId desk) => contract?.Calendar is null ? $"desk/{desk}" : $"contract/{contract.Id}";

    public SlaTargetSet? Targets(Ticket t, DateTimeOffset at)
    {
        var now = Instant.FromDateTimeOffset(at);
        if (Contract(t.Contract, t.Desk, at) is not var (version, _, contract))
            return null;
        var id = contract.Id;
        var severity = t.Severity ?? contract.AssumedSeverity;
        var times = contract.Targets.FirstOrDefault(x => x.Severity == severity);
        var measured = Measured(contract, t.Desk);
        var day = (long)(Hours(measured)?.At(now).WorkingDay.TotalSeconds ?? 0);
        return new SlaTargetSet(
            id, version, severity,
            Clock(times?.FirstResponse, times?.FirstPromise), Clock(times?.NextResponse, times?.NextPromise),
            Clock(times?.Callback ?? contract.Callback, times?.CallbackPromise ?? contract.CallbackPromise));

        ClockTarget? Clock(AnswerTime? target, AnswerTime? promise) => target is null && promise is null ? null : new ClockTarget(
            target?.Seconds(day), target is { CountsWorkingTime: true } ? measured : null,
            contract.WarnAtPercent < 100 ? target?.Seconds(day) * contract.WarnAtPercent / 100 : null,
            promise?.Seconds(day), promise is { CountsWorkingTime: true } ? measured : null);
    }

    /// <summary>One part as it is in force at an instant; null when it is not defined yet.</summary>
    public InForce<T>? Part<T>(string key, Instant at) where T : class =>
        Find(Versions(key), at) is { Definition: T definition } found ? new(found.Version, found.From, definition) : null;

    static InForce<object>? Find(IReadOnlyList<InForce<object>> versions, Instant at) => versions.LastOrDefault(v => v.From <= at);
}
