using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.Access;

/// <summary>A session that has begun.</summary>
/// <param name="Text">For the browser alone; only its hash is kept.</param>
public sealed record StartedSession(Guid Id, string Text, DateTimeOffset Until);

/// <summary>Begins and ends browsers' sessions. An end holds on every node within one second.</summary>
public sealed class Sessions(EventStore store, MasterKeys masters, Callers callers, SessionRules rules, TimeProvider time)
{
    /// <param name="person">Who has signed in.</param>
    /// <param name="by">Who that is to events: the beginning is their own doing.</param>
    /// <param name="providerSession">As <see cref="ProviderSessionOf"/> makes it.</param>
    public Task<StartedSession> Start(Guid person, Actor by, Guid? providerSession, IReadOnlyList<string> factors, string? correlation, CancellationToken ct) =>
        Start((person, null), by, providerSession, factors, correlation, ct);

    /// <summary>A customer has shown that an address is theirs.</summary>
    public Task<StartedSession> StartOf(CustomerId customer, IReadOnlyList<string> factors, string? correlation, CancellationToken ct) =>
        Start((null, customer.Value), new Actor(customer.Value.ToString(), Role.Customer), null, factors, correlation, ct);

    async Task<StartedSession> Start((Guid? Person, Guid? Customer) who, Actor by, Guid? providerSession, IReadOnlyList<string> factors, string? correlation, CancellationToken ct)
    {
        var text = SessionText.Create();
        SessionText.TryHash(text, out var hash);
        var now = time.Now();
        var id = Guid.CreateVersion7(now);
        var started = new SessionStarted(who.Person, Convert.ToBase64String(hash.ToArray()), providerSession, factors, now + rules.Longest, who.Customer);
        await Append(
            ChainEnd.Start(id, SessionJson.StreamType), now, by, correlation, new SessionChange(started),
            SessionJson.Started, typeof(SessionStarted), JsonSerializer.SerializeToUtf8Bytes(started, SessionJson.Default.SessionStarted), ct);
        return new(id, text, started.Until);
    }

    const string EndSql = "select version, digest from sign_in_session where id = $1 and ended is null";

    /// <summary>Ending twice is harmless.</summary>
    public async Task End(Guid id, string why, Actor by, string? correlation, CancellationToken ct)
    {
        ChainEnd? end = null;
        await using (var command = store.DataSource.CreateCommand(EndSql))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            await using var row = await command.ExecuteReaderAsync(ct);
            if (await row.ReadAsync(ct))
                end = new(id, row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        }
        if (end is not null)
            // A conflict means that another node ended it in the same moment.
            await Append(
                end, time.Now(), by, correlation, new SessionChange(null), SessionJson.Ended, typeof(SessionEnded),
                JsonSerializer.SerializeToUtf8Bytes(new SessionEnded(why), SessionJson.Default.SessionEnded), ct);
        callers.Doubt(id);
    }

    const string OfProviderSql = "select id from sign_in_session where provider_session = $1 and ended is null order by id";

    /// <summary>Ends what began with one session of the sign-in provider, in however many browsers.</summary>
    public async Task EndOfProvider(Guid providerSession, Actor by, string? correlation, CancellationToken ct)
    {
        List<Guid> ids = [];
        await using (var command = store.DataSource.CreateCommand(OfProviderSql))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = providerSession });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                ids.Add(row.GetGuid(0));
        }
        foreach (var id in ids)
            await End(id, "provider", by, correlation, ct);
    }

    /// <summary>The pseudonym of a session at the sign-in provider.</summary>
    public Guid ProviderSessionOf(string issuer, string sid) => masters.Pseudonym("provider-session", $"{issuer}\n{sid}");

    Task Append(
        ChainEnd end, DateTimeOffset now, Actor by, string? correlation, SessionChange change, string type, Type dotnetType, byte[] data, CancellationToken ct)
    {
        var draft = new EventDraft(Guid.CreateVersion7(now), type, SessionJson.DotnetType(dotnetType), data, new EventMeta(by, now, now).ToHeaders());
        return store.Append(
            new Append
            {
                Stream = end.Stream, StreamType = SessionJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = correlation,
                UserName = by.Id, Events = EventChain.Link(end, new Recording(now, correlation, null, by.Id), [draft]), Change = change,
            }, ct).AsTask();
    }
}
