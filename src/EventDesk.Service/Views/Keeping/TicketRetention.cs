using System.Text;
using EventDesk.Service.Retention;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Views;

/// <summary>
/// What can fall due for being forgotten: <c>ticket_retention</c>, one row per ticket, and <c>customer_retention</c>, one per customer to whom a ticket still
/// leads. Indexes on the times that rules count from find what is due without looking at what is not.
/// </summary>
public sealed class TicketRetention : FollowedView
{
    public override string Name => "TicketRetention";

    public override IReadOnlyList<string> Tables { get; } = [RetentionTables.Tickets.Name, RetentionTables.Customers.Name];

    public override string CreateTables(string suffix) => RetentionTables.Tickets.Create(suffix) + RetentionTables.Customers.Create(suffix);

    /// <summary>
    /// What was anonymised stays old for ever, so rules that anonymise must not walk over it: it stands apart, first column. Rules for some products have
    /// an index that begins with them.
    /// </summary>
    public override string CreateIndexes(string suffix) =>
        RetentionTables.Tickets.PrimaryKey(suffix) + RetentionTables.Customers.PrimaryKey(suffix) + $"""
        create index ix_ticket_retention_clock{suffix} on ticket_retention{suffix} (anonymised, clock_at) where clock_at is not null;
        create index ix_ticket_retention_product{suffix} on ticket_retention{suffix} (anonymised, product, clock_at) where clock_at is not null;
        create index ix_ticket_retention_expires{suffix} on ticket_retention{suffix} (anonymised, expires_on) where clock_at is not null and expires_on is not null;
        create index ix_ticket_retention_requested{suffix} on ticket_retention{suffix} (requested_at) where clock_at is not null and requested_at is not null;
        create index ix_ticket_retention_customer{suffix} on ticket_retention{suffix} (customer) where customer is not null;
        create index ix_customer_retention_active{suffix} on customer_retention{suffix} (active_at);
        """;

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        var fold = await Load(page, connection, ct);
        foreach (var e in page)
            fold.Apply(e.Stream, e.Version, Encoding.ASCII.GetBytes(e.Type), e.Timestamp, e.Data.Span, e.Headers.Span);
        await RetentionTables.Tickets.Save(connection, [.. fold.Tickets.Values.Where(r => r.Changed)], ct);
        await RetentionTables.Customers.Save(connection, [.. fold.Customers.Values.Where(c => c is { Changed: true, Tickets: > 0 })], ct);
        if (fold.Customers.Values.Where(c => c.Tickets == 0).Select(c => c.Customer).ToArray() is { Length: > 0 } gone)
            await Forget(gone, connection, ct);
    }

    public override IViewFold NewFold() => new Fold();

    const string OwnedSql = "select ticket from ticket_retention where customer = any($1)";

    /// <summary>The rows the page may change: those of its tickets, of the customers who asked for something, and of all customers behind them.</summary>
    static async Task<RetentionFold> Load(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        var fold = new RetentionFold();
        Guid[] asking = [.. page.Where(e => e.Type == CustomerJson.RequestedAlias).Select(e => e.Stream).Distinct()];
        HashSet<Guid> tickets = [.. page.Select(e => e.Stream)];
        if (asking.Length > 0)
        {
            await using var command = new NpgsqlCommand(OwnedSql, connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = asking } } };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                tickets.Add(row.GetGuid(0));
        }
        foreach (var row in await RetentionTables.Tickets.Load(connection, [.. tickets], ct))
            fold.Add(row);
        // The customer of a ticket that the page opens stands in its first event.
        var owners = fold.Tickets.Values.Select(r => r.Facts.Customer?.Value).OfType<Guid>()
            .Concat(page.Where(e => e.Type == "ticket_opened").Select(e => FoldedTicketEvent.RequesterOf(e.Data.Span)));
        foreach (var customer in await RetentionTables.Customers.LoadBy(connection, "customer", [.. owners.Distinct()], ct))
            fold.Customers.Add(customer.Customer, customer);
        return fold;
    }

    const string ForgetSql = "delete from customer_retention where customer = any($1)";

    static async Task Forget(Guid[] customers, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ForgetSql, connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = customers } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    sealed class Fold : IViewFold
    {
        readonly RetentionFold fold = new();

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e) => fold.Apply(e.Stream, e.Version, e.Type, e.Timestamp, e.Data, e.Headers);

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await RetentionTables.Tickets.Copy(connection, suffix, fold.Tickets.Values, ct);
            await RetentionTables.Customers.Copy(connection, suffix, fold.Customers.Values.Where(c => c.Tickets > 0), ct);
        }
    }
}
