using Npgsql;

namespace EventDesk.Store;

/// <summary>Rows derived from events. Disposable: a raised <see cref="Version"/> is built anew by replay.</summary>
public abstract class View
{
    /// <summary>PascalCase; its progression row is <c>{Name}:All</c>, from version 2 on <c>{Name}:V{n}:All</c>.</summary>
    public abstract string Name { get; }

    public virtual int Version => 1;

    /// <summary>The tables it owns, unqualified.</summary>
    public abstract IReadOnlyList<string> Tables { get; }

    /// <summary>DDL of the bare tables (no indexes); <paramref name="suffix"/> is appended to every table name, "" for the live ones.</summary>
    public abstract string CreateTables(string suffix);

    /// <summary>DDL of primary keys and indexes; their names carry the suffix too, so that a rebuilt table can be renamed into place.</summary>
    public abstract string CreateIndexes(string suffix);

    /// <summary>
    /// The column, in each of its tables, that holds the id of the one stream a row derives from; null when rows derive from several streams. With
    /// it a rebuild beside live traffic catches up stream by stream; without it all rows are written again while writers wait: for small tables only.
    /// </summary>
    public virtual string? StreamColumn => null;

    /// <summary>Which events it is made of: a replay leaves the others where they are. All unless told.</summary>
    public virtual TypeFilter Reads => TypeFilter.All;

    /// <summary>Which events of other streams its rows depend on: a replay of some streams is fed these too. Null: none.</summary>
    public virtual TypeFilter? Context => null;

    /// <summary>The rows of one of its tables that <c>views check</c> compares with a replay's; all unless told.</summary>
    public virtual string Compared(string table) => $"select * from {table}";

    /// <summary>A fresh replay: fed every event in seq_id order, then writes all rows.</summary>
    public abstract IViewFold NewFold();

    /// <summary>One that is fed beside those of other views, event by event in their order, and works out together with them what <paramref name="share"/> holds.</summary>
    public virtual IViewFold NewFold(FoldShare share) => NewFold();

    public string ProgressionName => Version == 1 ? $"{Name}:All" : $"{Name}:V{Version}:All";
}

/// <summary>What the folds of a replay have in common; each kind of it is there once.</summary>
public sealed class FoldShare
{
    readonly Dictionary<Type, object> parts = [];

    public T Get<T>() where T : class, new()
    {
        if (!parts.TryGetValue(typeof(T), out var part))
            parts.Add(typeof(T), part = new T());
        return (T)part;
    }
}

/// <summary>Something a replay feeds.</summary>
public interface IEventFold
{
    /// <summary>Columns of the event beyond stream, version, type, timestamp and seq_id that the fold reads.</summary>
    FoldColumns Columns { get; }

    /// <summary>False for a view that sums up another one's table: it is then not fed at all.</summary>
    bool ReadsEvents => true;

    /// <summary>Whose data it reads, where it reads data at all: of other events it is given none.</summary>
    TypeFilter DataOf => TypeFilter.All;

    void Apply(in FoldedEvent e);
}

/// <summary>A replay of one view in memory.</summary>
public interface IViewFold : IEventFold
{
    /// <summary>
    /// Binary COPY of all rows into the view's empty tables, their names with <paramref name="suffix"/>. May be called again after further events.
    /// </summary>
    Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct);
}

[Flags]
public enum FoldColumns { None = 0, Id = 1, Data = 2, Headers = 4, Causation = 8 }

/// <summary>An event during a replay. The spans are only valid during the call.</summary>
public readonly ref struct FoldedEvent
{
    public required long SeqId { get; init; }
    public required Guid Id { get; init; }
    public required Guid Stream { get; init; }
    public required long Version { get; init; }
    /// <summary>UTF-8.</summary>
    public required ReadOnlySpan<byte> Type { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required ReadOnlySpan<byte> Data { get; init; }
    public required ReadOnlySpan<byte> Headers { get; init; }
    /// <summary>UTF-8; empty when there is none.</summary>
    public ReadOnlySpan<byte> Causation { get; init; }
}

/// <summary>A view written in the writer's own transaction: visible with the command's answer.</summary>
public abstract class InlineView : View
{
    /// <summary>
    /// Adds statements for the accepted appends (their version checks have passed), sorted by stream id.
    /// Runs before the append lock is taken: touch only rows that belong to these streams, in the given order.
    /// </summary>
    public abstract void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch);

    /// <summary>Adds statements that touch rows shared by streams (counters); runs under the append lock, so keep it short.</summary>
    public virtual void WriteShared(IReadOnlyList<Append> accepted, NpgsqlBatch batch) { }
}

/// <summary>A view that follows the log with a checkpoint, at least once and in order, owned by one process at a time.</summary>
public abstract class FollowedView : View
{
    /// <summary>Applies a page inside the transaction that also moves the checkpoint.</summary>
    public abstract Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct);
}
