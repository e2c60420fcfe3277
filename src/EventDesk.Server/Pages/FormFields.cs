using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Server.Api;
using EventDesk.Server.SignIn;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>What a form of ours carried.</summary>
public sealed class FormFields
{
    /// <summary>By which a form is told from its repetition.</summary>
    const string OnceField = "once";

    const int LengthOfOnce = 32;

    /// <summary>Of one form: the routing rules of a large organisation are hundreds, and each has a dozen fields.</summary>
    public const int MostValues = 10_000;

    FormFields(IReadOnlyDictionary<string, string> values, string? once, string asker) =>
        (Values, Once, Asker) = (values, once is { Length: LengthOfOnce } && once.All(char.IsAsciiHexDigit) ? once : null, asker);

    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>What is wrong with it so far.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The same when the form is sent again; null where it is none of ours.</summary>
    public string? Once { get; }

    /// <summary>Handle of who sent it.</summary>
    public string Asker { get; }

    /// <summary>SHA-256 over all of it but the parts every form has.</summary>
    public byte[] Digest => SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(Values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key.Length}:{v.Key}{v.Value.Length}:{v.Value}"))));

    /// <summary>The text of a field; nothing where it is missing.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <returns>Null when it is no form, or one that is too large.</returns>
    public static async Task<FormFields?> Read(HttpContext http, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > Body.MaxJsonBytes)
            return null;
        var form = await http.Request.ReadFormAsync(ct);
        var values = form.Where(f => f.Key is not (CrossSite.Field or OnceField)).ToDictionary(f => f.Key, f => f.Value.ToString().ReplaceLineEndings("\n"));
        return new(values, form[OnceField], http.Principal().Id);
    }

    /// <summary>The fields before a file.</summary>
    public static FormFields Of(FileForm form, HttpContext http) =>
        new(form.Fields.Where(f => f.Key is not (CrossSite.Field or OnceField)).ToDictionary(), form.Fields.GetValueOrDefault(OnceField), http.Principal().Id);

    /// <summary>What a form that only asks put into the address.</summary>
    public static FormFields OfAddress(HttpContext http) =>
        new(http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), null, http.Principal().Id);

    /// <summary>Null when it is missing or blank.</summary>
    public string? Text(string name) => this[name] is var text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>What stands between blanks and commas.</summary>
    public IEnumerable<string> Words(string name) => this[name].Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What stands on lines of its own.</summary>
    public IEnumerable<string> Lines(string name) => this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The rows of a list: each says by a field of its own name that it is there.</summary>
    public IEnumerable<int> Rows(string list) => Enumerable.Range(0, Values.Count).TakeWhile(row => Values.ContainsKey(PartRow.Of(list, row)));

    /// <summary>Nothing was filled in or ticked in a row.</summary>
    public bool IsBlank(string row) => Values.Where(v => v.Key.StartsWith($"{row}-", StringComparison.Ordinal)).All(v => string.IsNullOrWhiteSpace(v.Value));

    /// <summary>One of the values; anything else is a fault.</summary>
    public T OneOf<T>(string name) where T : struct, Enum
    {
        if (Enum.TryParse<T>(this[name], ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(this[name][0]))
            return value;
        Faults.Add(name, "required", "Choose one.");
        return default;
    }

    /// <summary>What was ticked, as the API writes it; anything else is a fault.</summary>
    public IReadOnlyList<T> Ticked<T>(string name) where T : struct, Enum
    {
        List<T> ticked = [];
        foreach (var word in Words(name))
            if (ExactEnum<T>.TryParse(word, out var value))
                ticked.Add(value);
            else
                Faults.Add(name, "unknown_value", $"There is no {word}.");
        return ticked;
    }

    /// <summary>What the API's own check finds, at the fields; of one that could not even be read there is nothing more to say.</summary>
    /// <param name="fieldOf">The field behind a place in the request, such as <c>/teams/0</c>, or null where it is said already. Left out: it has the first word's name.</param>
    public void Check(IChecked ask, Func<string, string?>? fieldOf = null)
    {
        var (unread, found) = (Faults.Found.Select(f => f.Field).ToHashSet(), new Faults());
        ask.Check(found);
        foreach (var fault in found.Found)
            if ((fieldOf is null ? fault.Field.Split('/')[1] : fieldOf(fault.Field)) is { } field && !unread.Contains(field))
                Faults.Add(field, fault.Code, fault.Detail);
    }

    /// <summary>A whole number from 0; null where none is given, or it is none, which is a fault.</summary>
    public int? Whole(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Faults.Add(name, "invalid_number", "It is a whole number.");
        return null;
    }

    /// <summary>The beginning (UTC) of a day; null where none is given.</summary>
    public DateTimeOffset? Day(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        Faults.Add(name, "invalid_time", "It is a day such as 2026-03-02.");
        return null;
    }
}
