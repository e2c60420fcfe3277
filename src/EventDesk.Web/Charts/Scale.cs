using System.Globalization;

namespace EventDesk.Web.Charts;

/// <summary>From zero to a round number: where on it a value stands, in percent of its length.</summary>
public readonly record struct Scale(double Top)
{
    /// <summary>Up to the largest value, rounded up to 1, 2, 2.5 or 5 of its size; shares go up to the whole.</summary>
    public static Scale Over(IEnumerable<double?> values, Measure measure)
    {
        if (measure is Measure.Share or Measure.Percent)
            return new(measure is Measure.Share ? 1 : 100);
        var most = values.Max() ?? 0;
        if (most <= 0)
            return new(1);
        var unit = measure is Measure.Seconds ? most switch { > 172_800 => 86_400, > 7_200 => 3_600, > 120 => 60, _ => 1d } : 1;
        var size = Math.Pow(10, Math.Floor(Math.Log10(most / unit)));
        return new(unit * size * new[] { 1, 2, 2.5, 5, 10 }.First(step => step * size * unit >= most));
    }

    public double Percent(double value) => Top <= 0 ? 0 : Math.Clamp(100 * value / Top, 0, 100);

    /// <summary>For an attribute of SVG.</summary>
    public string At(double value) => Of(Percent(value));

    public static string Of(double percent) => percent.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
