using System.Buffers;

namespace EventDesk.Domain.Privacy;

/// <summary>
/// Keys and tokens that tell by their first letters what they are, as their issuers document: AWS access key ids (IAM User Guide, "unique
/// identifiers"), tokens of GitHub ("Behind GitHub's new authentication token formats"), GitLab, Slack, Stripe, Google, our own, and
/// JSON Web Tokens (RFC 7519: two parts that begin as the base64url of <c>{"</c>).
/// </summary>
static class AccessKey
{
    const string AlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    internal static readonly SearchValues<char> Base64 = SearchValues.Create(AlphaNumeric + "+/=");
    static readonly SearchValues<char> Url64 = SearchValues.Create(AlphaNumeric + "-_");
    static readonly SearchValues<char> Upper32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    static readonly SearchValues<char> Letters = SearchValues.Create(AlphaNumeric);

    /// <param name="Shortest">Characters behind the prefix, at least.</param>
    /// <param name="Longest">At most; what goes on is something else.</param>
    sealed record Form(string Prefix, SearchValues<char> Characters, int Shortest, int Longest);

    const int Any = 4096;

    static readonly Form[] Forms =
    [
        new("AKIA", Upper32, 16, 16), new("ASIA", Upper32, 16, 16),
        new("ghp_", Letters, 36, 255), new("gho_", Letters, 36, 255), new("ghu_", Letters, 36, 255), new("ghs_", Letters, 36, 255), new("ghr_", Letters, 36, 255),
        new("github_pat_", Url64, 22, 255),
        new("glpat-", Url64, 20, 255),
        new("xoxb-", Url64, 20, 255), new("xoxp-", Url64, 20, 255), new("xoxa-", Url64, 20, 255), new("xoxr-", Url64, 20, 255), new("xoxs-", Url64, 20, 255),
        new("sk_live_", Letters, 16, 255), new("rk_live_", Letters, 16, 255),
        new("AIza", Url64, 35, 35),
        new("edk_", Url64, 43, 43),
    ];

    /// <returns>The length of the key the text begins with; 0 when there is none.</returns>
    public static int Match(ReadOnlySpan<char> text)
    {
        foreach (var form in Forms)
            if (text[0] == form.Prefix[0] && text.StartsWith(form.Prefix, StringComparison.Ordinal))
            {
                var characters = Run(text[form.Prefix.Length..], form.Characters);
                return characters >= form.Shortest && characters <= form.Longest ? form.Prefix.Length + characters : 0;
            }
        return text[0] == 'e' ? WebToken(text) : 0;
    }

    static int WebToken(ReadOnlySpan<char> text)
    {
        const string object64 = "eyJ";
        if (!text.StartsWith(object64, StringComparison.Ordinal) || Run(text, Url64) is var header && (header < 12 || header == text.Length || text[header] != '.'))
            return 0;
        var payload = text[(header + 1)..];
        if (!payload.StartsWith(object64, StringComparison.Ordinal))
            return 0;
        var claims = Run(payload, Url64);
        if (claims == payload.Length || payload[claims] != '.')
            return 0;
        return header + 1 + claims + 1 + Run(payload[(claims + 1)..], Url64);
    }

    /// <summary>How many of these characters the text begins with; so many that no key has as many count as none.</summary>
    static int Run(ReadOnlySpan<char> text, SearchValues<char> characters)
    {
        var run = text[..Math.Min(text.Length, Any)].IndexOfAnyExcept(characters);
        return run >= 0 ? run : text.Length < Any ? text.Length : 0;
    }
}
