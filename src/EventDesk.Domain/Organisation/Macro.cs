using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Organisation;

/// <summary>An answer that is written often, and what is usually done with it. Retired ones stay, since events name them.</summary>
/// <param name="Replies">By language; what stands between double braces is filled in.</param>
/// <param name="Retired">It is offered no more.</param>
public sealed record Macro(string Id, string Name, IReadOnlyDictionary<string, string> Replies, MacroSteps? Steps = null, bool Retired = false)
{
    public const string Prefix = "macro/";

    public const string English = "en";

    /// <summary>The reply in a language; where there is none in it, in English, or else in the first there is.</summary>
    public string ReplyIn(string language) =>
        Replies.GetValueOrDefault(language) ?? Replies.GetValueOrDefault(English) ?? Replies.OrderBy(r => r.Key, StringComparer.Ordinal).First().Value;

    /// <summary>The macro as events name it.</summary>
    public static RuleRef Rule(string id, int version) => new($"{Prefix}{id}", version);

    public IEnumerable<string> Faults(SupportOrganisation organisation)
    {
        if (Replies.Count == 0)
            yield return $"Macro {Id} has no reply.";
        foreach (var (language, text) in Replies)
        {
            if (organisation.Languages.All(l => l.Id != language))
                yield return $"Macro {Id} has a reply in the unknown language \"{language}\".";
            foreach (var fault in MacroText.Faults(text))
                yield return $"Macro {Id}, reply \"{language}\": {fault}";
        }
        if (Steps is { Wait: not null, Resolve: not null })
            yield return $"Macro {Id} both waits and resolves.";
        if (Steps?.Wait == WaitingReason.PlannedDate)
            yield return $"Macro {Id} waits for a date, and no macro knows which.";
        if (Steps?.Resolve == Resolution.Imported)
            yield return $"Macro {Id} resolves as only an import does.";
    }
}

/// <summary>What is done with the reply, in one step with it.</summary>
/// <param name="Tags">Added.</param>
/// <param name="Wait">For whom the ticket waits then.</param>
/// <param name="AssignToMe">Whoever sends it has the ticket.</param>
public sealed record MacroSteps(IReadOnlyList<string>? Tags = null, WaitingReason? Wait = null, Resolution? Resolve = null, bool AssignToMe = false);

/// <summary>Texts with places to fill in.</summary>
public static class MacroText
{
    const string Open = "{{", Close = "}}", Number = "ticket.number", Requester = "requester.name", Agent = "agent";

    static readonly string[] Known = [Number, Requester, Agent];

    /// <summary>What cannot be filled in, in sentences.</summary>
    public static IEnumerable<string> Faults(string text)
    {
        foreach (var (_, name) in Places(text))
            if (name is null)
                yield return $"a placeholder begins with {Open} and does not end.";
            else if (!Known.Contains(name))
                yield return $"the placeholder {Open}{name}{Close} is unknown; there are {string.Join(", ", Known.Select(k => $"{Open}{k}{Close}"))}.";
    }

    /// <param name="requester">Null: nobody knows the name, and the blank before it goes, too.</param>
    public static string Fill(string text, long number, string? requester, string agent)
    {
        var filled = new System.Text.StringBuilder(text.Length);
        var at = 0;
        foreach (var (place, name) in Places(text))
        {
            filled.Append(text.AsSpan(at, place.Start.Value - at));
            if (name == Requester && requester is null && filled.Length > 0 && filled[^1] == ' ')
                filled.Length--;
            filled.Append(name switch { Number => $"#{number}", Requester => requester, Agent => agent, _ => text[place] });
            at = place.End.Value;
        }
        return filled.Append(text.AsSpan(at)).ToString();
    }

    /// <summary>Each place and what stands in it; null where it does not end.</summary>
    static IEnumerable<(Range Place, string? Name)> Places(string text)
    {
        for (var start = text.IndexOf(Open, StringComparison.Ordinal); start >= 0;)
        {
            var end = text.IndexOf(Close, start, StringComparison.Ordinal);
            if (end < 0)
            {
                yield return (start..text.Length, null);
                yield break;
            }
            yield return (start..(end + Close.Length), text[(start + Open.Length)..end].Trim());
            start = text.IndexOf(Open, end + Close.Length, StringComparison.Ordinal);
        }
    }
}
