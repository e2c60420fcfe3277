using System.Text;
using EventDesk.Domain.Incidents;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Incidents;

/// <summary>One thing everybody may know of an incident.</summary>
/// <param name="State">From then on.</param>
/// <param name="Message">As it was published; null: only the state changed.</param>
public sealed record PublicStep(DateTimeOffset At, IncidentState State, string? Message);

/// <summary>An incident as the status page shows it: which product, since when, what was said. Nobody's ticket is in it.</summary>
/// <param name="Steps">Oldest first.</param>
public sealed record PublicIncident(Guid Id, string Product, IReadOnlyList<PublicStep> Steps)
{
    public IncidentState State => Steps[^1].State;
    public bool IsOpen => State != IncidentState.Resolved;
    public DateTimeOffset OpenedAt => Steps[0].At;
    public DateTimeOffset ChangedAt => Steps[^1].At;
}

/// <summary>The incidents that were published, from their own events: those that are open, and those resolved lately.</summary>
public sealed class StatusBoard(EventStore store, TimeProvider clock)
{
    public static readonly TimeSpan Shown = TimeSpan.FromDays(14);

    const string PublishedSql = """
        select e.stream_id, i.product, e.type, e.data::text, e.timestamp
        from incident i join mt_events e on e.stream_id = i.id
        where i.published
          and (i.state < 3 or exists (select from mt_events r where r.stream_id = i.id and r.type = 'incident_state_changed' and r.timestamp > $1))
        order by e.stream_id, e.version
        """;

    /// <summary>Open ones first, each kind newest first.</summary>
    public async Task<IReadOnlyList<PublicIncident>> Read(CancellationToken ct)
    {
        Dictionary<Guid, (string Product, List<PublicStep> Steps)> found = [];
        await using var command = store.DataSource.CreateCommand(PublishedSql).Add(NpgsqlDbType.TimestampTz, clock.GetUtcNow().UtcDateTime - Shown);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var id = row.GetGuid(0);
            if (!found.TryGetValue(id, out var incident))
                found.Add(id, incident = (row.GetString(1), []));
            if (IncidentJson.Read(Encoding.ASCII.GetBytes(row.GetString(2)), Encoding.UTF8.GetBytes(row.GetString(3))) is { } e && StepOf(e, incident.Steps, row.GetFieldValue<DateTimeOffset>(4)) is { } step)
                incident.Steps.Add(step);
        }
        return [.. found.Select(f => new PublicIncident(f.Key, f.Value.Product, f.Value.Steps)).OrderByDescending(i => i.IsOpen).ThenByDescending(i => i.OpenedAt).ThenBy(i => i.Id)];
    }

    /// <summary>Whom somebody called is not told to everybody.</summary>
    static PublicStep? StepOf(IncidentEvent e, List<PublicStep> before, DateTimeOffset at) => e switch
    {
        IncidentOpened => new(at, IncidentState.Investigating, null),
        IncidentStateChanged s => new(at, s.State, null),
        IncidentPublished p => new(at, before is [.., var last] ? last.State : IncidentState.Investigating, p.Message),
        _ => null,
    };
}
