namespace EventDesk.Domain.Privacy;

/// <summary>
/// Finland's henkilötunnus: DDMMYY, the sign of the century, three digits, a check character: the nine digits mod 31. Signs: + for the 1800s,
/// - Y X W V U for the 1900s, A B C D E F for the 2000s, of which only +, - and A existed before 2023 (Government Decree 128/2010 as amended by
/// 690/2022; Digital and Population Data Services Agency, "Personal identity code"). From 900 on the three digits are of temporary codes.
/// </summary>
static class Henkilotunnus
{
    public static readonly string[] Names = ["henkilötunn", "henkilotunn", "hetu", "sosiaaliturvatunn", "syntymäaik"];

    internal const string CheckCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        length = 11;
        if (text.Length < length || (text.Length > length && char.IsLetterOrDigit(text[length])) || !CheckDigits.AreDigits(text[..6]) || !CheckDigits.AreDigits(text[7..10]))
            return Evidence.None;
        var century = char.ToUpperInvariant(text[6]) switch
        {
            '+' => 1800,
            '-' or 'Y' or 'X' or 'W' or 'V' or 'U' => 1900,
            'A' or 'B' or 'C' or 'D' or 'E' or 'F' => 2000,
            _ => 0,
        };
        var (date, serial) = (CheckDigits.Value(text[..6]), CheckDigits.Value(text[7..10]));
        return century > 0 && serial >= 2 && CheckDigits.IsDate(century + (date % 100), date / 100 % 100, date / 10_000)
            && CheckCharacters[(int)(((date * 1000) + serial) % 31)] == char.ToUpperInvariant(text[10])
            ? CheckDigits.AreDigits(text[10..11]) && text[6] == '-' && CheckDigits.IsDayStamp(text[..6]) ? Evidence.Named : Evidence.Alone
            : Evidence.None;
    }
}
