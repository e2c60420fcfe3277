using System.Net.Http.Headers;

namespace EventDesk.Server.Api;

/// <summary>
/// Decides as what a file goes out. Who sent it said what it is, and may have lied: what browsers or systems would run, and what is not what it claims
/// to be, is only bytes.
/// </summary>
static class FileKinds
{
    public const string Bytes = "application/octet-stream";

    /// <summary>So much of a file's beginning is looked at.</summary>
    public const int Head = 512;

    /// <summary>Types that a browser renders as documents, or that it or a system runs.</summary>
    static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase)
    {
        "text/html", "text/xml", "text/xsl", "text/css", "text/javascript", "text/ecmascript", "text/vbscript", "text/x-server-parsed-html", "text/x-sh", "text/x-python",
        "application/xhtml+xml", "application/xml", "application/javascript", "application/x-javascript", "application/ecmascript", "application/wasm", "application/hta",
        "application/x-sh", "application/x-csh", "application/x-msdownload", "application/x-msdos-program", "application/x-executable", "application/x-elf",
        "application/x-mach-binary", "application/vnd.microsoft.portable-executable", "application/x-bat", "application/x-powershell", "application/java-archive",
        "application/x-java-applet", "application/x-shockwave-flash", "application/x-ms-shortcut", "application/x-httpd-php", "image/svg+xml", "message/rfc822",
    };

    /// <summary>How files of the common kinds begin; a dot stands for any byte.</summary>
    static readonly Dictionary<string, string[]> Begins = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = ["89504E470D0A1A0A"], ["image/jpeg"] = ["FFD8FF"], ["image/gif"] = ["474946383761", "474946383961"], ["image/bmp"] = ["424D"],
        ["image/webp"] = ["52494646........57454250"], ["image/tiff"] = ["49492A00", "4D4D002A"], ["image/avif"] = ["........66747970"], ["image/heic"] = ["........66747970"],
        ["application/pdf"] = ["255044462D"], ["application/zip"] = ["504B0304", "504B0506"], ["application/gzip"] = ["1F8B"],
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = ["504B0304"],
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = ["504B0304"],
        ["application/vnd.openxmlformats-officedocument.presentationml.presentation"] = ["504B0304"],
        ["application/vnd.oasis.opendocument.text"] = ["504B0304"], ["application/vnd.oasis.opendocument.spreadsheet"] = ["504B0304"],
        ["application/msword"] = ["D0CF11E0"], ["application/vnd.ms-excel"] = ["D0CF11E0"], ["application/rtf"] = ["7B5C727466"],
        ["audio/mpeg"] = ["494433", "FFFB", "FFF3", "FFF2"], ["audio/wav"] = ["52494646........57415645"], ["audio/ogg"] = ["4F676753"],
        ["video/mp4"] = ["........66747970"], ["video/webm"] = ["1A45DFA3"],
    };

    /// <summary>How programs begin: Windows, Linux, macOS, Java, WebAssembly, scripts.</summary>
    static readonly string[] Programs = ["4D5A", "7F454C46", "FEEDFACE", "FEEDFACF", "CEFAEDFE", "CFFAEDFE", "CAFEBABE", "0061736D", "2321"];

    static readonly string[] Markup = ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?xml", "<?php", "<!--", "<object", "<embed", "<meta"];

    /// <param name="declared">As the sender said it, with parameters.</param>
    /// <param name="head">The first bytes, up to <see cref="Head"/>.</param>
    public static string Served(string declared, ReadOnlySpan<byte> head)
    {
        if (!MediaTypeHeaderValue.TryParse(declared, out var parsed) || parsed.MediaType is not { } type)
            return Bytes;
        if (Active.Contains(type) || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return Bytes;
        if (BeginsAs(head, Programs) || IsMarkup(head))
            return Bytes;
        if (Begins.TryGetValue(type, out var ways))
            return BeginsAs(head, ways) ? declared : Bytes;
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !IsText(head) ? Bytes : declared;
    }

    static bool BeginsAs(ReadOnlySpan<byte> head, string[] ways)
    {
        foreach (var way in ways)
        {
            var same = head.Length >= way.Length / 2;
            for (var i = 0; same && i < way.Length / 2; i++)
                same = way[2 * i] == '.' || head[i] == Convert.ToByte(way.Substring(2 * i, 2), 16);
            if (same)
                return true;
        }
        return false;
    }

    /// <summary>As browsers sniff it: behind a byte order mark and white space, whatever its case.</summary>
    static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        var text = System.Text.Encoding.Latin1.GetString(head.StartsWith("\uFEFF"u8) ? head[3..] : head).Replace("\0", "", StringComparison.Ordinal)
            .TrimStart('\u00FF', '\u00FE', ' ', '\t', '\r', '\n', '\f');
        return Markup.Any(m => text.StartsWith(m, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>UTF-16 has zeros and says so first.</summary>
    static bool IsText(ReadOnlySpan<byte> head) =>
        head.IndexOf((byte)0) < 0 || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
}
