using EventDesk.Domain;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Subjects;

/// <summary>Finds what the tables hold on a person.</summary>
static class HeldRows
{
    const string TicketsSql = "select id, version from ticket where customer = $1 order by opened_at, id";

    /// <summary>The customer's tickets, oldest first, each with its present version.</summary>
    public static Task<List<(Guid Id, long Version)>> TicketsOf(this EventStore store, CustomerId customer, CancellationToken ct) =>
        store.Rows(TicketsSql, row => (row.GetGuid(0), row.GetInt64(1)), ct, (NpgsqlDbType.Uuid, customer.Value));

    const string AccessSql = """
        select kind, by_whom, role, operation, ticket, min(first), max(last), sum(times)::bigint
        from access_entry

        """;

    const string AccessTail = """

        group by kind, by_whom, role, operation, ticket
        order by min(first), by_whom, operation, ticket
        """;

    const string AccessToSql = AccessSql + "where ticket = any($1)" + AccessTail;

    /// <summary>Who read these tickets, took them out, or was kept from them.</summary>
    public static Task<List<HeldAccess>> AccessTo(this EventStore store, IReadOnlyList<Guid> tickets, CancellationToken ct) =>
        store.Rows(AccessToSql, Access, ct, (NpgsqlDbType.Array | NpgsqlDbType.Uuid, tickets.ToArray()));

    const string AccessBySql = AccessSql + "where by_whom = $1" + AccessTail;

    /// <summary>What somebody looked at; by a walk over all entries, for a question that is rare.</summary>
    public static Task<List<HeldAccess>> AccessBy(this EventStore store, string handle, CancellationToken ct) =>
        store.Rows(AccessBySql, Access, ct, (NpgsqlDbType.Text, handle));

    static HeldAccess Access(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetGuid(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetInt64(7));

    const string ContactsSql = "select incident, channel, at from incident_contact where customer = $1 order by at, incident";

    public static Task<List<HeldContact>> ContactsOf(this EventStore store, CustomerId customer, CancellationToken ct) =>
        store.Rows(ContactsSql, row => new HeldContact(row.GetGuid(0), row.GetInt16(1), row.GetFieldValue<DateTimeOffset>(2)), ct, (NpgsqlDbType.Uuid, customer.Value));

    const string TokensSql = "select id, name, roles, created, expires, revoked_at from api_token where customer = $1 or person = $1 order by created, id";

    /// <param name="subject">Pseudonym of a customer, or id of a person.</param>
    public static Task<List<HeldToken>> TokensOf(this EventStore store, Guid subject, CancellationToken ct) =>
        store.Rows(TokensSql, row => new HeldToken(
            row.GetGuid(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), Time(row, 5)), ct,
            (NpgsqlDbType.Uuid, subject));

    const string SessionsSql = """
        select s.id, s.started, s.until, s.ended, n.seen
        from sign_in_session s left join session_seen n on n.session = s.id
        where s.person = $1 or s.customer = $1
        order by s.started, s.id
        """;

    /// <inheritdoc cref="TokensOf"/>
    public static Task<List<HeldSession>> SessionsOf(this EventStore store, Guid subject, CancellationToken ct) =>
        store.Rows(SessionsSql, row => new HeldSession(
            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), Time(row, 3), Time(row, 4)), ct, (NpgsqlDbType.Uuid, subject));

    static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    public static async Task<List<T>> Rows<T>(
        this EventStore store, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params (NpgsqlDbType Type, object Value)[] parameters)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        foreach (var (type, value) in parameters)
            command.Add(type, value);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        while (await row.ReadAsync(ct))
            rows.Add(read(row));
        return rows;
    }
}
