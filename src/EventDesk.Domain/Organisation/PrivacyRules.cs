namespace EventDesk.Domain.Organisation;

/// <summary>How the house deals with what is hidden.</summary>
/// <param name="RevealNeedsSecondPerson">Nobody looks at a hidden passage before another person with the right has agreed.</param>
public sealed record PrivacyRules(bool RevealNeedsSecondPerson)
{
    /// <summary>The one part they are.</summary>
    public const string Key = "privacy/rules";
}
