using System.Globalization;

namespace EventDesk.Domain.Privacy;

/// <summary>What made a ticket due; every reader is told it in their own language.</summary>
public enum RetentionReason
{
    /// <summary>It ended, and nothing has concerned the customer since.</summary>
    Ended,

    /// <summary>Something concerned the customer after it had ended; time runs from there.</summary>
    LastConcerned,

    /// <summary>The day set on it has come.</summary>
    KeptUntil,

    /// <summary>The customer asked to be forgotten.</summary>
    Asked,

    /// <summary>Nothing has concerned the customer on any ticket.</summary>
    Inactive,
}

/// <summary>Why a ticket is due; no personal data.</summary>
/// <param name="Day">Of what the reason names first, in UTC.</param>
/// <param name="Days">What the rule gives; null: it counts none.</param>
/// <param name="Last">When the customer was last concerned, where that came later.</param>
public sealed record RetentionWhy(RetentionReason Reason, DateOnly Day, int? Days = null, DateOnly? Last = null)
{
    /// <summary>As a sentence for those who read the API.</summary>
    public string InEnglish => Reason switch
    {
        RetentionReason.Ended => $"It ended on {Written(Day)}, and {Term} have passed without anything that concerned the customer.",
        RetentionReason.LastConcerned => $"It ended on {Written(Day)}, the customer was last concerned on {Written(Last!.Value)}, and {Term} have passed since.",
        RetentionReason.KeptUntil => $"It was to be kept until {Written(Day)}.",
        RetentionReason.Asked => $"The customer asked to be forgotten on {Written(Day)}; the rule gives {Term}.",
        _ => $"Nothing concerned the customer on any ticket since {Written(Day)}; the rule gives {Term}.",
    };

    string Term => Days == 1 ? "1 day" : $"{Days} days";

    static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
