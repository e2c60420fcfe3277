using EventDesk.Domain.Privacy;
using EventDesk.Service.Retention;
using EventDesk.Service.Subjects;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Web;

/// <summary>What the retention rules would do at a day, or have just done.</summary>
/// <param name="Day">As it stands in the address; empty: now.</param>
/// <param name="Wrong">The day that was asked for is none to come.</param>
/// <param name="Further">Address of the next page; null on the last one.</param>
/// <param name="Done">Null: nothing was asked to be done.</param>
public sealed record RetentionScreen(string Day, bool Wrong, RetentionPreview Preview, string? Further, RetentionTotals? Done = null);

/// <summary>Looking for somebody things are held on.</summary>
/// <param name="Asked">What was typed; null: nothing yet.</param>
public sealed record SubjectSearchScreen(string? Asked = null);

/// <summary>What is held on a customer.</summary>
/// <param name="Requested">When it was just written down that they ask to be forgotten; null: it was not now.</param>
public sealed record SubjectScreen(PrivacyBudget Budget, DateTimeOffset? Requested = null);

/// <summary>How what the rules and the budget say reads to somebody.</summary>
public static class PrivacyWords
{
    /// <summary>Why a ticket is due.</summary>
    public static string Because(this Viewer v, RetentionWhy why) => v.Say(
        $"retention.because.{why.Reason}", v.Day(why.Day), why.Days is { } days ? v.Count("retention.days", days) : null, why.Last is { } last ? v.Day(last) : null);

    /// <summary>The tables by their names; what is no table, in words.</summary>
    public static string WhereOf(this Viewer v, Holding h) => $"holding.{h.Code}.where" is var key && v.Words.Has(key) ? v[key] : h.Where;

    /// <summary>Which text of an event it is.</summary>
    public static string TextOf(this Viewer v, string field) => field switch
    {
        "subject" => v["found.subject"],
        "body" => v["found.message"],
        "name" => v["found.file"],
        Passage.Content => v["found.content"],
        _ when field.StartsWith("fields.", StringComparison.Ordinal) => v.Say("found.field", field["fields.".Length..]),
        _ => v["found.remark"],
    };

    static string Day(this Viewer v, DateOnly day) => LocalDatePattern.Create("d MMM yyyy", v.Words.Culture).Format(LocalDate.FromDateOnly(day));
}
