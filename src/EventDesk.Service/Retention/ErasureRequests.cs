using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NpgsqlTypes;

namespace EventDesk.Service.Retention;

/// <summary>Writes down that customers asked to be forgotten. What is done about it, and when, is the rules' business.</summary>
public sealed class ErasureRequests(EventStore store, TimeProvider clock)
{
    /// <summary>How often it is tried anew when somebody asks for the same customer at the same time.</summary>
    const int Attempts = 20;

    const string KnownSql = "select exists (select from ticket where customer = $1)";

    /// <returns>The stream's version; null: no ticket leads to such a customer.</returns>
    public async Task<(long Version, DateTimeOffset At)?> Record(CustomerId customer, Actor by, string? correlation, CancellationToken ct)
    {
        await using (var command = store.DataSource.CreateCommand(KnownSql).Add(NpgsqlDbType.Uuid, customer.Value))
            if (!(bool)(await command.ExecuteScalarAsync(ct))!)
                return null;
        for (var attempt = 1; ; attempt++)
        {
            var now = clock.Now();
            var result = await store.Append(Make(await End(customer.Value, ct), now, by, correlation), ct);
            if (result is AppendResult.Appended a)
                return (a.Version, now);
            if (attempt == Attempts)
                throw new InvalidOperationException($"A customer's stream ended in {result}.");
        }
    }

    static Append Make(ChainEnd end, DateTimeOffset now, Actor by, string? correlation)
    {
        var draft = new EventDraft(
            Guid.CreateVersion7(now), CustomerJson.RequestedAlias, CustomerJson.DotnetType, CustomerJson.Write(new()), new EventMeta(by, now, now).ToHeaders());
        return new Append
        {
            Stream = end.Stream, StreamType = CustomerJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = correlation, UserName = by.Id,
            Events = EventChain.Link(end, new Recording(now, correlation, null, by.Id), [draft]),
        };
    }

    async Task<ChainEnd> End(Guid customer, CancellationToken ct)
    {
        var events = await store.ReadStream(customer, 1, null, ct);
        if (events.Count == 0)
            return ChainEnd.Start(customer, CustomerJson.StreamType);
        var digest = new byte[Digests.Length];
        Digests.TryReadHeader(events[^1].Headers.Span, digest);
        return new ChainEnd(customer, events[^1].Version, digest);
    }
}
