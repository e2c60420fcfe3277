using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using NodaTime;
using NpgsqlTypes;

namespace EventDesk.Service.Access.Log;

/// <summary>Somebody who could read a ticket at an instant, and why.</summary>
/// <param name="Kind">person, program or customer.</param>
/// <param name="Id">Handle, name of the token, or pseudonym.</param>
/// <param name="Role">The role that opens it.</param>
/// <param name="Desks">The desks the role was held for; null: it is bound to none.</param>
public sealed record CouldRead(string Kind, string Id, Role Role, IReadOnlyList<string>? Desks);

/// <param name="Kind">read, denied, exported, or wrote: an event of the ticket's own.</param>
public sealed record Did(string Kind, string By, string? Role, string Operation, DateTimeOffset First, DateTimeOffset Last, long Times, string? Why);

/// <param name="Day">The UTC day of the question; <paramref name="Did"/> is of that day.</param>
public sealed record TicketReaders(Guid Ticket, DateTimeOffset AsOf, DateOnly Day, IReadOnlyList<CouldRead> Could, IReadOnlyList<Did> Did);

/// <summary>Who could read a ticket on a day, and who did: from people, tokens, rules and the ticket itself as they stood then.</summary>
public sealed class TicketAccess(EventStore store, PeopleDesk people, OrganisationBook organisation, TicketDesk desk, AccessLog log)
{
    const string TokensSql = """
        select hash, id, name, roles, desks, lines, customer, created, created_by, expires, revoked_at, person, subject
        from api_token
        where person is null and created <= $1 and expires > $1 and (revoked_at is null or revoked_at > $1)
        order by created, id
        """;

    const string DidSql = """
        select kind, by_whom, role, operation, min(first), max(last), sum(times), why
        from access_entry
        where ticket = $1 and last >= $2 and first < $3
        group by kind, by_whom, role, operation, why
        order by min(first), by_whom, operation
        """;

    /// <summary>Null when there is no such ticket, it is out of the asker's reach, or it did not exist then.</summary>
    public async Task<TicketReaders?> Of(Guid ticket, DateTimeOffset asOf, Asker who, CancellationToken ct)
    {
        if (await desk.Replay(ticket, who, Operation.ReadAccess, ct, asOf: asOf) is not var (then, events))
            return null;
        await log.Flush(ct);
        var day = new DateTimeOffset(asOf.UtcDateTime.Date, TimeSpan.Zero);
        List<CouldRead> could = [new("customer", then.Ticket.Requester.Value.ToString(), Role.Customer, null)];
        var house = organisation.History.At(Instant.FromDateTimeOffset(asOf));
        foreach (var (_, person) in await people.AsOf(asOf, ct))
            Add("person", person.ToPrincipal(house, asOf), person.Desks);
        foreach (var token in await Tokens(asOf, ct))
            Add("program", token.ToPrincipal(), token.Desks ?? [Person.AllDesks]);
        return new(ticket, asOf, DateOnly.FromDateTime(day.UtcDateTime), could, [.. await Accesses(ticket, day, ct), .. Written(events, day)]);

        void Add(string kind, Principal principal, IReadOnlyList<string> desks)
        {
            // Customers reach their own alone, and whose own this is stands first already.
            if (Policy.Decide(principal, Operation.ReadTicket) is { Role: not Role.Customer } grant && grant.Reach.Covers(then.Scope))
                could.Add(new(kind, principal.Id, grant.Role, grant.Role is Role.Agent or Role.Coordinator ? desks : null));
        }
    }

    async Task<List<ApiToken>> Tokens(DateTimeOffset asOf, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(TokensSql).Add(NpgsqlDbType.TimestampTz, asOf.UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<ApiToken> tokens = [];
        while (await row.ReadAsync(ct))
            tokens.Add(CallerRows.ReadToken(row));
        return tokens;
    }

    async Task<List<Did>> Accesses(Guid ticket, DateTimeOffset day, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(DidSql)
            .Add(NpgsqlDbType.Uuid, ticket).Add(NpgsqlDbType.TimestampTz, day.UtcDateTime).Add(NpgsqlDbType.TimestampTz, day.AddDays(1).UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Did> did = [];
        while (await row.ReadAsync(ct))
            did.Add(new(
                row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetString(7)));
        return did;
    }

    /// <summary>Who writes on a ticket has seen it.</summary>
    static IEnumerable<Did> Written(IReadOnlyList<RecordedEvent> events, DateTimeOffset day) =>
        from e in events
        where e.Meta.Recorded >= day && e.Meta.Recorded < day.AddDays(1) && e.Meta.By.Role != Role.System
        group e.Meta by e.Meta.By into own
        select new Did(
            "wrote", own.Key.Id, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(own.Key.Role.ToString()), "", own.Min(m => m.Recorded), own.Max(m => m.Recorded),
            own.LongCount(), null);
}
