namespace EventDesk.Domain.Privacy;

/// <summary>
/// Spain's DNI (eight digits) and NIE (X, Y or Z and seven digits, counted as 0, 1, 2), each with the letter of its value mod 23
/// (Real Decreto 1553/2005; Ministerio del Interior, "Cálculo del dígito de control del NIF-NIE").
/// </summary>
static class SpanishIdentity
{
    public static readonly string[] Names = ["dni", "nie", "nif", "documento", "identidad", "identificación", "extranjero"];

    internal const string Letters = "TRWAGMYFPDXBNJZSQVHLCKE";

    public static Evidence Dni(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[9];
        length = CheckDigits.Read(text, number, [2, 5, 8], ".- ");
        if (length == 0 || !CheckDigits.AreDigits(number[..8]) || Letters[(int)(CheckDigits.Value(number[..8]) % 23)] != number[8])
            return Evidence.None;
        // "12345678 y" is a number and the word for "and".
        return text[length - 2] == ' ' ? Evidence.Named : Evidence.Alone;
    }

    public static Evidence Nie(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[9];
        length = CheckDigits.Read(text, number, [1, 8], "- ");
        if (length == 0 || number[0] is < 'X' or > 'Z' || !CheckDigits.AreDigits(number[1..8]))
            return Evidence.None;
        var value = ((number[0] - 'X') * 10_000_000) + CheckDigits.Value(number[1..8]);
        return Letters[(int)(value % 23)] == number[8] ? Evidence.Alone : Evidence.None;
    }
}
