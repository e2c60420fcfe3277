namespace EventDesk.Domain.Privacy;

/// <summary>
/// United States social security numbers: area, group, serial. There is no check digit; never issued are area 000, 666 and 900–999, group 00,
/// serial 0000 (Social Security Administration, POMS RM 10201.035 and "Social Security Number Randomization").
/// So it takes the dashes, or the word for it.
/// </summary>
static class SocialSecurityNumber
{
    public static readonly string[] Names = ["ssn", "social", "security"];

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[9];
        length = CheckDigits.Read(text, number, [3, 5], " -");
        if (length == 0 || !CheckDigits.AreDigits(number))
            return Evidence.None;
        var area = CheckDigits.Value(number[..3]);
        if (area is 0 or 666 or >= 900 || CheckDigits.Value(number[3..5]) == 0 || CheckDigits.Value(number[5..]) == 0)
            return Evidence.None;
        return length == 11 && text[3] == '-' && text[6] == '-' ? Evidence.Alone
            // Phone numbers are written with spaces, too; they begin with 0.
            : length == 11 && text[3] == text[6] && text[0] != '0' ? Evidence.Alone
            : Evidence.Named;
    }
}
