namespace EventDesk.Store.Following;

/// <summary>
/// Background work cut into shares, each owned by one process at a time and spread evenly over all processes: none stands by cold, and what a dead
/// process held is taken over by those that are at work already.
/// </summary>
/// <remarks>For the one loop that does the work; not for several threads at once.</remarks>
public sealed class Shares : ILeased
{
    readonly Leases leases;
    readonly string[] names;
    readonly Lease member;
    readonly Dictionary<int, Lease> held = [];
    long? looked;

    Shares(Leases leases, string[] names, Lease member) => (this.leases, this.names, this.member) = (leases, names, member);

    /// <inheritdoc/>
    public CancellationToken Lost => member.Lost;

    /// <summary>The shares that are ours, from 0.</summary>
    public IReadOnlyCollection<int> Held => held.Keys;

    internal static async Task<Shares> Join(Leases leases, string name, int count, CancellationToken ct)
    {
        var joined = await leases.Acquire(name, shared: true, ct);
        return new(leases, [.. Enumerable.Range(0, count).Select(i => $"{name} {i}")], joined);
    }

    /// <summary>
    /// Takes what is free and gives up what is more than another process has, twice a second at most: a process that came is given its part, and the
    /// part of one that died is taken over.
    /// </summary>
    public async Task Balance(CancellationToken ct)
    {
        if (looked is { } at && leases.Time.GetElapsedTime(at) < Leases.Beat)
            return;
        looked = leases.Time.GetTimestamp();
        // Each takes part with the member's lease, so that one who holds no share yet is counted with none.
        var (_, others) = await leases.Holders([member.Name, .. names], ct);
        var poorest = others.Count == 0 ? int.MaxValue : others.Min() - 1;
        var free = names.Length - held.Count - others.Sum(o => o - 1);
        while (held.Count - 1 > poorest)
        {
            var (share, lease) = held.First();
            held.Remove(share);
            await lease.DisposeAsync();
            poorest++; // for it is the one who takes it
        }
        for (var share = 0; share < names.Length && free > 0 && held.Count <= poorest; share++)
            if (!held.ContainsKey(share) && await leases.TryAcquire(names[share], ct) is { } lease)
            {
                held.Add(share, lease);
                free--;
            }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lease in held.Values)
            await lease.DisposeAsync();
        held.Clear();
        await member.DisposeAsync();
    }
}
