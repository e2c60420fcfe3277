namespace EventDesk.Domain.Privacy;

/// <summary>
/// Sweden's personnummer and samordningsnummer: [YY]YYMMDD, a separator (+ from the year one turns 100), three digits and a Luhn digit over the
/// ten; a samordningsnummer has 60 added to the day (Skatteverket, SKV 704 and SKV 707).
/// </summary>
static class Personnummer
{
    public static readonly string[] Names = ["personnummer", "personnr", "persnr", "pnr", "samordningsn", "födelsen", "personal"];

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[12];
        return Read(text, number, out length) is var digits && digits == 0 ? Evidence.None : Judge(number[..digits], length > digits ? text[length - 5] : default);
    }

    static int Read(ReadOnlySpan<char> text, Span<char> number, out int length)
    {
        if ((length = CheckDigits.Read(text, number, [8], "-+ ")) > 0 && CheckDigits.AreDigits(number))
            return 12;
        return (length = CheckDigits.Read(text, number[..10], [6], "-+ ")) > 0 && CheckDigits.AreDigits(number[..10]) ? 10 : 0;
    }

    static Evidence Judge(ReadOnlySpan<char> number, char separator)
    {
        var ten = number[^10..];
        var day = CheckDigits.Value(ten[4..6]);
        var century = number.Length == 12 ? CheckDigits.Value(number[..2]) : 20;
        if (century is not (18 or 19 or 20) || !CheckDigits.Luhn(ten))
            return Evidence.None;
        var year = CheckDigits.Value(ten[..2]);
        // Two digits leave the century open: 00 was a leap year in 2000 alone.
        if (!CheckDigits.IsDate((century * 100) + year, CheckDigits.Value(ten[2..4]), day > 60 ? day - 60 : day))
            return Evidence.None;
        var stamp = CheckDigits.IsDayStamp(ten[..6]) && !(number.Length == 12 && century < 20);
        return separator switch
        {
            '+' => Evidence.Alone,
            '-' => stamp ? Evidence.Named : Evidence.Alone,
            ' ' => Evidence.Named,
            _ => number.Length == 12 && !stamp ? Evidence.Alone : Evidence.Named,
        };
    }
}
