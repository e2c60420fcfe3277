namespace EventDesk.Server.Demo;

/// <summary>Luck that comes out the same for the same seed, on every machine.</summary>
sealed class Chance(int seed)
{
    readonly Random random = new(seed);

    public bool Is(double probability) => random.NextDouble() < probability;

    public T Of<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public T Weighted<T>(params (T Item, double Weight)[] items)
    {
        var at = random.NextDouble() * items.Sum(i => i.Weight);
        foreach (var (item, weight) in items)
            if ((at -= weight) < 0)
                return item;
        return items[^1].Item;
    }

    public int Between(int least, int most) => random.Next(least, most + 1);

    /// <summary>As the durations of work are spread: most are short, a few very long (log-normal).</summary>
    public TimeSpan Around(double medianMinutes, double spread = 0.9)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return TimeSpan.FromSeconds(Math.Round(60 * medianMinutes * Math.Exp(spread * normal)));
    }

    /// <summary>How often it happens in a time in which it happens <paramref name="mean"/> times as a rule (Poisson).</summary>
    public int Times(double mean)
    {
        var (times, product, limit) = (0, random.NextDouble(), Math.Exp(-mean));
        for (; product > limit; times++)
            product *= random.NextDouble();
        return times;
    }
}
