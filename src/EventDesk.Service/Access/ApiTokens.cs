using System.Collections.Concurrent;
using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>Issues, revokes and recognises tokens. A revocation holds on every node within one second.</summary>
/// <param name="pseudonym">The id under which a customer is known by an address.</param>
public sealed class ApiTokens(EventStore store, Func<string, CustomerId> pseudonym, TimeProvider time)
{
    static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(1), RefreshFrom = TimeSpan.FromMilliseconds(500);

    readonly ConcurrentDictionary<TokenHash, Known> known = new();

    /// <summary>Who holds this token; null when it is unknown, expired or revoked.</summary>
    /// <remarks>Looks into the database at most once a second for a token in steady use, and mostly beside the request.</remarks>
    public ValueTask<Caller?> Find(TokenHash hash, CancellationToken ct)
    {
        if (!known.TryGetValue(hash, out var entry) || time.GetElapsedTime(entry.Asked) is var age && age >= LongestTrust)
            return new(Load(hash, ct));
        if (age >= RefreshFrom && entry.TryRefresh())
            _ = Refresh(hash);
        return new(Valid(entry.Caller));
    }

    const string HoldsSql = "select exists (select from api_token where id = $1 and revoked_at is null and expires > $2)";

    /// <summary>Whether it still opens something, asked of the database at this moment: for what is open longer than a request.</summary>
    public async Task<bool> StillHolds(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(HoldsSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>True when a request with this token needs no look into the database.</summary>
    public bool IsAtHand(TokenHash hash) => known.TryGetValue(hash, out var entry) && time.GetElapsedTime(entry.Asked) < LongestTrust;

    /// <exception cref="ArgumentException">A customer's token without an address.</exception>
    public async Task<IssuedToken> Issue(NewToken wanted, Actor by, string? correlation, CancellationToken ct)
    {
        if (wanted.Roles.Contains(Role.Customer) && wanted.CustomerEmail is null)
            throw new ArgumentException("A customer's token needs the customer's address.", nameof(wanted));
        var text = TokenText.Create();
        TokenText.TryHash(text, out var hash);
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.Now());
        var issued = new ApiTokenIssued(
            wanted.Name, Convert.ToBase64String(hash.ToArray()), [.. wanted.Roles.Distinct().Order().Select(Word)],
            wanted.Desks is { Count: > 0 } desks ? [.. desks.Distinct().Order(StringComparer.Ordinal)] : null,
            wanted.Lines is { Count: > 0 } lines ? [.. lines.Distinct().Order().Select(Word)] : null,
            wanted.CustomerEmail is { } email ? pseudonym(email).Value : null, now + wanted.Life);
        await Append(
            ChainEnd.Start(id, TokenJson.StreamType), now, correlation, by, new TokenChange(issued, by.Id),
            TokenJson.Issued, TokenJson.IssuedClass, JsonSerializer.SerializeToUtf8Bytes(issued, TokenJson.Default.ApiTokenIssued), ct);
        var token = new ApiToken(
            id, issued.Name, [.. wanted.Roles.Distinct().Order()], issued.Desks, wanted.Lines is { Count: > 0 } ? [.. wanted.Lines.Distinct().Order()] : null,
            issued.Customer, now, by.Id, issued.Expires, null);
        return new(token, text);
    }

    /// <summary>False when there is no such token. Revoking twice is harmless.</summary>
    public async Task<bool> Revoke(Guid id, Actor by, string? correlation, CancellationToken ct)
    {
        if (await End(id, ct) is not { } found)
            return false;
        if (found.End.Version == 1)
            await Append(found.End, time.Now(), correlation, by, new TokenChange(null, by.Id), TokenJson.Revoked, TokenJson.RevokedClass, "{}"u8.ToArray(), ct);
        known.TryRemove(found.Hash, out _);
        return true;
    }

    const string ListSql = """
        select id, name, roles, desks, lines, customer, created, created_by, expires, revoked_at
        from api_token
        where id > $1
        order by id
        limit $2
        """;

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
            tokens.Add(Read(row));
        return tokens;
    }

    const string FindSql = """
        select id, name, roles, desks, lines, customer, created, created_by, expires, revoked_at
        from api_token
        where hash = $1
        """;

    async Task<Caller?> Load(TokenHash hash, CancellationToken ct)
    {
        var asked = time.GetTimestamp();
        await using var command = store.DataSource.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter { Value = hash.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var row = await command.ExecuteReaderAsync(ct);
        var token = await row.ReadAsync(ct) ? Read(row) : null;
        if (token is null or { RevokedAt: not null })
        {
            known.TryRemove(hash, out _);
            return null;
        }
        // The caller is kept over refreshes while the token is the same: its claims are made once.
        var caller = known.TryGetValue(hash, out var before) ? before.Caller : new Caller(token);
        known[hash] = new(caller, asked);
        return Valid(caller);
    }

    async Task Refresh(TokenHash hash)
    {
        try
        {
            await Load(hash, CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or ObjectDisposedException)
        {
            // The next request past the second asks again and reports what it meets.
        }
    }

    Caller? Valid(Caller caller) => caller.Token.Expires > time.GetUtcNow() ? caller : null;

    const string EndSql = """
        select version, digest, hash
        from api_token
        where id = $1
        """;

    async Task<(ChainEnd End, TokenHash Hash)?> End(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(EndSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? (new ChainEnd(id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), TokenHash.Of(row.GetFieldValue<byte[]>(2)))
            : null;
    }

    /// <remarks>A conflict means that another node revoked it at the same moment: that is what was wanted.</remarks>
    async Task Append(
        ChainEnd end, DateTimeOffset now, string? correlation, Actor by, TokenChange change, string type, string dotnetType, byte[] data, CancellationToken ct)
    {
        var headers = new Tickets.EventMeta(by, now, now).ToHeaders();
        var events = EventChain.Link(end, new Recording(now, correlation), [new EventDraft(Guid.CreateVersion7(now), type, dotnetType, data, headers)]);
        await store.Append(
            new Append
            {
                Stream = end.Stream, StreamType = TokenJson.StreamType, ExpectedVersion = end.Version, Events = events, Recorded = now,
                CorrelationId = correlation, Change = change,
            }, ct);
    }

    static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    static ApiToken Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), [.. row.GetFieldValue<string[]>(2).Select(r => Enum.Parse<Role>(r, ignoreCase: true))],
        row.IsDBNull(3) ? null : row.GetFieldValue<string[]>(3),
        row.IsDBNull(4) ? null : [.. row.GetFieldValue<string[]>(4).Select(l => Enum.Parse<SupportLine>(l, ignoreCase: true))],
        row.IsDBNull(5) ? null : row.GetGuid(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetString(7), row.GetFieldValue<DateTimeOffset>(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9));

    sealed class Known(Caller caller, long asked)
    {
        int refreshing;

        public Caller Caller => caller;

        /// <summary>When the database was asked, which is before it answered: trust counts from here.</summary>
        public long Asked => asked;

        public bool TryRefresh() => Interlocked.Exchange(ref refreshing, 1) == 0;
    }
}
