namespace EventDesk.Domain.Privacy;

/// <summary>
/// France's NIR, the social security number: sex, year, month, département (2A and 2B for Corsica), commune, order, and a key:
/// 97 minus the number mod 97, where 2A counts as 19 and 2B as 18 (INSEE, "Numéro d'inscription au répertoire"; décret 82-103).
/// Without its key it is not recognised: nothing tells it from other numbers.
/// </summary>
static class Nir
{
    public static readonly string[] Names = ["nir", "sécurité", "securite", "sécu", "secu", "insee", "vitale", "immatriculation"];

    public static Evidence Match(ReadOnlySpan<char> text, out int length)
    {
        Span<char> number = stackalloc char[15];
        length = CheckDigits.Read(text, number, [1, 3, 5, 7, 10, 13], " .-");
        if (length == 0 || !TryCorsica(number) || !CheckDigits.AreDigits(number) || number[0] is not ('1' or '2' or '3' or '4' or '7' or '8'))
            return Evidence.None;
        var month = CheckDigits.Value(number[3..5]);
        if (97 - (CheckDigits.Value(number[..13]) % 97) != CheckDigits.Value(number[13..]))
            return Evidence.None;
        // 20 to 42 and from 50 on: the month is not known; 3, 4, 7 and 8: the number is for the time being.
        return month is >= 1 and <= 12 && number[0] is '1' or '2' ? Evidence.Alone
            : month is >= 1 and <= 12 or >= 20 and <= 42 or >= 50 ? Evidence.Named
            : Evidence.None;
    }

    /// <summary>Puts the digits for which 2A and 2B stand.</summary>
    static bool TryCorsica(Span<char> number)
    {
        if (number[6] is not ('A' or 'B'))
            return true;
        if (number[5] != '2')
            return false;
        (number[5], number[6]) = ('1', number[6] == 'A' ? '9' : '8');
        return true;
    }
}
