using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;
using EventDesk.Service.People;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>What credentials open, read in one round trip for any number of them. The rules of standing are here and nowhere else.</summary>
/// <param name="idle">A session nobody used for so long is over.</param>
sealed class CallerRows(EventStore store, TimeSpan idle)
{
    const string TokensSql = """
        select t.hash, t.id, t.name, t.roles, t.desks, t.lines, t.customer, t.created, t.created_by, t.expires, t.revoked_at, t.person, t.subject, p.version, p.state
        from api_token t left join person p on p.id = t.person
        where t.hash = any($1)
        """;

    const string SessionsSql = """
        select s.hash, s.id, s.person, s.started, s.until, s.ended is not null, coalesce(x.seen, s.started), p.version, p.state, s.customer
        from sign_in_session s left join person p on p.id = s.person left join session_seen x on x.session = s.id
        where s.hash = any($1) and (p.id is not null or s.customer is not null)
        """;

    const string SubjectsSql = "select p.subject, p.id, p.version, p.state from person p where p.subject = any($1)";

    sealed record KnownPerson(Guid Id, long Version, Person State);

    sealed record KnownSession(Guid Id, KnownPerson? Person, Guid? Customer, DateTimeOffset Started, DateTimeOffset Until, bool Ended, DateTimeOffset Seen);

    /// <summary>The rows behind some credentials.</summary>
    sealed class Found
    {
        public Dictionary<TokenHash, (ApiToken Token, KnownPerson? Person)> Tokens { get; } = [];
        public Dictionary<TokenHash, KnownSession> Sessions { get; } = [];
        public Dictionary<Guid, KnownPerson> Subjects { get; } = [];
    }

    /// <param name="asked">Each with the instant this process last saw it used.</param>
    /// <returns>The standings of those that open something.</returns>
    public async Task<Dictionary<TokenHash, Standing>> Read(
        IReadOnlyList<(Credential Credential, DateTimeOffset Used)> asked, SupportOrganisation organisation, DateTimeOffset now, CancellationToken ct)
    {
        var found = await Fetch([.. asked.Select(a => a.Credential)], ct);
        Dictionary<TokenHash, Standing> standings = new(asked.Count);
        foreach (var (credential, used) in asked)
            if (Of(credential, used) is { } standing && standing.Until > now)
                standings[credential.Key] = standing;
        return standings;

        Standing? Of(Credential c, DateTimeOffset used) => c.Kind switch
        {
            CredentialKind.Token => found.Tokens.TryGetValue(c.Key, out var t) ? OfToken(t.Token, t.Person, c.Kind, organisation, now) : null,
            CredentialKind.Session => found.Sessions.TryGetValue(c.Key, out var s) ? OfSession(s, used, organisation, now) : null,
            _ => found.Subjects.TryGetValue(c.Subject, out var p) ? OfPerson(p, c.Kind, p.Id, c.IssuedAt, c.Expires, organisation, now)
                : found.Tokens.TryGetValue(c.Client, out var t) && OfToken(t.Token, t.Person, c.Kind, organisation, now) is { } client
                    ? client with { Until = Min(client.Until, c.Expires) } : null,
        };
    }

    async Task<Found> Fetch(IReadOnlyList<Credential> credentials, CancellationToken ct)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Ask(TokensSql, Hashes(credentials, c => c.Kind == CredentialKind.Token ? c.Key : c.Kind == CredentialKind.Signed ? c.Client : null), NpgsqlDbType.Bytea),
                Ask(SessionsSql, Hashes(credentials, c => c.Kind == CredentialKind.Session ? c.Key : null), NpgsqlDbType.Bytea),
                Ask(SubjectsSql, credentials.Where(c => c.Kind == CredentialKind.Signed).Select(c => c.Subject).ToArray(), NpgsqlDbType.Uuid),
            },
        };
        await using var row = await batch.ExecuteReaderAsync(ct);
        var found = new Found();
        while (await row.ReadAsync(ct))
            found.Tokens[Hash(row)] = (ReadToken(row), row.IsDBNull(11) || row.IsDBNull(13) ? null : new(row.GetGuid(11), row.GetInt64(13), PersonJson.ReadState(row.GetString(14))));
        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
            found.Sessions[Hash(row)] = new(
                row.GetGuid(1), row.IsDBNull(7) ? null : new(row.GetGuid(2), row.GetInt64(7), PersonJson.ReadState(row.GetString(8))), row.IsDBNull(9) ? null : row.GetGuid(9),
                row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetBoolean(5), row.GetFieldValue<DateTimeOffset>(6));
        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
            found.Subjects[row.GetGuid(0)] = new(row.GetGuid(1), row.GetInt64(2), PersonJson.ReadState(row.GetString(3)));
        return found;
    }

    static Standing? OfToken(ApiToken token, KnownPerson? person, CredentialKind kind, SupportOrganisation organisation, DateTimeOffset now) =>
        token.RevokedAt is not null ? null
        : token.Person is null ? new Standing(kind, token.Id, null, 0, token.ToPrincipal(), token.Expires)
        : person is not null && OfPerson(person, kind, token.Id, token.Created, token.Expires, organisation, now) is { } standing
            ? standing with { Principal = token.Narrow(standing.Principal) } : null;

    Standing? OfSession(KnownSession s, DateTimeOffset used, SupportOrganisation organisation, DateTimeOffset now)
    {
        var until = Min(s.Until, Max(s.Seen, used) + idle);
        return s.Ended ? null
            : s.Person is { } person ? OfPerson(person, CredentialKind.Session, s.Id, s.Started, until, organisation, now)
            : s.Customer is { } customer ? new Standing(CredentialKind.Session, s.Id, null, 0, CustomerOf(customer), until)
            : null;
    }

    /// <summary>A customer is known to events by the pseudonym, and reaches what is their own.</summary>
    static Principal CustomerOf(Guid id) => new(id.ToString(), new HashSet<Role> { Role.Customer }, Customer: new CustomerId(id));

    /// <summary>Whoever is gone opens nothing, and what was made before they were last sent away stays shut when they come back.</summary>
    static Standing? OfPerson(KnownPerson p, CredentialKind kind, Guid id, DateTimeOffset made, DateTimeOffset until, SupportOrganisation organisation, DateTimeOffset now) =>
        !p.State.Active || made <= p.State.CredentialsEndedAt ? null
        : new Standing(kind, id, p.Id, p.Version, p.State.ToPrincipal(organisation, now), p.State.NextExpiry(now) is { } expiry ? Min(until, expiry) : until);

    static byte[][] Hashes(IReadOnlyList<Credential> credentials, Func<Credential, TokenHash?> hash) =>
        [.. credentials.Select(hash).OfType<TokenHash>().Select(h => h.ToArray())];

    static NpgsqlBatchCommand Ask<T>(string sql, T[] values, NpgsqlDbType type) =>
        new(sql) { Parameters = { new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type } } };

    static TokenHash Hash(NpgsqlDataReader row) => TokenHash.Of(row.GetFieldValue<byte[]>(0));

    static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    internal static ApiToken ReadToken(NpgsqlDataReader row) => new(
        row.GetGuid(1), row.GetString(2), [.. row.GetFieldValue<string[]>(3).Select(r => Enum.Parse<Role>(r, ignoreCase: true))],
        row.IsDBNull(4) ? null : row.GetFieldValue<string[]>(4),
        row.IsDBNull(5) ? null : [.. row.GetFieldValue<string[]>(5).Select(l => Enum.Parse<SupportLine>(l, ignoreCase: true))],
        row.IsDBNull(6) ? null : row.GetGuid(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9),
        row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        row.IsDBNull(11) ? null : row.GetGuid(11), row.IsDBNull(12) ? null : row.GetString(12));
}
