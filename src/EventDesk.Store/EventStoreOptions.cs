namespace EventDesk.Store;

public sealed class EventStoreOptions
{
    /// <summary>Npgsql connection string of the writing (primary) server.</summary>
    public required string ConnectionString { get; init; }

    public string Schema { get; init; } = "eventdesk";

    /// <summary>The shapes of the past that the log still holds.</summary>
    public Upcasts Upcasts { get; init; } = Upcasts.None;

    /// <summary>Writer loops of this process; streams are divided between them by hash.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Appends that share one transaction at most.</summary>
    public int MaxBatch { get; init; } = 256;

    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an append waits for a database that is away before its caller is told.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Appends that may wait in front of one writer before callers are held back.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>Pause between two pages of a follower that keeps up, so that many followers do not commit for every single event.</summary>
    public TimeSpan FollowInterval { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The floor under the wake-ups: a follower looks at least this often.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
