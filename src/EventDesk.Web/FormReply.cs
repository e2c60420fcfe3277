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

    /// <summary>What is wrong with which field, for forms that say it there.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];
}

/// <summary>What is wrong with a field of a form.</summary>
/// <param name="Code">By which it has words of ours; where there are none, the detail is said.</param>
/// <param name="Detail">As the API says it.</param>
public sealed record FieldFault(string Field, string Code, string Detail);

/// <summary>What a form shows again.</summary>
public static class FormReplies
{
    /// <summary>What was typed into a field of a form that was not taken; else what stood there.</summary>
    public static string Typed(this FormReply? reply, string form, string field, string? stood = null) =>
        reply?.Form == form ? reply.Values.GetValueOrDefault(field, "") : stood ?? "";

    /// <summary>Whether a box was ticked.</summary>
    public static bool Ticked(this FormReply? reply, string form, string field, string value, bool stood) =>
        reply?.Form == form ? reply.Values.GetValueOrDefault(field, "").Split(',').Contains(value) : stood;

    /// <summary>What is wrong with a field, in the viewer's words where there are some; null: nothing.</summary>
    public static string? Wrong(this FormReply? reply, Viewer v, string form, string field)
    {
        var faults = reply?.Form == form ? reply.Faults.Where(f => f.Field == field).ToList() : [];
        return faults.Count == 0 ? null : string.Join(' ', faults.Select(f => f.Code == "required" ? v["part.required"] : v.Why(f.Code, f.Detail)).Distinct());
    }

    /// <summary>Of what was said about a form that shows faults at their fields: what is about none of these.</summary>
    public static IReadOnlyList<string> Elsewhere(this FormReply reply, Viewer v) =>
        [.. v.Reasons(reply).Where(r => !reply.Faults.Any(f => reply.Values.ContainsKey(f.Field) && (r == f.Detail || r == $"{f.Field}: {f.Detail}")))];

    /// <summary>As the API writes a value of an enumeration.</summary>
    public static string AsWritten<T>(this T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
