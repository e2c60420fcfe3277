using System.Text.Json;

namespace EventDesk.Web;

/// <summary>What was sent and not taken: it stands in its form again, with the reasons.</summary>
/// <param name="Form">Which of the page's forms.</param>
/// <param name="Code">Of the refusal.</param>
/// <param name="Reasons">As the API says them.</param>
/// <param name="Values">What was typed, by field; what was ticked stands between commas.</param>
public sealed record FormReply(string Form, string Code, IReadOnlyList<string> Reasons, IReadOnlyDictionary<string, string> Values)
{
    public bool IsStale => Code == "stale_version";
}

/// <summary>What a form shows again.</summary>
public static class FormReplies
{
    /// <summary>What was typed into a field of a form that was not taken; else what stood there.</summary>
    public static string Typed(this FormReply? reply, string form, string field, string? stood = null) =>
        reply?.Form == form ? reply.Values.GetValueOrDefault(field, "") : stood ?? "";

    /// <summary>Whether a box was ticked.</summary>
    public static bool Ticked(this FormReply? reply, string form, string field, string value, bool stood) =>
        reply?.Form == form ? reply.Values.GetValueOrDefault(field, "").Split(',').Contains(value) : stood;

    /// <summary>As the API writes a value of an enumeration.</summary>
    public static string AsWritten<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
