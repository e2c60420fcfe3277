namespace EventDesk.Domain.Privacy;

/// <summary>Check digits more than one kind of number uses, and how numbers are written.</summary>
static class CheckDigits
{
    /// <summary>ISO/IEC 7812-1, annex B: every second digit from the right but one counts double, its digits added.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var value = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? value : value > 4 ? (2 * value) - 9 : 2 * value;
        }
        return sum % 10 == 0;
    }

    /// <summary>The number of up to 18 digits.</summary>
    public static long Value(ReadOnlySpan<char> digits)
    {
        var value = 0L;
        foreach (var digit in digits)
            value = (value * 10) + (digit - '0');
        return value;
    }

    /// <summary>True when these digits are a day of that month; the year only tells whether there is a 29 February.</summary>
    public static bool IsDate(long year, long month, long day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month);

    /// <summary>
    /// True for YYMMDD of our own time, as stamps and orders numbered by the day begin. Whoever was born in these years writes no tickets yet, or
    /// is older than ninety.
    /// </summary>
    public static bool IsDayStamp(ReadOnlySpan<char> six) =>
        Value(six[..2]) is var year and >= 15 and < 40 && IsDate(2000 + year, Value(six[2..4]), Value(six[4..]));

    /// <summary>
    /// Reads a number that people write in groups: as many letters or digits as <paramref name="number"/> takes, in upper case, with at most one
    /// of the separators before each index in <paramref name="breaks"/>.
    /// </summary>
    /// <returns>How many chars were read; 0 when it does not stand there, or goes on.</returns>
    public static int Read(ReadOnlySpan<char> text, Span<char> number, ReadOnlySpan<int> breaks, ReadOnlySpan<char> separators)
    {
        var at = 0;
        for (var i = 0; i < number.Length; i++)
        {
            if (at < text.Length && breaks.Contains(i) && separators.Contains(text[at]))
                at++;
            if (at == text.Length || !char.IsAsciiLetterOrDigit(text[at]))
                return 0;
            number[i] = char.ToUpperInvariant(text[at++]);
        }
        return at < text.Length && char.IsLetterOrDigit(text[at]) ? 0 : at;
    }

    public static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
