using System.IO.Compression;

namespace EventDesk.Testing;

/// <summary>The public logs, where they stand beside the checkout or EVENTDESK_SHARED_DATA names their folder.</summary>
public static class RealLogs
{
    public static readonly string Missing = "The public logs do not stand beside this checkout.";

    static readonly string? Folder = Find();

    public static bool AreThere => Folder is not null;

    public static string File(string name) => Path.Combine(Folder!, name);

    /// <summary>The per-case truth of a log: one dictionary of columns for each case.</summary>
    public static Dictionary<string, Dictionary<string, string>> Truth(string log)
    {
        using var text = new StreamReader(new GZipStream(System.IO.File.OpenRead(File(Path.Combine(log, "truth_per_case.csv.gz"))), CompressionMode.Decompress));
        var header = text.ReadLine()!.Split(',');
        Dictionary<string, Dictionary<string, string>> cases = [];
        while (text.ReadLine() is { } line)
            cases.Add(line.Split(',')[0], header.Zip(line.Split(',')).ToDictionary(c => c.First, c => c.Second));
        return cases;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("EVENTDESK_SHARED_DATA") is { Length: > 0 } given)
            return given;
        var beside = Path.Combine(Path.GetDirectoryName(Checkout.Root)!, "shared", "data");
        return Directory.Exists(beside) ? beside : null;
    }
}
