using System.Buffers;
using System.Collections.Frozen;

namespace EventDesk.Domain.Privacy;

/// <summary>
/// Passwords and tokens that nothing but the words before them gives away, in the languages of the desks: <c>Passwort: …</c>, <c>hasło to …</c>,
/// <c>"client_secret": "…"</c>. After a colon, an equals sign or a verb there must stand what reads like a secret and not like a sentence.
/// </summary>
static class NamedSecret
{
    internal readonly record struct Passage(FindingKind Kind, int Start, int Length);

    const int LongestWord = 40, LongestValue = 256, MostWordsBetween = 4, LongestInflection = 3, ShortestToken = 16;

    static readonly SearchValues<char> ClosingQuotes = SearchValues.Create("\"'`”“»’\n");

    static readonly string[] PasswordStems =
        ["password", "passwd", "passphrase", "passcode", "pwd", "passwort", "kennwort", "hasł", "haslo", "contraseñ", "contrasen", "lösenord", "losenord", "salasan", "mdp"];

    static readonly SearchValues<string> AnyPasswordStem = SearchValues.Create(PasswordStems, StringComparison.Ordinal);

    static readonly string[] TokenWords = ["token", "secret", "apikey", "bearer", "basic"];

    /// <summary>Words that mean a secret only behind another: <c>mot de passe</c>, <c>كلمة المرور</c>, <c>access key</c>.</summary>
    static readonly (string Stem, string[] Before, FindingKind Kind)[] Phrases =
    [
        ("passe", ["mot de ", "mots de "], FindingKind.Password),
        ("المرور", ["كلمة "], FindingKind.Password), ("مرور", ["كلمة "], FindingKind.Password), ("السر", ["كلمة "], FindingKind.Password),
        ("key", ["api ", "api_", "api-", "access ", "access_", "secret ", "secret_", "secret-"], FindingKind.AccessKey),
    ];

    static readonly FrozenSet<string> Verbs = Words("is was are ist war lautet to jest brzmi est era es är var on oli هي هو كانت");

    /// <summary>They lead from the word to what it is the password of: "the password for the VPN is …".</summary>
    static readonly FrozenSet<string> Prepositions = Words("for of to on für zum zu von do dla od pour du de la para del till för av الخاصة ل my now new neu nowe nouveau");

    /// <returns>The secret that the word at <paramref name="at"/> announces.</returns>
    public static Passage? Match(ReadOnlySpan<char> text, int at)
    {
        var end = EndOfWord(text, at);
        if (KindOf(text, at, end) is not var (kind, phrase))
            return null;
        var value = Announced(text, end, kind, out var strong);
        if (value < 0)
            return null;
        var (start, length, quoted) = Value(text, value);
        var secret = text.Slice(start, length);
        var counts = kind == FindingKind.AccessKey ? SecretText.IsToken(secret, ShortestToken)
            : SecretText.IsSecret(secret) || (strong && SecretText.IsWord(secret) && (quoted || StandsAlone(text, at - phrase, start + length)));
        return counts ? new(kind, start, length) : null;
    }

    /// <summary>Also how many chars before the word belong to its name.</summary>
    static (FindingKind Kind, int Phrase)? KindOf(ReadOnlySpan<char> text, int at, int end)
    {
        if (end - at > LongestWord)
            return null;
        Span<char> lower = stackalloc char[LongestWord];
        var word = lower[..text[at..end].ToLowerInvariant(lower)];
        foreach (var stem in word.ContainsAny(AnyPasswordStem) ? PasswordStems : [])
            if (word.LastIndexOf(stem) is var found and >= 0 && word.Length - found - stem.Length <= LongestInflection)
                return (FindingKind.Password, 0);
        foreach (var name in TokenWords)
            if (word.EndsWith(name, StringComparison.Ordinal))
                return (FindingKind.AccessKey, 0);
        foreach (var (stem, before, kind) in Phrases)
            if (word.StartsWith(stem, StringComparison.Ordinal) && word.Length - stem.Length <= LongestInflection && EndingOf(text[..at], before) is var phrase and > 0)
                return (kind, phrase);
        return null;
    }

    static int EndingOf(ReadOnlySpan<char> text, string[] endings)
    {
        foreach (var ending in endings)
            if (text.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return ending.Length;
        return 0;
    }

    /// <returns>Where the value begins; -1 when the word announces none.</returns>
    /// <param name="strong">A colon or an equals sign stands before it, not a verb alone.</param>
    static int Announced(ReadOnlySpan<char> text, int at, FindingKind kind, out bool strong)
    {
        strong = false;
        if (at < text.Length && text[at] is '"' or '\'' or '”')
            at++;
        at = Skip(text, at, " \t");
        if (SkipObject(text, at) is var behind && IsMark(text, behind))
            at = behind;
        else if (IsVerb(text, SkipObject(text, at), out var verbEnd))
            at = Skip(text, verbEnd, " \t");
        else if (kind != FindingKind.AccessKey)
            return -1;
        for (; IsMark(text, at); at++)
            strong = true;
        at = Skip(text, at, " \t");
        if (strong && at < text.Length && text[at] is '\n' or '\r')
            at = Skip(text, Skip(text, at, "\r", most: 1), "\n", most: 1);
        return at < text.Length ? at : -1;
    }

    /// <summary>Over "for the VPN" and the like.</summary>
    static int SkipObject(ReadOnlySpan<char> text, int at)
    {
        Span<char> lower = stackalloc char[LongestWord];
        for (var (words, next) = (0, at); words < MostWordsBetween && next < text.Length && char.IsLetterOrDigit(text[next]); words++)
        {
            var end = EndOfWord(text, next);
            if (end - next > LongestWord)
                return at;
            var word = lower[..text[next..end].ToLowerInvariant(lower)];
            if (words == 0 && !Prepositions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
                return at;
            next = Skip(text, end, " \t");
            if (IsMark(text, next) || IsVerb(text, next, out _))
                return next;
        }
        return at;
    }

    static bool IsMark(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is ':' or '=' or '>';

    static bool IsVerb(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at < text.Length ? EndOfWord(text, at) : at;
        Span<char> lower = stackalloc char[LongestWord];
        return end > at && end - at <= LongestWord && Verbs.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..text[at..end].ToLowerInvariant(lower)]);
    }

    /// <summary>What stands between quotes, or up to the next space without the marks that close a sentence.</summary>
    static (int Start, int Length, bool Quoted) Value(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..Math.Min(text.Length, at + LongestValue)];
        if (rest[0] is '"' or '\'' or '`' or '“' or '„' or '«' or '‘' && rest[1..].IndexOfAny(ClosingQuotes) is var close and > 0 && rest[close + 1] != '\n')
        {
            var inner = rest[1..(close + 1)];
            return (at + 1 + inner.Length - inner.TrimStart().Length, inner.Trim().Length, true);
        }
        var length = rest.IndexOfAny(" \t\r\n<") is var space and >= 0 ? space : rest.Length;
        return (at, rest[..length].TrimEnd(".,;:)]}\"'`»”>").Length, false);
    }

    /// <summary>The line holds the name, at most one word before it, and the value: a form that was filled in, not a sentence.</summary>
    static bool StandsAlone(ReadOnlySpan<char> text, int name, int end)
    {
        var behind = text[end..Math.Min(text.Length, end + LongestWord)];
        behind = (behind.IndexOfAny('\n', '<') is var line and >= 0 ? behind[..line] : behind).Trim(" \t\r.,;");
        var before = text[Math.Max(0, name - LongestWord)..name];
        before = before[(before.LastIndexOfAny('\n', '<') + 1)..].Trim();
        return behind.IsEmpty && !before.Contains(' ');
    }

    static int EndOfWord(ReadOnlySpan<char> text, int at)
    {
        var last = Math.Min(text.Length, at + LongestWord + 1);
        while (at < last && char.IsLetterOrDigit(text[at]))
            at++;
        return at;
    }

    static int Skip(ReadOnlySpan<char> text, int at, string these, int most = 8)
    {
        for (var skipped = 0; at < text.Length && skipped < most && these.Contains(text[at]); skipped++)
            at++;
        return at;
    }

    static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet();
}
