namespace EventDesk.Domain.Privacy;

/// <summary>
/// Finds what should not stand in a ticket: numbers of cards, accounts and persons, passwords and keys. Pure, and linear in the length of the text.
/// <para>
/// A number is found where its structure and check digits hold, unless the words before it call it an order, a phone, a parcel or the like; what
/// many ordinary numbers look like is found only where such a word names it (see <see cref="Evidence"/>). It is not glued to letters or to further digits.
/// </para>
/// </summary>
public static class Recognition
{
    delegate Evidence Matcher(ReadOnlySpan<char> text, out int length);

    sealed record Shape(FindingKind Kind, Matcher Match, string[] Names);

    static readonly Shape[] Numbers =
    [
        new(FindingKind.PaymentCard, PaymentCard.Match, PaymentCard.Names),
        new(FindingKind.Nir, Nir.Match, Nir.Names),
        new(FindingKind.Henkilotunnus, Henkilotunnus.Match, Henkilotunnus.Names),
        new(FindingKind.Dni, SpanishIdentity.Dni, SpanishIdentity.Names),
        new(FindingKind.Personnummer, Personnummer.Match, Personnummer.Names),
        new(FindingKind.Pesel, Pesel.Match, Pesel.Names),
        new(FindingKind.Ssn, SocialSecurityNumber.Match, SocialSecurityNumber.Names),
    ];

    /// <summary>These begin with a letter.</summary>
    static readonly Shape[] Lettered =
    [
        new(FindingKind.Iban, Iban.Match, Iban.Names),
        new(FindingKind.Nie, SpanishIdentity.Nie, SpanishIdentity.Names),
    ];

    /// <summary>What was found, in the order of the text, none overlapping another.</summary>
    public static IReadOnlyList<Finding> Find(string text)
    {
        var folded = FoldedText.Of(text);
        var chars = folded.Chars;
        List<Finding> found = [];
        PrivateKeyBlock.Find(folded, found);
        for (var i = 0; i < chars.Length; i++)
        {
            if (!char.IsLetterOrDigit(chars[i]) || (i > 0 && Continues(chars[i - 1], chars[i])))
                continue;
            if (char.IsAsciiDigit(chars[i]))
                Find(Numbers, folded, i, found);
            else
                FindLettered(folded, i, found);
        }
        return Apart(found);
    }

    static void FindLettered(FoldedText text, int at, List<Finding> found)
    {
        Find(Lettered, text, at, found);
        if (AccessKey.Match(text.Chars[at..]) is var key and > 0)
            found.Add(text.Finding(FindingKind.AccessKey, at, key));
        if (NamedSecret.Match(text.Chars, at) is { } secret)
            found.Add(text.Finding(secret.Kind, secret.Start, secret.Length));
    }

    static void Find(Shape[] shapes, FoldedText text, int at, List<Finding> found)
    {
        foreach (var shape in shapes)
            if (shape.Match(text.Chars[at..], out var length) is var evidence && evidence != Evidence.None
                && Counts(text.Chars, at, length, evidence, shape.Names))
                found.Add(text.Finding(shape.Kind, at, length));
    }

    /// <summary>A word goes on from one char to the next. Arabic, for one, writes "and" and "with" onto a number, so only Latin letters glue to digits.</summary>
    static bool Continues(char before, char c) =>
        char.IsLetterOrDigit(before) && (!char.IsAsciiDigit(c) || char.IsAsciiDigit(before) || before < '\u0250');

    static bool Counts(ReadOnlySpan<char> text, int start, int length, Evidence evidence, string[] names) => Namings.Of(text, start, length, names) switch
    {
        Naming.Named => true,
        Naming.Bare => evidence == Evidence.Alone && !IsPart(text, start, start + length),
        _ => false,
    };

    /// <summary>It is a piece of something longer: a path of numbers, an amount, a phone number, an address of mail, a parcel's number in fours.</summary>
    static bool IsPart(ReadOnlySpan<char> text, int start, int end)
    {
        var (before, after) = (start > 0 ? text[start - 1] : ' ', end < text.Length ? text[end] : ' ');
        return before is '+' or '#' or '$' or '€' or '£' or '@'
            || (before is '-' or '_' or '.' && start > 1 && char.IsLetterOrDigit(text[start - 2]))
            || after is '@' or '_'
            || (after is '-' or '.' or '+' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))
            || FoursBefore(text[..start]) is var fours && (fours > 1 || (fours == 1 && after == ' ' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))
            || Namings.IsMeasured(text[end..]);
    }

    /// <summary>How many groups of four digits the text ends in, up to two.</summary>
    static int FoursBefore(ReadOnlySpan<char> text)
    {
        var groups = 0;
        for (; groups < 2 && text.Length >= 5 && text[^1] is ' ' or '-' && CheckDigits.AreDigits(text[^5..^1]); groups++)
            if ((text = text[..^5]).Length > 0 && char.IsLetterOrDigit(text[^1]))
                return groups;
        return groups;
    }

    /// <summary>Overlapping passages become one, so that nothing of either is left; the stronger kind gives its name.</summary>
    static List<Finding> Apart(List<Finding> found)
    {
        found.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        List<Finding> apart = [];
        foreach (var next in found)
        {
            if (apart.Count == 0 || apart[^1].End <= next.Start)
                apart.Add(next);
            else
                apart[^1] = new((FindingKind)Math.Min((int)apart[^1].Kind, (int)next.Kind), apart[^1].Start, Math.Max(apart[^1].End, next.End) - apart[^1].Start);
        }
        return apart;
    }
}
