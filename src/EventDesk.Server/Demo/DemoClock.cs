namespace EventDesk.Server.Demo;

/// <summary>The clock of days gone by: what is told to the desk happens when it is said to have happened. It only goes forwards.</summary>
sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void MoveTo(DateTimeOffset at) => now = at > now ? at : now;
}
