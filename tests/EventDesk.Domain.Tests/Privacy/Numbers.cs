namespace EventDesk.Domain.Tests.Privacy;

/// <summary>Makes numbers with valid check digits, in a way of its own: by trying, or by the other direction of the rule.</summary>
static class Numbers
{
    public static IEnumerable<string> OtherLastDigits(string number) => OtherLastCharacters(number, "0123456789");

    public static IEnumerable<string> OtherLastCharacters(string number) =>
        OtherLastCharacters(number, char.IsAsciiDigit(number[^1]) ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    static IEnumerable<string> OtherLastCharacters(string number, string all) =>
        all.Where(c => c != char.ToUpperInvariant(number[^1])).Select(c => number[..^1] + c);

    public static string InFours(string number, char separator) => string.Join(separator, number.Chunk(4).Select(g => new string(g)));

    /// <summary>With the digit that makes every second one from the right, doubled and added up by digits, and the others a multiple of ten.</summary>
    /// <param name="from">Digits before do not count.</param>
    public static string WithLuhn(string digits, int from = 0)
    {
        var sum = digits[from..].Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(p => (p / 10) + (p % 10));
        return digits + ((10 - (sum % 10)) % 10);
    }

    public static string WithPeselDigit(string ten)
    {
        var sum = ten.Select((c, i) => (c - '0') * ("1379137913"[i] - '0')).Sum();
        return ten + ((10 - (sum % 10)) % 10);
    }

    public static string WithNirKey(string thirteen)
    {
        var value = decimal.Parse(thirteen.Replace("2A", "19", StringComparison.Ordinal).Replace("2B", "18", StringComparison.Ordinal));
        return $"{thirteen}{97 - (int)(value % 97):00}";
    }

    public static string WithHetuCharacter(string date, char sign, int serial) =>
        $"{date}{sign}{serial:000}{"0123456789ABCDEFHJKLMNPRSTUVWXY"[int.Parse($"{date}{serial:000}") % 31]}";

    public static string WithDniLetter(string eight) => eight + "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(eight) % 23];

    public static string WithNieLetter(char first, string seven) => $"{first}{seven}{"TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse($"{"XYZ".IndexOf(first)}{seven}") % 23]}";

    /// <summary>The two check digits: 98 minus the rest of account, country and 00 as one long number.</summary>
    public static string IbanCheck(string country, string account)
    {
        var number = string.Concat((account + country + "00").Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString()));
        return $"{98 - (int)(System.Numerics.BigInteger.Parse(number) % 97):00}";
    }

    /// <summary>A number that is Finnish and Swedish at once: its date reads both ways, and its last digit is right by both rules.</summary>
    public static string FinnishAndSwedish() => (
        from day in Enumerable.Range(10, 18)
        from serial in Enumerable.Range(100, 800)
        let number = WithHetuCharacter($"{day}1112", '-', serial)
        where WithLuhn($"{day}1112{serial}") == number.Replace("-", "", StringComparison.Ordinal)
        select number).First();
}
