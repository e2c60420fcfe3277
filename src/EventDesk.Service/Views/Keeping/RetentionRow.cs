using EventDesk.Domain;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>What retention knows of one ticket.</summary>
internal sealed class RetentionRow
{
    public Guid Ticket;
    public long Version;
    public RetentionFacts Facts = RetentionFacts.None;
    public bool Changed;
}

/// <summary>What retention knows of one customer: someone with tickets that still lead to them.</summary>
internal sealed class CustomerRow
{
    public Guid Customer;

    /// <summary>The last thing that concerned them, on any of their tickets.</summary>
    public DateTime ActiveAt;
    public int Tickets;
    public bool Changed;
}

/// <summary>The tables of <see cref="TicketRetention"/>.</summary>
internal static class RetentionTables
{
    public static readonly RowTable<RetentionRow> Tickets = new("ticket_retention", "ticket",
        Column<RetentionRow>.Id("ticket", r => r.Ticket, (r, v) => r.Ticket = v),
        Column<RetentionRow>.Long("version", r => r.Version, (r, v) => r.Version = v),
        Column<RetentionRow>.Long("number", r => r.Facts.Number, (r, v) => r.Facts = r.Facts with { Number = v }),
        Column<RetentionRow>.Text("product", r => r.Facts.Product, (r, v) => r.Facts = r.Facts with { Product = v ?? "" }),
        Column<RetentionRow>.Text("language", r => r.Facts.Language, (r, v) => r.Facts = r.Facts with { Language = v ?? "" }),
        Column<RetentionRow>.Text("contract", r => r.Facts.Contract, (r, v) => r.Facts = r.Facts with { Contract = v }),
        Column<RetentionRow>.Of<Guid?>("customer", "uuid", NpgsqlDbType.Uuid, false, r => r.Facts.Customer?.Value, (r, v) => r.Facts = r.Facts with { Customer = v is { } id ? new CustomerId(id) : null }),
        Column<RetentionRow>.Small<Status>("status", r => r.Facts.Status, (r, v) => r.Facts = r.Facts with { Status = v ?? default }),
        Time("ended_at", r => r.Facts.EndedAt, (r, v) => r.Facts = r.Facts with { EndedAt = v }),
        Time("relevant_at", r => r.Facts.RelevantAt, (r, v) => r.Facts = r.Facts with { RelevantAt = v ?? default }),
        Column<RetentionRow>.Of<DateOnly?>("expires_on", "date", NpgsqlDbType.Date, false, r => r.Facts.ExpiresOn, (r, v) => r.Facts = r.Facts with { ExpiresOn = v }),
        Time("requested_at", r => r.Facts.RequestedAt, (r, v) => r.Facts = r.Facts with { RequestedAt = v }),
        Column<RetentionRow>.Bool("held", r => r.Facts.Held, (r, v) => r.Facts = r.Facts with { Held = v }),
        Column<RetentionRow>.Bool("anonymised", r => r.Facts.Anonymised, (r, v) => r.Facts = r.Facts with { Anonymised = v }),
        // Derived from the columns beside it; only ever read by queries. Null: nothing can be due.
        Time("clock_at", r => r.Facts.ClockAt, (_, _) => { }));

    public static readonly RowTable<CustomerRow> Customers = new("customer_retention", "customer",
        Column<CustomerRow>.Id("customer", c => c.Customer, (c, v) => c.Customer = v),
        Column<CustomerRow>.Time("active_at", c => c.ActiveAt, (c, v) => c.ActiveAt = v),
        Column<CustomerRow>.Int("tickets", c => c.Tickets, (c, v) => c.Tickets = v));

    static Column<RetentionRow> Time(string name, Func<RetentionRow, DateTimeOffset?> get, Action<RetentionRow, DateTimeOffset?> set) =>
        Column<RetentionRow>.Of<DateTime?>(name, "timestamptz", NpgsqlDbType.TimestampTz, false,
            row => get(row)?.UtcDateTime, (row, value) => set(row, value is { } at ? new DateTimeOffset(at) : null));
}
