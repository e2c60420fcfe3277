namespace EventDesk.Domain.Privacy;

/// <summary>
/// Primary account numbers of payment cards: an issuer's prefix, the lengths that issuer uses, and the Luhn digit (ISO/IEC 7812-1). Prefixes as
/// the schemes publish them: Visa, Mastercard (2-series since 2017), American Express, Diners Club, Discover, JCB, UnionPay, Maestro, Mir.
/// The prefix keeps out three of four numbers of 16 digits, the Luhn digit nine of ten of the rest.
/// </summary>
static class PaymentCard
{
    public static readonly string[] Names =
        ["card", "kart", "kort", "carte", "tarjeta", "visa", "amex", "maestro", "diners", "بطاقة", "بطاقت"];

    /// <param name="From">The first prefix of a range; as many digits as <paramref name="To"/>.</param>
    sealed record Issuer(int From, int To, int Shortest, int Longest)
    {
        readonly int digits = From.ToString().Length;

        public bool Issues(ReadOnlySpan<char> number) =>
            number.Length >= Shortest && number.Length <= Longest && CheckDigits.Value(number[..digits]) is var prefix && prefix >= From && prefix <= To;
    }

    static readonly Issuer[] Issuers =
    [
        new(4, 4, 16, 16), new(51, 55, 16, 16), new(2221, 2720, 16, 16), new(34, 34, 15, 15), new(37, 37, 15, 15),
        new(300, 305, 14, 14), new(36, 36, 14, 14), new(38, 39, 14, 14), new(6011, 6011, 16, 16), new(644, 659, 16, 16), new(3528, 3589, 16, 16),
        new(62, 62, 16, 16), new(2200, 2204, 16, 16),
        new(5018, 5018, 12, 19), new(5020, 5020, 12, 19), new(5038, 5038, 12, 19), new(5893, 5893, 12, 19), new(6304, 6304, 12, 19), new(6759, 6763, 12, 19),
    ];

    /// <summary>Lengths that are rare among cards and common among numbers of articles and messages: only where the text speaks of a card.</summary>
    static readonly Issuer[] RareLengths =
    [
        new(4, 4, 13, 13), new(4, 4, 19, 19), new(6011, 6011, 17, 19), new(644, 659, 17, 19), new(3528, 3589, 17, 19), new(62, 62, 17, 19), new(2200, 2204, 17, 19),
    ];

    static readonly int[] Breaks = [4, 8, 10, 12, 16];

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> longest = stackalloc char[19];
        length = 0;
        if (text[0] is < '2' or > '6')
            return Evidence.None;
        for (var digits = longest.Length; digits >= 12; digits--)
        {
            var number = longest[..digits];
            length = CheckDigits.Read(text, number, Breaks, " -");
            if (length > 0 && CheckDigits.AreDigits(number) && CheckDigits.Luhn(number) && Issued(number) is var evidence && evidence != Evidence.None)
                return evidence;
        }
        return Evidence.None;
    }

    static Evidence Issued(ReadOnlySpan<char> number)
    {
        foreach (var issuer in Issuers)
            if (issuer.Issues(number))
                return Evidence.Alone;
        foreach (var issuer in RareLengths)
            if (issuer.Issues(number))
                return Evidence.Named;
        return Evidence.None;
    }
}
