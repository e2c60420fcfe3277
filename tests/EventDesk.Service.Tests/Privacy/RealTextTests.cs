using System.IO.Compression;
using EventDesk.Domain.Privacy;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Privacy;

/// <summary>The public logs hold nobody's numbers: what is found in them is found wrongly.</summary>
public sealed class RealTextTests(ITestOutputHelper output)
{
    [Fact]
    public void R2_fewer_than_one_of_200_rows_of_real_logs_has_a_finding()
    {
        Assert.SkipUnless(RealLogs.AreThere, RealLogs.Missing);
        var (rows, found) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(RealLogs.File("."), "*", SearchOption.AllDirectories).Where(IsText))
            foreach (var row in Rows(file))
            {
                rows++;
                if (Recognition.Find(row) is [var first, ..])
                    found.Add($"{Path.GetFileName(file)}: {first.Kind}");
            }
        output.WriteLine($"{rows} rows, {found.Count} with a finding ({100.0 * found.Count / rows:0.000} %) {string.Join(", ", found.CountBy(f => f))}");
        rows.ShouldBeGreaterThan(70_000);
        (100.0 * found.Count / rows).ShouldBeLessThan(0.5);
    }

    /// <summary>The XES renderings say the same as the CSV ones, in many more lines.</summary>
    static bool IsText(string file) => Ends(file, ".csv.gz") || Ends(file, ".csv") || Ends(file, ".json");

    static bool Ends(string file, string with) => file.EndsWith(with, StringComparison.Ordinal);

    static IEnumerable<string> Rows(string file)
    {
        using Stream raw = File.OpenRead(file);
        using var text = new StreamReader(Ends(file, ".gz") ? new GZipStream(raw, CompressionMode.Decompress) : raw);
        while (text.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
