using System.Text;
using EventDesk.Domain.Access;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Web;

/// <summary>Who looks at a page: what they may do, in which words and at which time of day.</summary>
/// <param name="Who">Null: nobody has signed in.</param>
/// <param name="Zone">Of the browser, as it said; UTC until it has.</param>
/// <param name="Antiforgery">What every form has to carry; null where there is no session.</param>
/// <param name="Address">Of this page, with its query.</param>
/// <param name="Theme">light, dark, or auto.</param>
public sealed record Viewer(Principal? Who, Words Words, DateTimeZone Zone, Instant Now, string? Antiforgery, string Address, string Theme)
{
    /// <summary>The text of a key in the viewer's language.</summary>
    public string this[string key] => Words[key];

    /// <summary>The text of a key with its <c>{0}</c>, <c>{1}</c>… filled in.</summary>
    public string Say(string key, params object?[] values) => string.Format(Words.Culture, Words[key], values);

    /// <summary>The form of a text that fits a number, which stands in its <c>{0}</c>.</summary>
    public string Count(string key, long n) => Words.Count(key, n);

    /// <summary>What the organisation named: in words where there are some of ours, else its own name with blanks between the words.</summary>
    /// <param name="name">An identifier such as <c>howTo</c> or <c>kind-of-device</c>.</param>
    public string Named(string key, string name) => this[key] is var text && text != key ? text : Spelled(name);

    static string Spelled(string name)
    {
        var spelled = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && spelled.Length > 0 && char.IsLower(spelled[^1]))
                spelled.Append(' ').Append(char.ToLowerInvariant(c));
            else
                spelled.Append(c is '-' or '_' or '.' ? ' ' : spelled.Length == 0 ? char.ToUpperInvariant(c) : c);
        }
        return spelled.ToString();
    }

    public bool May(Operation operation) => Who is not null && Policy.Decide(Who, operation) is not null;

    /// <summary>Signed in as somebody of the desk, not as a customer.</summary>
    public bool IsStaff => Who is not null && Who.Roles.Any(r => r != Role.Customer);

    /// <summary>Comes as a customer, or to what is public; the words of the portal are in more languages than those of the desk.</summary>
    public bool IsOutside => Who is null ? Public.Any(place => Address.StartsWith(place, StringComparison.Ordinal)) : !IsStaff;

    static readonly string[] Public = ["/portal", "/status", "/hours"];

    /// <summary>Why something was not taken; as the server said it where there are no words of ours for it.</summary>
    /// <param name="code">Of the refusal.</param>
    /// <param name="reason">In English; or, where something should not be sent, the kinds of what was found.</param>
    public string Why(string code, string reason) => $"refused.{code}" switch
    {
        "refused.not_to_be_sent" => Say("refused.not_to_be_sent", string.Join(", ", reason.Split(' ').Select(kind => this[$"FindingKind.{kind}"]))),
        var key => this[key] is var text && text != key ? text : reason,
    };

    /// <summary>The same of a form: one sentence of ours where there is one for the refusal, else all that was said.</summary>
    public IReadOnlyList<string> Reasons(FormReply reply) => Why(reply.Code, "") is { Length: > 0 } ours ? [ours] : reply.Reasons;

    /// <summary>What should not be sent, in words, by the names of the API; for scripts.</summary>
    public string Kinds => string.Join('|', Enum.GetNames<Domain.Privacy.FindingKind>().Select(k => $"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(k)}={this[$"FindingKind.{k}"]}"));

    /// <summary>A value of an enumeration, in words.</summary>
    public string Of<T>(T value) where T : struct, Enum => Words[$"{typeof(T).Name}.{value}"];

    /// <summary>Every value of an enumeration, as the API writes it and in words.</summary>
    public IEnumerable<(string Value, string Said)> Each<T>(params T[] but) where T : struct, Enum => Enum.GetValues<T>().Except(but).Select(v => (v.AsWritten(), Of(v)));

    /// <summary>A moment in the viewer's zone: the time alone for today, the day and the time else.</summary>
    public string When(DateTimeOffset at)
    {
        var there = Instant.FromDateTimeOffset(at).InZone(Zone).LocalDateTime;
        var today = Now.InZone(Zone).Date;
        var pattern = there.Date == today ? "HH:mm" : there.Date.Year == today.Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm";
        return LocalDateTimePattern.Create(pattern, Words.Culture).Format(there);
    }

    /// <summary>A moment to the second, with its zone.</summary>
    public string Exactly(DateTimeOffset at) =>
        ZonedDateTimePattern.Create("d MMM yyyy HH:mm:ss x", Words.Culture, null, null, default).Format(Instant.FromDateTimeOffset(at).InZone(Zone));

    /// <summary>How long, in the two largest units that say something: 3 d 4 h, 2 h 5 min, 40 s.</summary>
    public string Long(TimeSpan span)
    {
        var s = span.Duration();
        return s switch
        {
            { Days: > 0 } => Say("time.days_hours", s.Days, s.Hours),
            { Hours: > 0 } => Say("time.hours_minutes", s.Hours, s.Minutes),
            { Minutes: > 0 } => Say("time.minutes", s.Minutes),
            _ => Say("time.seconds", s.Seconds),
        };
    }
}
