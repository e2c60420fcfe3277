namespace EventDesk.Domain.Privacy;

/// <summary>
/// Poland's PESEL: YYMMDD, a serial number, a check digit. The month carries the century (1800s +80, 1900s +0, 2000s +20, 2100s +40, 2200s +60);
/// weights 1 3 7 9 1 3 7 9 1 3 (Act on the population register of 24 September 2010, art. 15; gov.pl, "Czym jest numer PESEL").
/// </summary>
static class Pesel
{
    public static readonly string[] Names = ["pesel", "ewidencyjn"];

    static readonly int[] Weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3];
    static readonly int[] Centuries = [1900, 2000, 2100, 2200, 1800];

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[11];
        length = CheckDigits.Read(text, number, [6], " -");
        if (length == 0 || !CheckDigits.AreDigits(number) || !Checks(number))
            return Evidence.None;
        var month = CheckDigits.Value(number[2..4]);
        var year = Centuries[month / 20] + CheckDigits.Value(number[..2]);
        if (!CheckDigits.IsDate(year, month % 20, CheckDigits.Value(number[4..6])))
            return Evidence.None;
        // Nobody who writes to us was born in the other centuries, and numbers of phones and orders often seem so.
        return length == number.Length && year is >= 1900 and < 2100 ? Evidence.Alone : Evidence.Named;
    }

    static bool Checks(ReadOnlySpan<char> number)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += Weights[i] * (number[i] - '0');
        return (10 - (sum % 10)) % 10 == number[10] - '0';
    }
}
