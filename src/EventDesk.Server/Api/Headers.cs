using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Service.Tickets;
using Microsoft.Extensions.Primitives;

namespace EventDesk.Server.Api;

/// <summary>A ticket's version as a strong entity tag: <c>"7"</c>.</summary>
public static class ETag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>One strong tag that names a version; neither a list, nor a weak one, nor <c>*</c>: a writer says what was seen.</summary>
    public static bool TryParse(StringValues header, out long version)
    {
        version = 0;
        return header is [{ Length: > 2 and <= 21 } tag] && tag[0] == '"' && tag[^1] == '"' && tag[1] != '0'
            && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>Whether a reader has this version already (If-None-Match; weak comparison, lists and <c>*</c>).</summary>
    public static bool IsKnown(StringValues ifNoneMatch, string tag)
    {
        foreach (var line in ifNoneMatch)
            foreach (var one in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
                if (one == "*" || one == tag || (one.StartsWith("W/", StringComparison.Ordinal) && one.AsSpan(2).SequenceEqual(tag)))
                    return true;
        return false;
    }
}

/// <summary>The client's <c>Idempotency-Key</c>, made into what the store remembers.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    const int MaxLength = 255;

    public static bool IsValid(StringValues header) =>
        header is [{ Length: > 0 and <= MaxLength } key] && !key.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e');

    /// <summary>The key counts for this principal, this operation and this ticket alone.</summary>
    /// <param name="about">The ticket, or nothing when it is yet to be opened.</param>
    /// <param name="request">SHA-256 of the body.</param>
    public static RequestKey Of(string key, string principal, string operation, string about, byte[] request) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{principal}\n{operation}\n{about}\n{key}")), request);
}
