namespace EventDesk.Benchmarks.Load;

/// <summary>What a load reached. Latencies in whole microseconds, from the moment a request was due to its last byte.</summary>
sealed class LoadResult(double seconds, int[] sortedMicros, int failures, string? firstFailure, long bodyBytes)
{
    public double Seconds => seconds;
    public int Count => sortedMicros.Length;
    public int Failures => failures;
    public string? FirstFailure => firstFailure;
    public double PerSecond => Count / seconds;
    public double MeanMilliseconds => Count == 0 ? 0 : sortedMicros.Average() / 1000;
    public long MeanBodyBytes => Count == 0 ? 0 : bodyBytes / Count;

    /// <param name="p">0 to 1.</param>
    public double Percentile(double p) => Count == 0 ? 0 : sortedMicros[(int)Math.Min(Count - 1, Math.Ceiling(Count * p) - 1)] / 1000.0;

    /// <exception cref="BenchException">A request was answered with an error: what was measured is not what was meant.</exception>
    public LoadResult Flawless(string what) => failures == 0
        ? this
        : throw new BenchException($"{what}: {failures} of {Count + failures} requests failed, the first with: {firstFailure}");
}

sealed class BenchException(string message) : Exception(message);

static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
