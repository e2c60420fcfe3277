using EventDesk.Service.Reporting;

namespace EventDesk.Web;

/// <summary>The comments that wait to be reviewed.</summary>
/// <param name="Further">Address of the next page; null on the last one.</param>
/// <param name="Done">The ticket whose comment was just reviewed; null: none was.</param>
public sealed record ReviewScreen(IReadOnlyList<WaitingComment> Comments, CommentCoverage Coverage, string? Further, long? Done = null, FormTrouble? Trouble = null)
{
    /// <summary>What was typed about a comment whose review was not taken; empty else.</summary>
    public string Typed(WaitingComment about, string field) =>
        Trouble?.Values.GetValueOrDefault("ticket") == about.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) ? Trouble.Values.GetValueOrDefault(field, "") : "";
}
