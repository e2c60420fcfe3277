using System.Collections.Frozen;

namespace EventDesk.Domain.Privacy;

/// <summary>
/// International bank account numbers, ISO 13616: country, two check digits (ISO 7064, mod 97-10), and as many characters as the country's
/// accounts have (SWIFT, IBAN Registry). Written in one piece or in groups.
/// </summary>
static class Iban
{
    public static readonly string[] Names = ["iban", "account", "konto", "cuenta", "compte", "tili", "حساب", "آيبان", "ايبان"];

    const string Registry = """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22
        GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20
        MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26
        UA29 VA22 VG24 XK20 YE30
        """;

    /// <summary>Characters of an account number, by the two letters of its country.</summary>
    internal static readonly FrozenDictionary<string, int> Lengths =
        Registry.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenDictionary(e => e[..2], e => int.Parse(e[2..]));

    const int Longest = 33;

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> country = stackalloc char[2];
        length = 0;
        if (text.Length < country.Length)
            return Evidence.None;
        text[..2].ToUpperInvariant(country);
        if (!Lengths.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(country, out var characters))
            return Evidence.None;
        Span<char> number = stackalloc char[Longest];
        number = number[..characters];
        length = Read(text, number);
        return length > 0 && CheckDigits.AreDigits(number[2..4]) && CheckDigits.Value(number[2..4]) is >= 2 and <= 98 && Mod97(number) == 1 ? Evidence.Alone : Evidence.None;
    }

    /// <summary>
    /// One separator may stand anywhere, but what is written in groups is no sentence: capitals only, and a group of letters alone has four
    /// (the bank in <c>GB29 NWBK 6016 1331 9268 19</c>).
    /// </summary>
    static int Read(ReadOnlySpan<char> text, Span<char> number)
    {
        var (at, read, grouped, small, letters, group) = (0, 0, false, false, 0, 0);
        while (read < number.Length)
        {
            if (at == text.Length)
                return 0;
            var c = text[at++];
            if (char.IsAsciiLetterOrDigit(c))
            {
                small |= char.IsAsciiLetterLower(c);
                letters += char.IsAsciiDigit(c) ? 0 : 1;
                number[read++] = char.ToUpperInvariant(c);
                group++;
                continue;
            }
            if (c is not (' ' or '-') || group == 0 || (letters == group && group != 4 && read > 2))
                return 0;
            (grouped, letters, group) = (true, 0, 0);
        }
        var ends = at == text.Length || !char.IsLetterOrDigit(text[at]);
        return ends && !(grouped && small) && !(grouped && letters == group && group != 4) ? at : 0;
    }

    /// <summary>The first four characters go to the end, letters count from A = 10.</summary>
    internal static int Mod97(ReadOnlySpan<char> number)
    {
        var rest = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var c = number[(i + 4) % number.Length];
            rest = (char.IsAsciiDigit(c) ? (rest * 10) + c - '0' : (rest * 100) + c - 'A' + 10) % 97;
        }
        return rest;
    }
}
