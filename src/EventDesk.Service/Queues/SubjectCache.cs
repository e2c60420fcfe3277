using System.Collections.Concurrent;
using EventDesk.Service.Tickets;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Queues;

/// <summary>
/// Plain subjects of tickets that queues showed lately, in memory only. Bound to the sealed bytes they came from, so a subject that was
/// erased or changed is never shown again; <see cref="Forget"/> drops a purged ticket's at once.
/// </summary>
/// <param name="capacity">Subjects kept at most, a few hundred bytes each.</param>
public sealed class SubjectCache(StreamKeys keys, int capacity = 20_000)
{
    readonly ConcurrentDictionary<Guid, (byte[] Sealed, string? Text)> kept = new();

    /// <summary>The subjects in the order asked; null where there is none or it was erased.</summary>
    public async ValueTask<string?[]> Of(IReadOnlyList<(Guid Ticket, byte[]? Sealed)> wanted, CancellationToken ct)
    {
        var texts = new string?[wanted.Count];
        List<int>? missing = null;
        for (var i = 0; i < texts.Length; i++)
        {
            if (wanted[i].Sealed is not { } bytes) continue;
            if (kept.TryGetValue(wanted[i].Ticket, out var known) && known.Sealed.AsSpan().SequenceEqual(bytes))
                texts[i] = known.Text;
            else
                (missing ??= []).Add(i);
        }
        if (missing is null) return texts;

        var found = await keys.Get(missing.ConvertAll(i => wanted[i].Ticket), ct);
        foreach (var i in missing)
        {
            var (ticket, bytes) = wanted[i];
            texts[i] = found.GetValueOrDefault(ticket)?.UnsealText(bytes!, 1, TicketEntry.SubjectField);
            if (kept.Count >= capacity) kept.Clear();
            kept[ticket] = (bytes!, texts[i]);
        }
        return texts;
    }

    public void Forget(Guid ticket) => kept.TryRemove(ticket, out _);
}
