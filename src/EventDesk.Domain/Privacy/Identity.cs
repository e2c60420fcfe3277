using System.Collections.Frozen;
using System.Text;

namespace EventDesk.Domain.Privacy;

/// <summary>Finds in a ticket's texts who its requester is, and whatever else tells a person apart.</summary>
public static class Identity
{
    /// <summary>A part of a name so short is also a word of some language: it counts only where it is written like a name.</summary>
    const int ShortPart = 3;

    /// <summary>Parts of names that name nobody.</summary>
    static readonly FrozenSet<string> Particles = Words("de da di do du del della den der des dos das van von vom zu zum zur la le el al los las bin ibn abu und and y e i");

    /// <summary>What stands before the at sign and is nobody's name.</summary>
    static readonly FrozenSet<string> Mailboxes = Words("info support mail email office contact kontakt contacto hello admin sales team post service help");

    /// <summary>The passages that have to go, none overlapping another of the same text.</summary>
    /// <param name="texts">In their original words, by version and field.</param>
    public static IReadOnlyList<Passage> Find(IReadOnlyDictionary<(long Version, string Field), string> texts, string? name, string? email)
    {
        var words = Words(name, email);
        return
        [
            .. from text in texts
               orderby text.Key.Version, text.Key.Field
               from place in Apart(IsOwn(text.Key.Field) ? [(0, Masking.Length(text.Value))] : Places(text.Value, words))
               where place.Length > 0
               select new Passage(text.Key.Version, text.Key.Field, place.Start, place.Length),
        ];
    }

    /// <summary>Whether a text, such as a file's, tells who it was.</summary>
    public static bool Tells(string text, string? name, string? email) => Places(text, Words(name, email)).Any();

    static bool IsOwn(string field) => field.StartsWith("requester.", StringComparison.Ordinal);

    static IEnumerable<(int Start, int Length)> Places(string text, List<string> words) =>
        words.SelectMany(word => Masking.Find(text, word).Where(p => IsWord(text, p, word)))
            .Concat(Recognition.Find(text).Select(f => (f.Start, f.Length)));

    /// <summary>The name, its parts, the address, and what stands in the address before the at sign.</summary>
    static List<string> Words(string? name, string? email) =>
    [
        .. new[] { name, email }.OfType<string>()
            .Concat((name ?? "").Split([' ', ',', '.', '\t', '\u00A0', '-'], StringSplitOptions.RemoveEmptyEntries).Where(part => part.Length > 1 && !Particles.Contains(part)))
            .Concat(new[] { email?.Split('@')[0] }.OfType<string>().Where(box => box.Length >= ShortPart && !Mailboxes.Contains(box)))
            .Distinct().OrderByDescending(word => word.Length),
    ];

    /// <summary>Ann is not to be found in Annex: no letter or digit goes on before or behind it.</summary>
    static bool IsWord(string text, (int Start, int Length) place, string word)
    {
        var runes = text.EnumerateRunes().Skip(Math.Max(0, place.Start - 1)).Take(place.Length + 2).ToList();
        var first = place.Start == 0 ? 0 : 1;
        return (first == 0 || !Rune.IsLetterOrDigit(runes[0]))
            && (runes.Count <= first + place.Length || !Rune.IsLetterOrDigit(runes[first + place.Length]))
            && (word.Length > ShortPart || !Rune.IsLower(runes[first]));
    }

    static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    static List<(int Start, int Length)> Apart(IEnumerable<(int Start, int Length)> places)
    {
        List<(int Start, int Length)> apart = [];
        foreach (var (start, length) in places.OrderBy(p => p.Start))
            if (apart.Count > 0 && apart[^1] is var last && start <= last.Start + last.Length)
                apart[^1] = (last.Start, Math.Max(last.Start + last.Length, start + length) - last.Start);
            else
                apart.Add((start, length));
        return apart;
    }
}
