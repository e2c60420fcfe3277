using EventDesk.Domain.Organisation;

namespace EventDesk.Web;

/// <summary>The canned replies there are, and those that wait for their time.</summary>
/// <param name="Languages">A reply can be written in.</param>
/// <param name="Reply">Why a new one was not taken; null: none was sent.</param>
public sealed record MacrosScreen(IReadOnlyList<PartOf<Macro>> Macros, IReadOnlyList<Language> Languages, FormReply? Reply = null);

/// <param name="From">Null: from the beginning.</param>
public sealed record MacroVersion(int Version, DateTimeOffset? From, Macro Is);

/// <summary>A canned reply with its versions.</summary>
/// <param name="Versions">Newest first.</param>
/// <param name="Shown">The one that is looked at.</param>
public sealed record MacroScreen(IReadOnlyList<MacroVersion> Versions, MacroVersion Shown, PartStanding Standing, IReadOnlyList<Language> Languages, FormReply? Reply = null)
{
    /// <summary>The newest version: a change is thought out on it.</summary>
    public MacroVersion Latest => Versions[0];
}

/// <summary>Canned replies in words.</summary>
public static class MacroWords
{
    /// <summary>What is done along with the reply, one step after the other.</summary>
    public static IEnumerable<string> Say(this Viewer v, MacroSteps? steps)
    {
        if (steps is { AssignToMe: true }) yield return v["macro.assign"];
        if (steps is { Tags: { Count: > 0 } tags }) yield return string.Join(", ", tags.Select(t => $"+{t}"));
        if (steps is { Wait: { } reason }) yield return $"{v["action.waiting"]}: {v.Of(reason)}";
        if (steps is { Resolve: { } how }) yield return $"{v["action.resolution"]}: {v.Of(how)}";
    }
}
