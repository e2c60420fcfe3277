using System.Buffers;

namespace EventDesk.Server.Api;

/// <summary>Collects what is wrong with a request, so that one answer names it all.</summary>
public sealed class Faults
{
    readonly List<Fault> found = [];

    public IReadOnlyList<Fault> Found => found;

    public void Add(string field, string code, string detail) => found.Add(new(field, code, detail));

    /// <summary>Free text of several lines.</summary>
    public void Text(string field, string? text, int most) => Check(field, text, most, TextRules.NotInText);

    /// <summary>A title: tabs and line breaks are harmless, other control characters are not.</summary>
    public void Title(string field, string? text, int most) => Check(field, text, most, TextRules.NotInTitle);

    /// <summary>One line: no control character at all.</summary>
    public void Line(string field, string? text, int most) => Check(field, text, most, TextRules.NotInLine);

    /// <summary>A word of our own making: letters, digits, and <c>. _ - /</c>.</summary>
    public void Identifier(string field, string? text, int most)
    {
        Check(field, text, most, TextRules.NotInLine);
        if (text is not null && text.AsSpan().ContainsAnyExcept(TextRules.InIdentifier))
            Add(field, "invalid_characters", "Letters, digits, dot, underscore and hyphen are allowed.");
    }

    /// <summary>Good enough to write to: one @ with something sensible on both sides (RFC 5321's lengths).</summary>
    public void Email(string field, string? text)
    {
        Check(field, text, TextRules.MaxEmail, TextRules.NotInLine);
        if (!string.IsNullOrWhiteSpace(text) && text.Length <= TextRules.MaxEmail && !TextRules.IsEmail(text))
            Add(field, "invalid_email", "This is not an e-mail address.");
    }

    void Check(string field, string? text, int most, SearchValues<char> forbidden)
    {
        if (text is null)
            return;
        if (string.IsNullOrWhiteSpace(text))
            Add(field, "blank", "It must not be blank.");
        else if (text.Length > most)
            Add(field, "too_long", $"It has {text.Length} characters; {most} are allowed.");
        else if (text.Contains('\0'))
            Add(field, "nul_character", "U+0000 cannot be stored.");
        else if (text.AsSpan().ContainsAny(forbidden))
            Add(field, "control_character", "It holds a control character that is not allowed here.");
    }
}

/// <summary>What texts may hold and how long they may be, in UTF-16 units.</summary>
public static class TextRules
{
    public const int MaxSubject = 500, MaxBody = 100_000, MaxReason = 10_000, MaxName = 200, MaxEmail = 320, MaxIdentifier = 100;
    public const int MaxFields = 50, MaxFieldValue = 10_000, MaxTagsAtOnce = 50, MaxTag = 50;

    static readonly char[] Controls = [.. Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Select(c => (char)c)];

    internal static readonly SearchValues<char> NotInLine = SearchValues.Create(Controls);
    internal static readonly SearchValues<char> NotInTitle = SearchValues.Create([.. Controls.Except(['\n', '\t'])]);
    internal static readonly SearchValues<char> NotInText = SearchValues.Create([.. Controls.Except(['\n', '\r', '\t'])]);
    internal static readonly SearchValues<char> InIdentifier =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    static readonly SearchValues<char> NotInAddress = SearchValues.Create(" \t\r\n\"(),:;<>[]\\");

    internal static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64 || text.AsSpan().ContainsAny(NotInAddress))
            return false;
        var (local, domain) = (text[..at], text[(at + 1)..]);
        return !local.Contains('@') && IsDotted(local) && IsDotted(domain)
            && domain.Length <= 255 && domain.Split('.').All(l => l.Length <= 63 && l[0] != '-' && l[^1] != '-');
    }

    static bool IsDotted(string text) => text.Length > 0 && text[0] != '.' && text[^1] != '.' && !text.Contains("..", StringComparison.Ordinal);
}
