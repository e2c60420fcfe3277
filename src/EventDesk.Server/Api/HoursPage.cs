using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Api;

/// <summary>The opening hours as a page: one section for each language, in that language. No script, nothing from elsewhere.</summary>
/// <param name="all">What can be chosen.</param>
/// <param name="language">The language asked for; null: all.</param>
/// <param name="product">The product asked for; null: all.</param>
/// <param name="words">Of what belongs to no section.</param>
sealed class HoursPage(IReadOnlyList<DeskHours> all, string? language, string? product, HoursWords words, Instant now)
{
    const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --link: #0550ae; --open: #116329; --closed: #a40e26; --unknown: #6e4c00 }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --link: #79c0ff; --open: #56d364; --closed: #ff7b72; --unknown: #e3b341 }
        }
        body { margin: 0 auto; max-width: 72rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
        nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem } a { color: var(--link) } a[aria-current] { color: inherit; font-weight: bold }
        .desks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: 1rem }
        article { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem 1rem; overflow-wrap: anywhere }
        h3, h4, ul { margin-bottom: .25rem } h4 { margin-top: 1rem } ul { margin-top: 0; padding-inline-start: 1.25rem }
        table { width: 100%; border-collapse: collapse } th { text-align: start; font-weight: normal } td { text-align: end }
        .open strong { color: var(--open) } .closed strong { color: var(--closed) } .unknown strong { color: var(--unknown) }
        """;

    /// <summary>The page's Content-Security-Policy.</summary>
    public static readonly Microsoft.Extensions.Primitives.StringValues Policy = SecurityHeaders.PageWith(Style);

    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder html = new();

    /// <summary>A page by itself.</summary>
    public string Whole(IReadOnlyList<DeskHours> shown)
    {
        html.Append($"""
            <!doctype html>
            <html lang="{words.Tag}" dir="{words.Direction}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{E(words.Title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <p><a href="/portal">EventDesk</a></p>

            """);
        Part(shown);
        return html.AppendLine("</body>").AppendLine("</html>").ToString();
    }

    /// <summary>What stands in a page, whichever.</summary>
    public string Part(IReadOnlyList<DeskHours> shown)
    {
        html.AppendLine($"<h1>{E(words.Title)}</h1>");
        Choices("language", language, [.. all.Select(d => (d.Language.Id, d.Language.Name)).Distinct()]);
        Choices("product", product, [.. all.Select(d => (d.Product.Id, d.Product.Name)).Distinct()]);
        if (shown.Count == 0)
            html.AppendLine($"<p>{E(words.Nothing)}</p>");
        // What the page itself is written in comes first: whoever reads it can read that.
        foreach (var desks in shown.GroupBy(d => d.Language).OrderBy(g => g.Key.Id != words.Tag))
            Section(desks.Key, desks);
        return html.ToString();
    }

    /// <summary>Links that narrow what is shown by one thing and leave the other as it is.</summary>
    void Choices(string by, string? chosen, IReadOnlyList<(string Id, string Name)> choices)
    {
        html.AppendLine($"<nav aria-label=\"{by}\">");
        Choice(null, E(words.Everything), "");
        foreach (var (id, name) in choices)
            Choice(id, E(name), by == "language" ? $" lang=\"{E(id)}\" hreflang=\"{E(id)}\"" : "");
        html.AppendLine("</nav>");

        void Choice(string? id, string text, string attributes)
        {
            var (ofLanguage, ofProduct) = by == "language" ? (id, product) : (language, id);
            KeyValuePair<string, string?>[] given = [new("language", ofLanguage), new("product", ofProduct)];
            var address = $"/hours{QueryString.Create(given.Where(g => g.Value is not null))}";
            var current = id == chosen ? " aria-current=\"true\"" : "";
            html.AppendLine($"<a href=\"{E(address)}\"{attributes}{current}>{text}</a>");
        }
    }

    void Section(Language of, IEnumerable<DeskHours> desks)
    {
        var own = HoursWords.In(of.Id);
        html.Append($"""
            <section lang="{own.Tag}" dir="{own.Direction}">
            <h2 lang="{E(of.Id)}">{E(of.Name)}</h2>
            <div class="desks">

            """);
        foreach (var desk in desks)
            Article(desk, own);
        html.AppendLine("</div>").AppendLine("</section>");
    }

    void Article(DeskHours desk, HoursWords words)
    {
        var published = desk.Published;
        html.AppendLine("<article>").AppendLine($"<h3>{E(desk.Name)}</h3>");
        State(published, words);
        if (published.Hours.Week is { } week)
            Table(HoursEndpoints.Days.Select(day => (E(words.Day(day)), week.GetValueOrDefault(day, []))), words);
        else if (desk.Calendar?.Days is { Count: > 0 } known)
        {
            var days = HoursEndpoints.Days.Where(d => known.Contains(CalendarDefinition.NameOf(d))).Select(d => E(words.Day(d)));
            html.AppendLine($"<p>{E(words.KnownDays)} {string.Join(", ", days)}</p>");
        }
        if (published.Dates.Count > 0)
        {
            html.AppendLine($"<h4>{E(words.OtherDates)}</h4>");
            Table(published.Dates.Select(d => ($"{E(words.Day(d.Date.DayOfWeek))} {Ltr(LocalDatePattern.Iso.Format(d.Date))}", d.Intervals)), words);
        }
        if (desk.Calendar is { } calendar)
            html.AppendLine($"<p>{E(words.Zone)} {Ltr(calendar.Zone)}</p>");
        html.AppendLine($"<h4>{E(words.Contact)}</h4>").AppendLine("<ul>");
        foreach (var channel in SupportOrganisation.KnownChannels)
            html.AppendLine($"<li>{E(words.Channel(channel))}: {E(words.Is(desk.Desk.Through(channel)))}</li>");
        html.AppendLine("</ul>").AppendLine("</article>");
    }

    void State(PublishedHours published, HoursWords words)
    {
        var (name, text) = published.State switch
        {
            OpeningState.Open => ("open", words.Open),
            OpeningState.Closed => ("closed", words.Closed),
            _ => ("unknown", words.Unknown),
        };
        html.Append($"<p class=\"{name}\"><strong>{E(text)}</strong>");
        if (published.ClosesAt is { } closes)
            html.Append($" {E(words.Closes)} {Moment(closes, published.Hours.Zone, words)}");
        if (published.OpensAt is { } opens)
            html.Append($" {E(words.Opens)} {Moment(opens, published.Hours.Zone, words)}");
        html.AppendLine("</p>");
    }

    /// <summary>The time alone today, with the day of the week in the next days, with the date beyond them.</summary>
    string Moment(Instant at, DateTimeZone zone, HoursWords words)
    {
        var (local, today) = (at.InZone(zone).LocalDateTime, now.InZone(zone).Date);
        var time = Ltr(LocalTimePattern.CreateWithInvariantCulture("HH:mm").Format(local.TimeOfDay));
        var days = Period.DaysBetween(today, local.Date);
        var day = days == 0 ? "" : days < 7 ? E(words.Day(local.DayOfWeek)) + ", " : Ltr(LocalDatePattern.Iso.Format(local.Date)) + ", ";
        return $"<time datetime=\"{InstantPattern.General.Format(at)}\">{day}{time}</time>";
    }

    /// <param name="rows">What each is called, as HTML.</param>
    void Table(IEnumerable<(string Name, IReadOnlyList<OpenInterval> Intervals)> rows, HoursWords words)
    {
        html.AppendLine("<table>");
        foreach (var (name, intervals) in rows)
            html.AppendLine($"<tr><th scope=\"row\">{name}</th><td>{Written(intervals, words)}</td></tr>");
        html.AppendLine("</table>");
    }

    static string Written(IReadOnlyList<OpenInterval> intervals, HoursWords words) => intervals switch
    {
        [] => E(words.ClosedAllDay),
        [{ From: 0, To: OpenInterval.EndOfDay }] => E(words.AllDay),
        _ => string.Join(", ", intervals.Select(i => Ltr(PublishedHours.Written(i).Replace('-', '–')))),
    };

    /// <summary>Figures read from left to right in every script.</summary>
    static string Ltr(string text) => $"<bdi dir=\"ltr\">{E(text)}</bdi>";

    static string E(string text) => Encoder.Encode(text);
}
