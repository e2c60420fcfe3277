using EventDesk.Domain.People;
using EventDesk.Service.Reporting;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.People;

public sealed partial class PeopleDesk
{
    const string Columns = """
        select p.id, p.version, p.state, p.details, p.details_version, p.created, p.changed, k.master_id, k.wrapped
        from person p left join stream_key k on k.stream_id = p.id

        """;

    const string ByIdSql = Columns + "where p.id = $1";
    const string ByHandleSql = Columns + "where p.handle = $1";
    const string ByUserNameSql = Columns + "where p.user_name = $1";
    const string ByExternalIdSql = Columns + "where p.external_id = $1 order by p.id";
    const string ByEmailSql = Columns + "where p.email = $1 order by p.id";
    const string BySubjectSql = Columns + "where p.subject = $1";
    const string PageSql = Columns + "where p.id > $1 order by p.id limit $2";

    public async Task<PersonEntry?> Find(Guid id, CancellationToken ct) => One(await Query(ByIdSql, ct, (NpgsqlDbType.Uuid, id)));

    public async Task<PersonEntry?> FindByHandle(string handle, CancellationToken ct) => One(await Query(ByHandleSql, ct, (NpgsqlDbType.Text, handle)));

    public async Task<PersonEntry?> FindByUserName(string userName, CancellationToken ct) =>
        One(await Query(ByUserNameSql, ct, (NpgsqlDbType.Uuid, UserNameKey(userName))));

    public Task<IReadOnlyList<PersonEntry>> FindByExternalId(string externalId, CancellationToken ct) =>
        Query(ByExternalIdSql, ct, (NpgsqlDbType.Uuid, ExternalIdKey(externalId)));

    /// <summary>Nothing keeps two people from sharing an address.</summary>
    public Task<IReadOnlyList<PersonEntry>> FindByEmail(string email, CancellationToken ct) => Query(ByEmailSql, ct, (NpgsqlDbType.Uuid, EmailKey(email)));

    /// <param name="subject">As <see cref="SubjectOf"/> makes it.</param>
    public async Task<PersonEntry?> FindBySubject(Guid subject, CancellationToken ct) => One(await Query(BySubjectSql, ct, (NpgsqlDbType.Uuid, subject)));

    /// <summary>In the order they were let in.</summary>
    /// <param name="after">The last one seen; empty: from the first.</param>
    public Task<IReadOnlyList<PersonEntry>> List(Guid after, int limit, CancellationToken ct) => Query(PageSql, ct, (NpgsqlDbType.Uuid, after), (NpgsqlDbType.Integer, limit));

    /// <summary>Everybody. A directory asks by what is sealed here, so all have to be opened; there are never more than work in one house.</summary>
    public Task<IReadOnlyList<PersonEntry>> All(CancellationToken ct) => List(Guid.Empty, int.MaxValue, ct);

    static PersonEntry? One(IReadOnlyList<PersonEntry> found) => found is [var one] ? one : null;

    async Task<IReadOnlyList<PersonEntry>> Query(string sql, CancellationToken ct, params (NpgsqlDbType Type, object Value)[] parameters)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        foreach (var (type, value) in parameters)
            command.Add(type, value);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<PersonEntry> people = [];
        while (await row.ReadAsync(ct))
            people.Add(Entry(row));
        return people;
    }

    PersonEntry Entry(NpgsqlDataReader row)
    {
        var id = row.GetGuid(0);
        var d = PersonJson.ReadDetails(row.GetString(3), row.GetInt64(4), new Tickets.SealScope(id, KeyIn(row, id, 7)));
        return new(
            id, row.GetInt64(1), PersonJson.ReadState(row.GetString(2)),
            new PersonTexts(d.UserName.Text ?? "", d.Name?.Text, d.GivenName?.Text, d.FamilyName?.Text, d.Email?.Text, d.ExternalId?.Text),
            row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6));
    }

    const string HistorySql = """
        select e.stream_id, e.version, e.type, e.data, e.timestamp
        from mt_events e
        where e.stream_id = any(array(select id from person)) and e.timestamp <= $1
        order by e.stream_id, e.version
        """;

    /// <summary>Everybody as they stood at an instant, by what was recorded until then.</summary>
    public async Task<IReadOnlyList<(Guid Id, Person State)>> AsOf(DateTimeOffset at, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(HistorySql).Add(NpgsqlDbType.TimestampTz, at.UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<(Guid Id, Person State)> people = [];
        while (await row.ReadAsync(ct))
        {
            var (id, when) = (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(4));
            if (PersonJson.Read(System.Text.Encoding.ASCII.GetBytes(row.GetString(2)), row.GetFieldValue<byte[]>(3)) is not { } happened)
                continue;
            if (people.Count == 0 || people[^1].Id != id)
                people.Add((id, Person.None));
            people[^1] = (id, Person.Evolve(people[^1].State, happened, when));
        }
        return people;
    }

    /// <summary>What happened to a person, oldest first, and who did it. Names and addresses come out as erased.</summary>
    public async Task<IReadOnlyList<(PersonEvent Happened, Tickets.EventMeta Meta)>> HistoryOf(Guid id, CancellationToken ct)
    {
        List<(PersonEvent, Tickets.EventMeta)> steps = [];
        foreach (var e in await store.ReadStream(id, 1, null, ct))
            if (PersonJson.Read(System.Text.Encoding.ASCII.GetBytes(e.Type), e.Data.Span) is { } happened)
                steps.Add((happened, Tickets.EventMeta.Read(e.Headers.Span, e.Timestamp)));
        return steps;
    }
}
