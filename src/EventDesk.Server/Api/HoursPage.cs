using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Api;

/// <summary>What the page of the opening hours shows: one section for each language, in that language. It needs no script.</summary>
/// <param name="all">What can be chosen.</param>
/// <param name="language">The language asked for; null: all.</param>
/// <param name="product">The product asked for; null: all.</param>
/// <param name="words">Of what belongs to no section.</param>
sealed class HoursPage(IReadOnlyList<DeskHours> all, string? language, string? product, HoursWords words, Instant now)
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder html = new();

    public string Html(IReadOnlyList<DeskHours> shown)
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
