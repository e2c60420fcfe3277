using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Service.Retention;

namespace EventDesk.Service.Views;

/// <summary>
/// Takes events into the rows of tickets and of their customers, in the order of the log: so which of a customer's tickets were there when they asked
/// to be forgotten follows from the log alone. A page and a replay both come through here.
/// </summary>
internal sealed class RetentionFold
{
    static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        // They are frequent, and neither restart a clock nor say anything else retention asks for.
        "confirmation_issued", "activity_imported", "ticket_triaged", "ticket_assigned", "ticket_unassigned", "ticket_tagged", "severity_assessed", "severity_changed",
        "sla_target_set", "sla_warned", "sla_breached", "passage_redacted", "passages_erased", "original_revealed",
    };

    public Dictionary<Guid, RetentionRow> Tickets { get; } = [];
    public Dictionary<Guid, CustomerRow> Customers { get; } = [];
    readonly Dictionary<Guid, List<RetentionRow>> ticketsOf = [];

    public void Add(RetentionRow row)
    {
        if (Tickets.TryAdd(row.Ticket, row) && row.Facts.Customer is { } customer)
            Owned(customer).Add(row);
    }

    public void Apply(Guid stream, long version, ReadOnlySpan<byte> type, DateTimeOffset recorded, ReadOnlySpan<byte> data, ReadOnlySpan<byte> headers)
    {
        if (type.SequenceEqual(CustomerJson.Requested))
            Request(stream, recorded);
        else if (FoldedTicketEvent.IsOne(type, out var alias))
            Apply(stream, version, alias, recorded, data, headers);
    }

    void Apply(Guid ticket, long version, string alias, DateTimeOffset recorded, ReadOnlySpan<byte> data, ReadOnlySpan<byte> headers)
    {
        var opened = alias == "ticket_opened";
        if (!Tickets.TryGetValue(ticket, out var row))
        {
            if (!opened)
                return;
            Tickets.Add(ticket, row = new RetentionRow { Ticket = ticket });
        }
        if (version <= row.Version)
            return;
        (row.Version, row.Changed) = (version, true);
        if (Silent.Contains(alias))
            return;
        var (occurred, role) = FoldedTicketEvent.ReadHeaders(headers, recorded, default);
        var before = row.Facts;
        row.Facts = RetentionFacts.Evolve(before, FoldedTicketEvent.Read(alias, version, data), occurred, new Actor("", role));
        Follow(row, before);
    }

    /// <summary>Keeps the customer's row in step with the ticket's.</summary>
    void Follow(RetentionRow row, RetentionFacts before)
    {
        var (was, now) = (before.Customer, row.Facts.Customer);
        if (now is { } customer)
        {
            if (!Customers.TryGetValue(customer.Value, out var owner))
                Customers.Add(customer.Value, owner = new CustomerRow { Customer = customer.Value });
            if (was is null)
            {
                owner.Tickets++;
                Owned(customer).Add(row);
            }
            var active = row.Facts.RelevantAt.UtcDateTime;
            (owner.ActiveAt, owner.Changed) = (active > owner.ActiveAt ? active : owner.ActiveAt, true);
        }
        else if (was is { } former)
        {
            Owned(former).Remove(row);
            if (Customers.TryGetValue(former.Value, out var owner))
                (owner.Tickets, owner.Changed) = (owner.Tickets - 1, true);
            if (owner is { Tickets: 0 })
                owner.ActiveAt = default; // nothing leads to them any more: whoever comes anew begins anew
        }
    }

    void Request(Guid customer, DateTimeOffset at)
    {
        foreach (var row in Owned(new CustomerId(customer)))
            (row.Facts, row.Changed) = (row.Facts.Requested(at), true);
    }

    List<RetentionRow> Owned(CustomerId customer)
    {
        if (!ticketsOf.TryGetValue(customer.Value, out var rows))
            ticketsOf.Add(customer.Value, rows = []);
        return rows;
    }
}
