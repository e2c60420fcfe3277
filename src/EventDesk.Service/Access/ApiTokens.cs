using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Service.Access;

/// <summary>Issues and revokes tokens. A revocation holds on every node within one second.</summary>
/// <param name="pseudonym">The id under which a customer is known by an address.</param>
public sealed class ApiTokens(EventStore store, Func<string, CustomerId> pseudonym, Callers callers, TimeProvider time)
{
    /// <summary>So long a repetition is known for one.</summary>
    static readonly TimeSpan RepetitionsKnown = TimeSpan.FromHours(24);

    /// <exception cref="ArgumentException">A customer's token without an address.</exception>
    public async Task<IssuedToken> Issue(NewToken wanted, Actor by, string? correlation, CancellationToken ct) => (await Issue(wanted, by, correlation, null, ct))!;

    /// <param name="key">By which a repetition is known: it is answered with the token it had made, without a text, which nobody has any more.</param>
    /// <returns>Null when the key was used for another request.</returns>
    /// <exception cref="ArgumentException">A customer's token without an address.</exception>
    public async Task<IssuedToken?> Issue(NewToken wanted, Actor by, string? correlation, RequestKey? key, CancellationToken ct)
    {
        if (wanted.Roles.Contains(Role.Customer) && wanted.CustomerEmail is null)
            throw new ArgumentException("A customer's token needs the customer's address.", nameof(wanted));
        var text = wanted.Client is null ? TokenText.Create() : null;
        if (!TokenText.TryHash(text, out var hash))
            hash = TokenHash.OfClient(wanted.Client!.Issuer, wanted.Client.Subject);
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.Now());
        var issued = new ApiTokenIssued(
            wanted.Name, Convert.ToBase64String(hash.ToArray()), [.. wanted.Roles.Distinct().Order().Select(Word)],
            wanted.Desks is { Count: > 0 } desks ? [.. desks.Distinct().Order(StringComparer.Ordinal)] : null,
            wanted.Lines is { Count: > 0 } lines ? [.. lines.Distinct().Order().Select(Word)] : null,
            wanted.CustomerEmail is { } email ? pseudonym(email).Value : null, now + wanted.Life, wanted.Person, wanted.Client?.Subject);
        var once = key is null ? null : new Idempotency(key.Key, key.Request, id.ToByteArray(), now + RepetitionsKnown);
        var result = await Append(
            ChainEnd.Start(id, TokenJson.StreamType), now, correlation, by, new TokenChange(issued, by.Id),
            TokenJson.Issued, TokenJson.IssuedClass, JsonSerializer.SerializeToUtf8Bytes(issued, TokenJson.Default.ApiTokenIssued), once, ct);
        if (result is AppendResult.Repeated before)
            return before.Request.Span.SequenceEqual(key!.Request.Span) ? new((await Find(new Guid(before.Reply.Span), ct))!, null) : null;
        var token = new ApiToken(
            id, issued.Name, [.. wanted.Roles.Distinct().Order()], issued.Desks, wanted.Lines is { Count: > 0 } ? [.. wanted.Lines.Distinct().Order()] : null,
            issued.Customer, now, by.Id, issued.Expires, null, issued.Person, issued.Subject);
        return new(token, text);
    }

    /// <summary>False when there is no such token. Revoking twice is harmless.</summary>
    public async Task<bool> Revoke(Guid id, Actor by, string? correlation, CancellationToken ct)
    {
        if (await End(id, ct) is not { } end)
            return false;
        if (end.Version == 1)
            await Append(end, time.Now(), correlation, by, new TokenChange(null, by.Id), TokenJson.Revoked, TokenJson.RevokedClass, "{}"u8.ToArray(), null, ct);
        callers.Doubt(id);
        return true;
    }

    const string Columns = "select hash, id, name, roles, desks, lines, customer, created, created_by, expires, revoked_at, person, subject from api_token";
    const string FindSql = $"{Columns} where id = $1";
    const string ListSql = $"{Columns} where id > $1 order by id limit $2";

    async Task<ApiToken?> Find(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? CallerRows.ReadToken(row) : null;
    }

    /// <summary>In the order they were made.</summary>
    /// <param name="after">The last one seen; empty: from the first.</param>
    public async Task<IReadOnlyList<ApiToken>> List(Guid after, int limit, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(ListSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var row = await command.ExecuteReaderAsync(ct);
        List<ApiToken> tokens = [];
        while (await row.ReadAsync(ct))
            tokens.Add(CallerRows.ReadToken(row));
        return tokens;
    }

    const string EndSql = """
        select version, digest
        from api_token
        where id = $1
        """;

    async Task<ChainEnd?> End(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(EndSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new ChainEnd(id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <remarks>A conflict means that another node revoked it at the same moment: that is what was wanted.</remarks>
    async Task<AppendResult> Append(
        ChainEnd end, DateTimeOffset now, string? correlation, Actor by, TokenChange change, string type, string dotnetType, byte[] data, Idempotency? once, CancellationToken ct)
    {
        var headers = new EventMeta(by, now, now).ToHeaders();
        var events = EventChain.Link(end, new Recording(now, correlation), [new EventDraft(Guid.CreateVersion7(now), type, dotnetType, data, headers)]);
        return await store.Append(
            new Append
            {
                Stream = end.Stream, StreamType = TokenJson.StreamType, ExpectedVersion = end.Version, Events = events, Recorded = now,
                CorrelationId = correlation, Change = change, Idempotency = once,
            }, ct);
    }

    static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
