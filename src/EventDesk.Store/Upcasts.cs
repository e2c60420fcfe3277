using System.Text;

namespace EventDesk.Store;

/// <summary>A shape in which events were once stored, and how it becomes the one that came after it.</summary>
/// <param name="Type">The alias of old; nothing new is ever stored under it.</param>
/// <param name="Next">The alias of what it becomes.</param>
/// <param name="Data">Its JSON in the next shape; sealed values are carried over as they stand.</param>
public sealed record Upcast(string Type, string Next, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Data);

/// <summary>
/// Old shapes become present ones where events are read, so that nobody behind the store knows them: not decisions, not views, not their rebuilding. What is
/// stored stays as it is, and digests are made over that.
/// </summary>
public sealed class Upcasts(params IReadOnlyList<Upcast> all)
{
    readonly Dictionary<string, Upcast> byType = all.ToDictionary(u => u.Type);

    public static Upcasts None { get; } = new();

    /// <summary>The event as it would be stored today; itself when that is how it stands.</summary>
    public StoredEvent Lift(StoredEvent stored)
    {
        if (!byType.ContainsKey(stored.Type))
            return stored;
        var (type, data) = Lift(stored.Type, stored.Data);
        return stored with { Type = type, Data = data, Old = (stored.Type, stored.Data) };
    }

    /// <summary>The same for an event in a replay; its data may have been left out.</summary>
    internal FoldedEvent Lift(FoldedEvent stored)
    {
        if (byType.Count == 0 || !byType.ContainsKey(Encoding.UTF8.GetString(stored.Type)))
            return stored;
        var (type, data) = Lift(Encoding.UTF8.GetString(stored.Type), stored.Data.ToArray());
        return stored with { Type = Encoding.UTF8.GetBytes(type), Data = data.Span };
    }

    (string Type, ReadOnlyMemory<byte> Data) Lift(string type, ReadOnlyMemory<byte> data)
    {
        while (byType.TryGetValue(type, out var step))
            (type, data) = (step.Next, data.IsEmpty ? data : step.Data(data));
        return (type, data);
    }

    /// <summary>These types as they are found in the log: with all the names they were stored under.</summary>
    public IEnumerable<string> Stored(IEnumerable<string> types)
    {
        var present = types.ToHashSet();
        return present.Concat(byType.Keys.Where(old => present.Contains(Present(old))));
    }

    string Present(string type)
    {
        while (byType.TryGetValue(type, out var step))
            type = step.Next;
        return type;
    }
}
