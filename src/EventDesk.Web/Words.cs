using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace EventDesk.Web;

/// <summary>The console's texts in one language, from the files <c>Words/language/*.json</c>. English has every text; the others are complete too, which a test says.</summary>
public sealed class Words
{
    const string Folder = "Words/", Extension = ".json";

    static readonly FrozenDictionary<string, Words> All = Load();

    readonly FrozenDictionary<string, string> texts;

    Words(string language, Dictionary<string, string> texts)
    {
        Language = language;
        this.texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
        Culture = CultureOf(texts);
    }

    /// <summary>The languages there are, English first.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. All.Keys.OrderBy(l => l != "en").ThenBy(l => l, StringComparer.Ordinal)];

    /// <summary>Languages of customers alone: they have words for what customers see, and the desk is not offered them.</summary>
    public static IReadOnlyList<string> OfPortal { get; } = ["ar"];

    public string Language { get; }

    public CultureInfo Culture { get; }

    public string Direction => Language is "ar" ? "rtl" : "ltr";

    public IEnumerable<string> Keys => texts.Keys;

    /// <summary>The text; in English where it is missing, and the key itself where nobody wrote one.</summary>
    public string this[string key] => texts.GetValueOrDefault(key) ?? All["en"].texts.GetValueOrDefault(key) ?? key;

    public bool Has(string key) => texts.ContainsKey(key);

    /// <summary>The words of a language, or English.</summary>
    public static Words In(string? language) => language is not null && All.TryGetValue(language, out var words) ? words : All["en"];

    /// <summary>The first language a browser asks for that there are words in (RFC 9110, Accept-Language).</summary>
    public static Words Asked(IEnumerable<string> languages) => languages.Select(l => All.GetValueOrDefault(l.Split('-')[0].ToLowerInvariant())).FirstOrDefault(w => w is not null) ?? All["en"];

    /// <summary>The form of <c>key.one</c>, <c>key.few</c>, <c>key.many</c>, <c>key.other</c>… that goes with the number (CLDR plural rules).</summary>
    public string Count(string key, long n)
    {
        var form = $"{key}.{Form(Language, n)}";
        return string.Format(Culture, this[Has(form) ? form : $"{key}.other"], n);
    }

    internal static string Form(string language, long n) => language switch
    {
        "pl" => n == 1 ? "one" : n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14) ? "few" : "many",
        "ar" => n switch { 0 => "zero", 1 => "one", 2 => "two", _ => (n % 100) switch { >= 3 and <= 10 => "few", >= 11 => "many", _ => "other" } },
        _ => n == 1 ? "one" : "other",
    };

    /// <summary>Names of months and marks in numbers come with the texts, so that they do not depend on what the machine knows of languages.</summary>
    static CultureInfo CultureOf(Dictionary<string, string> texts)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        if (texts.GetValueOrDefault("culture.months")?.Split(' ') is { Length: 12 } months)
        {
            var names = (string[])[.. months, ""];
            (culture.DateTimeFormat.AbbreviatedMonthNames, culture.DateTimeFormat.AbbreviatedMonthGenitiveNames) = (names, names);
        }
        if (texts.GetValueOrDefault("culture.numbers") is [var group, var point])
            (culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NumberDecimalSeparator) = (group.ToString(), point.ToString());
        return culture;
    }

    static FrozenDictionary<string, Words> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var languages = new Dictionary<string, Dictionary<string, string>>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(Extension, StringComparison.Ordinal)))
        {
            var language = name[Folder.Length..].Split('/')[0];
            using var file = assembly.GetManifestResourceStream(name)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(file)!)
                (languages.TryGetValue(language, out var texts) ? texts : languages[language] = []).Add(key, text);
        }
        return languages.ToFrozenDictionary(l => l.Key, l => new Words(l.Key, l.Value));
    }
}
