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
        rows.ShouldBeGreaterThan(100_000);
        (100.0 * found.Count / rows).ShouldBeLessThan(0.5);
    }

    static bool IsText(string file) => file.EndsWith(".csv.gz", StringComparison.Ordinal) || file.EndsWith(".xes.gz", StringComparison.Ordinal)
        || file.EndsWith(".csv", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal);

    static IEnumerable<string> Rows(string file)
    {
        using Stream raw = File.OpenRead(file);
        using var text = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw);
        while (text.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
