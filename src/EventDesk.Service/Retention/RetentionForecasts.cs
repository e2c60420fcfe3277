using EventDesk.Service.Organising;
using EventDesk.Service.Reporting;
using EventDesk.Service.Subjects;
using EventDesk.Service.Views;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Retention;

/// <summary>Says when the rules will take tickets: what the preview of the last of days shows.</summary>
public sealed class RetentionForecasts(EventStore store, OrganisationBook organisation) : IRetentionForecasts
{
    static readonly string Sql = $"""
        select r.*, (select c.active_at from customer_retention c where c.customer = r.customer)
        from (select {RetentionTables.Tickets.Names} from ticket_retention where ticket = any($1)) r
        """;

    public async Task<IReadOnlyDictionary<Guid, RetentionForecast>> Of(IReadOnlyList<Guid> tickets, CancellationToken ct)
    {
        var history = organisation.History;
        await using var command = store.DataSource.CreateCommand(Sql).Add(NpgsqlDbType.Array | NpgsqlDbType.Uuid, tickets.ToArray());
        await using var row = await command.ExecuteReaderAsync(ct);
        Dictionary<Guid, RetentionForecast> forecasts = [];
        while (await row.ReadAsync(ct))
        {
            var (ticket, last) = (RetentionTables.Tickets.Read(row), row.FieldCount - 1);
            DateTimeOffset? activeAt = row.IsDBNull(last) ? null : row.GetFieldValue<DateTimeOffset>(last);
            // As long as it is held, no rule takes it.
            if (history.DueOn(ticket.Facts, activeAt, DateTimeOffset.MaxValue) is { Held: false } due)
                forecasts[ticket.Ticket] = new(due.Since, due.Rule);
        }
        return forecasts;
    }
}
