using System.Runtime.InteropServices;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;

namespace EventDesk.Service.Access.Log;

/// <summary>
/// Writes down who read what and who was kept from it. What happens in one second becomes one event, so reading costs no append. Nothing waits for
/// the event but a reader who finds the room full; a process that is killed loses the last second, one that is stopped loses nothing.
/// </summary>
public sealed class AccessLog(EventStore store, TimeProvider clock) : IDisposable
{
    /// <summary>Different accesses kept in memory at most; whoever brings one more waits until these are stored.</summary>
    const int Room = 1_000;

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Entry(AccessKind Kind, string By, Role? Role, string Operation, Guid? Ticket, string? Why);

    [StructLayout(LayoutKind.Auto)]
    record struct Seen(DateTimeOffset First, DateTimeOffset Last, int Times);

    readonly Lock gate = new();
    readonly SemaphoreSlim one = new(1);
    Dictionary<Entry, Seen> seen = [];
    ChainEnd? end;
    DateOnly day;
    Append? unsettled;

    /// <summary>Somebody saw what is in a ticket.</summary>
    public ValueTask Read(Principal who, Role role, Operation operation, Guid ticket, CancellationToken ct) =>
        role == Role.System ? default : Note(new(AccessKind.Read, who.Id, role, Name(operation), ticket, null), ct);

    /// <summary>Somebody was kept from something.</summary>
    /// <param name="why">A code: role, reach, line, training, …</param>
    public ValueTask Denied(string who, string operation, Guid? ticket, string why, CancellationToken ct) => Note(new(AccessKind.Denied, who, null, operation, ticket, why), ct);

    /// <inheritdoc cref="Denied(string, string, Guid?, string, CancellationToken)"/>
    public ValueTask Denied(Principal who, Operation operation, Guid? ticket, string why, CancellationToken ct) => Denied(who.Id, Name(operation), ticket, why, ct);

    /// <summary>Somebody took data out of the house.</summary>
    /// <param name="ticket">Of one ticket alone; null: of many.</param>
    /// <param name="of">Whose: pseudonym of a customer, or id of a person; null: of nobody in particular.</param>
    public ValueTask Exported(Principal who, Role role, Operation operation, Guid? ticket, CancellationToken ct, Guid? of = null) =>
        Note(new(AccessKind.Exported, who.Id, role, Name(operation), ticket, of is { } subject ? $"subject/{subject}" : null), ct);

    static readonly string[] Names = [.. Enum.GetNames<Operation>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    static string Name(Operation operation) => Names[(int)operation];

    ValueTask Note(Entry entry, CancellationToken ct)
    {
        var now = clock.Now();
        lock (gate)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, entry, out var known);
            slot = known ? slot with { Last = now, Times = slot.Times + 1 } : new(now, now, 1);
            if (seen.Count < Room)
                return default;
        }
        return new(Flush(ct));
    }

    /// <summary>Stores what was seen until now.</summary>
    /// <exception cref="StoreUnavailableException">It is kept and tried again with the next.</exception>
    public async Task Flush(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            // First what may or may not have been stored the last time: sent again as it was, it is stored once.
            if (unsettled is not null)
                await Store(unsettled, ct);
            if (Take() is { } next)
                await Store(unsettled = next, ct);
        }
        finally
        {
            one.Release();
        }
    }

    async Task Store(Append append, CancellationToken ct)
    {
        if (await store.Append(append, ct) is not AppendResult.Appended)
            throw new InvalidOperationException("Nobody else writes to this process's access log.");
        (end, unsettled) = (new ChainEnd(append.Stream, append.NewVersion, append.Events[^1].Digest), null);
    }

    Append? Take()
    {
        Dictionary<Entry, Seen> taken;
        lock (gate)
        {
            if (seen.Count == 0)
                return null;
            (taken, seen) = (seen, []);
        }
        var now = clock.Now();
        if (end is null || DateOnly.FromDateTime(now.UtcDateTime) != day)
            (end, day) = (ChainEnd.Start(Guid.CreateVersion7(now), AccessJson.StreamType), DateOnly.FromDateTime(now.UtcDateTime));
        var entries = taken.Select(t => new Accessed(
            t.Key.Kind, t.Key.By, t.Key.Role is { } role ? JsonNamingPolicy.CamelCase.ConvertName(role.ToString()) : null, t.Key.Operation, t.Key.Ticket,
            t.Value.First, t.Value.Last, t.Value.Times, t.Key.Why)).ToList();
        var recorded = new AccessRecorded(entries);
        var draft = new EventDraft(
            Guid.CreateVersion7(now), AccessJson.Alias, AccessJson.DotnetType, AccessJson.Write(recorded), new EventMeta(Actor.System, now, now).ToHeaders());
        return new Append
        {
            Stream = end.Stream, StreamType = AccessJson.StreamType, ExpectedVersion = end.Version, Recorded = now,
            Events = EventChain.Link(end, new Recording(now), [draft]), Change = recorded,
        };
    }

    public void Dispose() => one.Dispose();
}
