using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Subjects;

/// <summary>One kind of data that is held on a customer.</summary>
/// <param name="Code">Names it for those who say it in another language; <paramref name="Kind"/> and <paramref name="Note"/> are English.</param>
/// <param name="Where">Table, or what else holds it.</param>
/// <param name="Count">Rows; null: it cannot be counted from here.</param>
/// <param name="Bytes">As stored, before compression by the database; null: not counted.</param>
/// <param name="Until">When the last of it goes by itself; null: with its ticket, or as <paramref name="Note"/> says.</param>
public sealed record Holding(string Code, string Kind, string Where, long? Count, long? Bytes, DateTimeOffset? Until, string Note);

/// <summary>The state of a ticket's data key.</summary>
/// <param name="MasterKey">The master key that wraps it; null: there is no key.</param>
/// <param name="Destroyed">Earlier keys of the ticket, destroyed by erasures.</param>
/// <param name="Pending">Earlier keys that are still to be destroyed.</param>
public sealed record HeldKey(int? MasterKey, int Destroyed, int Pending)
{
    /// <summary>live, or none: nothing was sealed.</summary>
    public string State => MasterKey is null ? "none" : "live";
}

/// <summary>What is held of one ticket.</summary>
/// <param name="Until">When a retention rule will take it; null: none will.</param>
public sealed record HeldStream(
    Guid Ticket, long Number, Status Status, bool LegalHold, DateTimeOffset OpenedAt, long Events, long Bytes, int Hidden, DateTimeOffset? Until, RuleRef? Rule, HeldKey Key);

public sealed record PrivacyBudget(Guid Customer, DateTimeOffset AsOf, string? Contract, IReadOnlyList<Holding> Holdings, IReadOnlyList<HeldStream> Tickets);

/// <summary>When a retention rule will take a ticket.</summary>
public sealed record RetentionForecast(DateTimeOffset Until, RuleRef Rule);

/// <summary>Says when retention rules take tickets.</summary>
public interface IRetentionForecasts
{
    /// <summary>Those of the tickets that a rule in force will take if nothing more happens.</summary>
    Task<IReadOnlyDictionary<Guid, RetentionForecast>> Of(IReadOnlyList<Guid> tickets, CancellationToken ct);
}

/// <summary>What is held on a customer, where, until when, under which key. Counts and sizes; not one text is opened.</summary>
public sealed class PrivacyBudgets(EventStore store, OrganisationBook organisation, TimeProvider clock, IRetentionForecasts retention)
{
    const string WithTicket = "Goes with its ticket.", OfTicket = " where ticket = any($1)";

    /// <summary>$1: the tickets; $2: the same as bytes, as replies keep them.</summary>
    static readonly (string Code, string Kind, string Where, string Sql, string Note)[] OnTickets =
    [
        ("events", "events", "mt_events", "select count(*), sum(pg_column_size(data) + pg_column_size(headers)), null from mt_events where stream_id = any($1)",
            "Texts are sealed. A purge takes the sealed bytes out and leaves what happened, when, and digests."),
        ("attachments", "attachments", "attachment, attachment_piece",
            "select count(distinct a.id), sum(length(p.bytes)), null from attachment a left join attachment_piece p on p.attachment = a.id where a.ticket = any($1)", "Sealed. " + WithTicket),
        ("state", "ticket state", "ticket", "select count(*), sum(pg_column_size(t)), null from ticket t where id = any($1)", "The subject is sealed. A purge takes the subject and whose it was."),
        ("words", "words to search by", "search_entry", "select count(*), sum(pg_column_size(marks)), null from search_entry where number in (select number from ticket where id = any($1))",
            "Hashes of words under a secret; no text. Follow what the ticket shows, and go with a purge."),
        ("keys", "data keys", "stream_key", "select count(*), sum(length(wrapped)), null from stream_key where stream_id = any($1)", "Wrapped by a master key outside the database. Destroyed by a purge."),
        ("replies", "replies kept for repeated requests", "idempotency",
            "select count(*), sum(length(key) + length(request) + length(reply)), max(expires) from idempotency where substring(reply from 1 for 16) = any($2)", "Hashes of requests; no text."),
        ("notices", "notices to be sent", "outbox", "select count(*), null, null from outbox where id in (select id from mt_events where stream_id = any($1))", "No text and no address. " + WithTicket),
        ("imports", "bookkeeping of imports", "import_case", "select count(*), sum(pg_column_size(i)), null from import_case i where stream_id = any($1)",
            "The case's name in its source, so that a repeated import adds nothing."),
        ("looks", "who looked", "access_entry", "select count(*), sum(pg_column_size(a)), null from access_entry a" + OfTicket, "Who, when and what they asked for; stays, as proof of who had access."),
        ("clocks", "response clocks", "sla_clock", "select count(*), sum(pg_column_size(c)), null from sla_clock c" + OfTicket, "No text. Stays for statistics, without whose it was."),
        ("statistics", "statistics", "ticket_fact, ticket_cycle, ticket_span",
            "select count(*), sum(size), null from (select ticket, pg_column_size(f) size from ticket_fact f union all select ticket, pg_column_size(c) from ticket_cycle c union all select ticket, pg_column_size(s) from ticket_span s) t"
            + OfTicket, "No text. Stays for statistics, without whose it was."),
    ];

    /// <summary>$1: the customer.</summary>
    static readonly (string Code, string Kind, string Where, string Sql, string Note)[] OnCustomer =
    [
        ("tokens", "tokens", "api_token", "select count(*), sum(pg_column_size(t)), max(expires) from api_token t where customer = $1", "Hashes. Open nothing once expired or revoked."),
        ("sessions", "sessions", "sign_in_session", "select count(*), sum(pg_column_size(s)), max(until) from sign_in_session s where customer = $1", "Hashes. Open nothing once ended."),
        ("links", "one-time links", "sign_in_link", "select count(*), sum(pg_column_size(l)), max(expires) from sign_in_link l where customer = $1", "Hashes. Open nothing once used or expired."),
        ("incidents", "told of incidents", "incident_contact", "select count(*), sum(pg_column_size(c)), null from incident_contact c where customer = $1", "Pseudonym, way and time."),
        ("retention", "when it is to be forgotten", "ticket_retention, customer_retention",
            "select count(*), sum(size), null from (select customer, pg_column_size(r) size from ticket_retention r union all select customer, pg_column_size(c) from customer_retention c) t where customer = $1",
            "No text: times, and whose it was; a purge takes whose it was."),
    ];

    /// <summary>Every code a holding can have.</summary>
    public static IReadOnlyList<string> Codes => [.. OnTickets.Concat(OnCustomer).Select(h => h.Code), .. Elsewhere.Select(h => h.Code)];

    static readonly Holding[] Elsewhere =
    [
        new("ledger", "the ledger", "ledger_tile, ledger_checkpoint", null, null, null, "Digests of sealed values and of their places; nothing can be read from them. Stays."),
        new("backups", "backups and the write-ahead log", "wherever the operator keeps them", null, null, null,
            "The same, sealed. What was erased since cannot be opened from them: the master key that wrapped its data key is destroyed."),
        new("logs", "logs, traces and metrics", "the collector", null, null, null, "No text, no name, no address; ids of tickets."),
    ];

    public async Task<PrivacyBudget> Of(CustomerId customer, CancellationToken ct)
    {
        var tickets = await Tickets(customer, ct);
        var ids = tickets.Select(t => t.Ticket).ToArray();
        List<Holding> holdings = [];
        foreach (var (code, kind, where, sql, note) in OnTickets)
            holdings.Add(await Count(code, kind, where, note, sql, sql.Contains("$2", StringComparison.Ordinal)
                ? (NpgsqlDbType.Array | NpgsqlDbType.Bytea, Array.ConvertAll(ids, id => id.ToByteArray())) : (NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids), ct));
        foreach (var (code, kind, where, sql, note) in OnCustomer)
            holdings.Add(await Count(code, kind, where, note, sql, (NpgsqlDbType.Uuid, customer.Value), ct));
        return new(customer.Value, clock.Now(), organisation.History.ContractOf(customer, clock.Now()), [.. holdings, .. Elsewhere], tickets);
    }

    async Task<Holding> Count(string code, string kind, string where, string note, string sql, (NpgsqlDbType, object) about, CancellationToken ct) =>
        (await store.Rows(sql.Replace("$2", "$1", StringComparison.Ordinal), row => new Holding(
            code, kind, where, row.GetInt64(0), row.IsDBNull(1) ? null : Convert.ToInt64(row.GetValue(1)), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2), note), ct, about))[0];

    const string TicketsSql = """
        select t.id, t.state, e.events, e.bytes, k.master_id, d.destroyed, d.pending
        from ticket t
          left join stream_key k on k.stream_id = t.id
          cross join lateral (select count(*) events, coalesce(sum(pg_column_size(data) + pg_column_size(headers)), 0) bytes from mt_events where stream_id = t.id) e
          cross join lateral (
            select count(destroyed)::int destroyed, (count(*) - count(destroyed))::int pending
            from erased_stream where stream_id = t.id) d
        where t.customer = $1
        order by t.opened_at, t.id
        """;

    async Task<List<HeldStream>> Tickets(CustomerId customer, CancellationToken ct)
    {
        var rows = await store.Rows(TicketsSql, row =>
        {
            var t = Service.Tickets.TicketEntry.ReadState(System.Text.Encoding.UTF8.GetBytes(row.GetString(1)));
            return new HeldStream(
                row.GetGuid(0), t.Number, t.Status, t.LegalHold, t.OpenedAt, row.GetInt64(2), row.GetInt64(3), t.Masks?.Count ?? 0, null, null,
                new HeldKey(row.IsDBNull(4) ? null : row.GetInt32(4), row.GetInt32(5), row.GetInt32(6)));
        }, ct, (NpgsqlDbType.Uuid, customer.Value));
        var forecasts = await retention.Of(rows.ConvertAll(r => r.Ticket), ct);
        return rows.ConvertAll(r => forecasts.TryGetValue(r.Ticket, out var forecast) ? r with { Until = forecast.Until, Rule = forecast.Rule } : r);
    }
}
