namespace EventDesk.Domain.Privacy;

/// <summary>A private key between its lines of dashes (RFC 7468; also those of OpenSSH and PGP). One cut short is found up to where its lines end.</summary>
static class PrivateKeyBlock
{
    const string Begin = "-----BEGIN ", End = "-----END ", PrivateKey = "PRIVATE KEY", Dashes = "-----";
    const int LongestTitle = 40, LongestLine = 256;

    public static void Find(FoldedText text, List<Finding> found)
    {
        var chars = text.Chars;
        // Looked for once when there is none: however often a key begins, the text is read through once.
        var hasEnd = true;
        for (var at = 0; chars[at..].IndexOf(Begin) is var skipped and >= 0;)
        {
            var start = at + skipped;
            at = start + Begin.Length;
            var title = chars[at..Math.Min(chars.Length, at + LongestTitle)];
            if (title.IndexOf(Dashes) is var dashes && (dashes < 0 || !title[..dashes].Contains(PrivateKey, StringComparison.Ordinal)))
                continue;
            at += dashes + Dashes.Length;
            var end = hasEnd ? chars[at..].IndexOf(End) : -1;
            hasEnd = end >= 0;
            at = hasEnd ? EndOfLine(chars, at + end + End.Length) : at + Lines(chars[at..]);
            found.Add(text.Finding(FindingKind.PrivateKey, start, at - start));
        }
    }

    /// <summary>Just behind the dashes that close the line.</summary>
    static int EndOfLine(ReadOnlySpan<char> chars, int at)
    {
        var rest = chars[at..Math.Min(chars.Length, at + LongestTitle)];
        return rest.IndexOf(Dashes) is var dashes and >= 0 ? at + dashes + Dashes.Length : at;
    }

    /// <summary>How far the lines of base64 go.</summary>
    static int Lines(ReadOnlySpan<char> chars)
    {
        var end = 0;
        for (var at = 0; at < chars.Length;)
        {
            var rest = chars[at..Math.Min(chars.Length, at + LongestLine)];
            var line = rest.IndexOf('\n') is var next and >= 0 ? rest[..next] : rest;
            var trimmed = line.Trim();
            if (!trimmed.IsEmpty && (trimmed.Length < 16 || trimmed.IndexOfAnyExcept(AccessKey.Base64) >= 0))
                break;
            end = trimmed.IsEmpty ? end : at + line.TrimEnd().Length;
            at += line.Length + 1;
        }
        return end;
    }
}
