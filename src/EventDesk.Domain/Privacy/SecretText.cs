using System.Buffers;
using System.Collections.Frozen;

namespace EventDesk.Domain.Privacy;

/// <summary>Whether what stands where a secret was announced is one, or a word about it: "forgotten", "null", "****".</summary>
static class SecretText
{
    const int Shortest = 4;

    /// <summary>They stand in ordinary words and times.</summary>
    static readonly SearchValues<char> Punctuation = SearchValues.Create("-'’/.,:;()[]…?");

    static readonly SearchValues<char> Masks = SearchValues.Create("*•xX._-…#");
    static readonly SearchValues<char> InTimes = SearchValues.Create("0123456789-/.:TZ");

    static readonly SearchValues<char> InTokens =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_.~");

    /// <summary>What people write after "password:" when they write none.</summary>
    static readonly FrozenSet<string> Words = """
        yes no none null nil empty unknown wrong incorrect invalid expired forgotten lost required missing changed reset resetting blank default hidden redacted
        masked secret unchanged optional true false string text same correct failed failure denied problem problems help urgent urgently please
        vergessen falsch ungültig abgelaufen gesperrt keine keins unbekannt leer fehlt geändert zurücksetzen zurückgesetzt erforderlich dringend
        zapomniane zapomniałem zapomniałam błędne nieprawidłowe wygasło brak nieznane puste wymagane zmienione reset pilne
        oublié oublie incorrect incorrecte invalide expiré aucun inconnu vide requis obligatoire changé urgent
        olvidada olvidado incorrecta incorrecto caducada inválida ninguna desconocida vacía obligatoria cambiada urgente
        glömt fel felaktigt ogiltigt utgånget saknas okänt tomt krävs ändrat
        unohtunut unohtui väärä virheellinen vanhentunut puuttuu tuntematon tyhjä pakollinen vaihdettu
        نسيت منسية خاطئة خطأ منتهية مفقودة فارغة مطلوبة غير
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>No sentence has such a word: letters with digits or signs, capitals within, four digits or more and nothing else.</summary>
    public static bool IsSecret(ReadOnlySpan<char> text)
    {
        if (text.Length < Shortest || IsPlaceholder(text) || IsPlace(text))
            return false;
        var (letters, digits, signs, humps) = (0, 0, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            letters += char.IsLetter(text[i]) ? 1 : 0;
            digits += char.IsAsciiDigit(text[i]) ? 1 : 0;
            signs += char.IsLetterOrDigit(text[i]) || Punctuation.Contains(text[i]) ? 0 : 1;
            humps += i > 0 && char.IsLower(text[i - 1]) && char.IsUpper(text[i]) ? 1 : 0;
        }
        return letters == 0 ? digits >= Shortest && (signs > 0 || digits == text.Length) : digits > 0 || signs > 0 || humps > 0;
    }

    /// <summary>One word that may be a password, where a form asked for one.</summary>
    public static bool IsWord(ReadOnlySpan<char> text) =>
        text.Length >= Shortest && !text.Contains(' ') && !IsPlaceholder(text) && !IsPlace(text) && text.IndexOfAnyExcept(Punctuation) >= 0
        && !Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text) && !IsTime(text);

    /// <summary>Long, of the characters of tokens, letters and digits.</summary>
    public static bool IsToken(ReadOnlySpan<char> text, int shortest) =>
        text.Length >= shortest && text.IndexOfAnyExcept(InTokens) < 0 && text.ContainsAnyInRange('0', '9')
        && (text.ContainsAnyInRange('a', 'z') || text.ContainsAnyInRange('A', 'Z')) && !IsPlaceholder(text) && !IsPlace(text);

    /// <summary>A variable's name, a mask, or "put it here".</summary>
    static bool IsPlaceholder(ReadOnlySpan<char> text) =>
        text[0] is '{' or '<' or '[' or '%' || (text[0] == '$' && text.Length > 1 && (text[1] == '{' || text[1..].IndexOfAnyExceptInRange('A', '_') < 0))
        || text.IndexOfAnyExcept(text[0]) < 0
        || text.IndexOfAnyExcept(Masks) < 0;

    /// <summary>An address or a path: where something is kept, not what.</summary>
    static bool IsPlace(ReadOnlySpan<char> text) => text.Contains("://", StringComparison.Ordinal) || text[0] is '/' or '\\' || (text.Length > 2 && text[1] == ':' && text[2] == '\\');

    static bool IsTime(ReadOnlySpan<char> text) => char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(InTimes) < 0;
}
