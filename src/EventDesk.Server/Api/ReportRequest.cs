using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Service.Organising;
using EventDesk.Service.Reporting;
using NodaTime;

namespace EventDesk.Server.Api;

/// <summary>The query parameters of reports.</summary>
static class ReportParameters
{
    public static readonly QueryParameter Window = new("window", "string", "Working days (Monday to Friday, UTC) within which a reopening takes a resolution back, or ever; 5 when not given.", "5");
    public static readonly QueryParameter Share = new("target", "string", "The share that is wanted, 0 to 1; when not given, the desk's own.", "0.9");
    public static readonly QueryParameter Target = new("target", "string", "Counts what took no longer: a number and m, h or d.", "4h");
    public static readonly QueryParameter OpenedWithin = new("openedWithin", "string", "Only tickets opened between these times of the day; the whole day when not given.", "10:00-18:00");
    public static readonly QueryParameter OpenedOn = new("openedOn", "string", "Only tickets opened on these days, parted by commas; any day when not given.", "monday,tuesday,wednesday,thursday,friday");
    public static readonly QueryParameter OpenedZone = new(
        "openedZone", "string", "By the clocks of which zone openedWithin and openedOn are told: an IANA time zone, or an offset such as UTC+02:00. When not given, that of the calendar which the ticket's desk has now, or UTC.", "Europe/Warsaw");
    public static readonly QueryParameter Unit = new("unit", "string", "Of the times: seconds (when not given), minutes, hours or days.", "hours");
    public static readonly QueryParameter Format = new("format", "string", "json or csv; when not given, what Accept asks for.", "json");
    public static readonly QueryParameter AsOf = new("asOf", "date-time", "As it was at this instant, by the time things happened; now, or what knownUntil says, when not given.", "2026-03-02T09:30:00Z");
    public static readonly QueryParameter Include = new("include", "string", "open (when not given), or all to count resolved and closed tickets too.", "open");

    /// <summary>Which of a report's figures is opened.</summary>
    public static QueryParameter Figure(ReportName report)
    {
        var paths = ReportFigures.PathsOf(report);
        return new("figure", "string", $"Only the events behind this figure: {string.Join(", ", paths)}. As many as it says where it is a count; of a share, a mean or a percentile those of all it was computed from.", paths.First());
    }

    public static readonly QueryParameter From = new("from", "string", "Occurred at this day or instant or later.", "2026-03-01");
    public static readonly QueryParameter To = new("to", "string", "Occurred before this day or instant.", "2026-04-01");
    public static readonly QueryParameter OccurredUntil = new(
        "occurredUntil", "date-time", "As of this instant: what happened later is left out, also what was recorded by now. All that happened when not given.", "2026-04-01T00:00:00Z");
    public static readonly QueryParameter KnownUntil = new(
        "knownUntil", "date-time", "As it was known at this instant: what was recorded later is left out, so that the answer is the one that was given then. All that is known when not given. "
            + "Tickets that have changed since are counted anew from their events; the more there are, the longer it takes, and only some are made at once: 503 reports_busy.", "2026-04-01T00:00:00Z");
    static readonly QueryParameter Cohort = new("cohort", "string", "resolvedIn (when not given): first resolved in the period; openedIn: opened in it.", "resolvedIn");

    public static QueryParameter GroupBy(IReadOnlyList<string> dimensions) =>
        new("groupBy", "string", $"Up to two of {string.Join(", ", dimensions)}, parted by a comma.", dimensions.Contains("month") ? "month" : "line");

    public static IEnumerable<QueryParameter> Of(IReadOnlyList<string> dimensions) => [From, To, Cohort, OccurredUntil, KnownUntil, .. Filters(dimensions)];

    public static IEnumerable<QueryParameter> Filters(IReadOnlyList<string> dimensions) =>
        dimensions.Select(d => new QueryParameter(d, "string", $"Only this {d}; none for what has none.", Example(d)));

    static string Example(string dimension) => dimension switch
    {
        "day" => "2026-03-02",
        "week" => "2026-W10",
        "month" => "2026-03",
        "desk" => "billing/en",
        "product" => "billing",
        "language" => "en",
        "line" or "firstLine" or "highestLine" => "l1",
        "agent" => "ann",
        "team" => "invoices",
        "channel" => "portal",
        "severity" or "openingSeverity" => "standard",
        "contract" => "vip",
        "status" => "resolved",
        "place" => "waiting",
        "waiting" => "customer",
        _ => "none",
    };
}

/// <summary>Marks reports that are counted anew when they are asked for as of a moment, of which only some are made at once.</summary>
sealed record CountsAnew;

/// <summary>What a report was asked for; faults are collected in <see cref="Query"/>.</summary>
sealed class ReportRequest
{
    readonly HttpContext http;

    ReportRequest(HttpContext http)
    {
        this.http = http;
        Query = new Query(http);
    }

    public Query Query { get; }
    public ReportQuery Asked { get; private set; } = new();
    public bool Csv { get; private set; }

    public T Get<T>() where T : notnull => http.RequestServices.GetRequiredService<T>();

    public static ReportRequest Read(HttpContext http, IReadOnlyList<string> dimensions)
    {
        var r = new ReportRequest(http);
        r.Asked = new ReportQuery
        {
            From = r.Moment("from"),
            To = r.Moment("to"),
            Cohort = r.Query.OneOf<Cohort>("cohort") ?? Cohort.ResolvedIn,
            GroupBy = r.GroupBy(dimensions),
            Filters = r.Filters(dimensions),
            Desks = Policy.Decide(http.Principal(), http.Operation())!.Reach.Desks,
            Opened = r.Opened(),
        };
        var format = r.Query.Text("format");
        if (format is not (null or "json" or "csv")) r.Query.Fault("format", "unknown_value", "It is json or csv.");
        r.Csv = format == "csv" || (format is null && http.Request.Headers.Accept.Any(a => a?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true));
        return r;
    }

    /// <summary>The same with the moment it is to be answered as of.</summary>
    public static ReportRequest OfMoment(HttpContext http, IReadOnlyList<string> dimensions)
    {
        var r = Read(http, dimensions);
        r.Until(r.Query.Instant);
        return r;
    }

    /// <summary>A day begins at midnight UTC.</summary>
    public DateTimeOffset? Moment(string name) =>
        Query.Text(name) is { Length: 10 } day && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : Query.Instant(name);

    /// <summary>Reads the moment.</summary>
    public void Until(Func<string, DateTimeOffset?> read)
    {
        var (occurred, known) = (read("occurredUntil"), read("knownUntil"));
        if (occurred is not null || known is not null)
            Asked = Asked with { Moment = new(occurred ?? DateTimeOffset.MaxValue, known ?? DateTimeOffset.MaxValue) };
    }

    /// <summary>What stands for now: nothing is known that is later.</summary>
    public DateTimeOffset Latest => Get<TimeProvider>().GetUtcNow() is var now && Asked.Moment is { } moment && moment.KnownUntil < now ? moment.KnownUntil : now;

    string[] GroupBy(IReadOnlyList<string> dimensions)
    {
        if (Query.Text("groupBy") is not { } text) return [];
        var asked = text.Split(',');
        if (asked.Length > 2 || asked.Distinct().Count() < asked.Length || asked.Any(a => !dimensions.Contains(a)))
            Query.Fault("groupBy", "unknown_value", $"It is one or two of {string.Join(", ", dimensions)}.");
        return asked;
    }

    Dictionary<string, string> Filters(IReadOnlyList<string> dimensions)
    {
        Dictionary<string, string> filters = [];
        foreach (var dimension in dimensions)
        {
            if (Query.Text(dimension) is not { } value) continue;
            if (Dimensions.Stored(dimension, value) is null) Query.Fault(dimension, "unknown_value", "There is no such value.");
            filters[dimension] = value;
        }
        return filters;
    }

    /// <summary>Null: whenever in the week. A zone alone says nothing.</summary>
    OpenedWindow? Opened()
    {
        var (within, on, zone) = (Query.Text("openedWithin"), Query.Text("openedOn"), Query.Text("openedZone"));
        var hours = within is null ? new OpenInterval(0, OpenInterval.EndOfDay) : CalendarDefinition.IntervalOf(within);
        List<IsoDayOfWeek?> days = [.. on?.Split(',').Select(CalendarDefinition.DayOf) ?? CalendarDefinition.WholeWeek.Select(d => (IsoDayOfWeek?)d)];
        if (hours is not { IsValid: true })
            Query.Fault("openedWithin", "invalid_interval", "It is an interval of a day, such as 10:00-18:00.");
        if (days.Contains(null) || days.Distinct().Count() < days.Count)
            Query.Fault("openedOn", "unknown_value", $"It is one or more of {string.Join(", ", CalendarDefinition.WholeWeek.Select(CalendarDefinition.NameOf))}, each once.");
        if (zone is not null && CalendarDefinition.ZoneOf(zone) is null)
            Query.Fault("openedZone", "unknown_value", "It is an IANA time zone such as Europe/Warsaw, or an offset such as UTC+02:00.");
        return (within ?? on) is null || Query.Problem is not null ? null
            : new(hours!.Value, [.. days.OfType<IsoDayOfWeek>()], zone, OpenedWindow.ZonesOf(Get<OrganisationBook>().Now));
    }

    /// <summary>Null: ever.</summary>
    public double? Window()
    {
        if (Query.Text("window") is not { } text) return FirstLineReport.DefaultWindow;
        if (text == "ever") return null;
        if (Number(text) is >= 0 and <= 10_000 and var days) return days;
        Query.Fault("window", "out_of_range", "It is a number of working days, or ever.");
        return null;
    }

    public double? Share()
    {
        if (Declares("target") is not { } declared || declared != ReportParameters.Share || Query.Text("target") is not { } text) return null;
        if (Number(text) is >= 0 and <= 1 and var share) return share;
        Query.Fault("target", "out_of_range", "It is a share from 0 to 1.");
        return null;
    }

    public TimeSpan? Target()
    {
        if (Declares("target") is not { } declared || declared != ReportParameters.Target || Query.Text("target") is not { } text) return null;
        var unit = text[^1] switch { 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        if (unit > 0 && Number(text[..^1]) is >= 0 and <= 100_000 and var amount) return TimeSpan.FromSeconds(amount * unit);
        Query.Fault("target", "invalid_duration", "It is a number and m, h or d, such as 4h.");
        return null;
    }

    /// <summary>Seconds of the unit.</summary>
    public int Unit()
    {
        switch (Query.Text("unit"))
        {
            case null or "seconds": return 1;
            case "minutes": return 60;
            case "hours": return 3_600;
            case "days": return 86_400;
            default:
                Query.Fault("unit", "unknown_value", "It is seconds, minutes, hours or days.");
                return 1;
        }
    }

    /// <summary>The figure that is opened; null: all of them.</summary>
    public FigureQuery? Figure(ReportName report)
    {
        if (Query.Text("figure") is not { } path) return null;
        if (!ReportFigures.PathsOf(report).Contains(path)) Query.Fault("figure", "unknown_value", "The report has no such figure.");
        return new(path, Window(), Target(), Query.Text("activity"));
    }

    public EventPosition After()
    {
        var bytes = Query.After(EventCursor.Length);
        return bytes.Length == 0 ? EventPosition.Start : EventCursor.Read(bytes);
    }

    static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    QueryParameter? Declares(string name) => http.GetEndpoint()!.Metadata.GetOrderedMetadata<QueryParameter>().FirstOrDefault(p => p.Name == name);
}
