namespace EventDesk.Service;

/// <summary>Times as PostgreSQL keeps them.</summary>
static class Moments
{
    /// <summary>Now in UTC and whole microseconds: what is stored, and what digests are made over.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
