using EventDesk.Domain.Incidents;
using EventDesk.Service.Incidents;
using EventDesk.Service.Tickets;

namespace EventDesk.Web;

/// <summary>The incidents, newest first.</summary>
/// <param name="Products">Names, by id.</param>
public sealed record IncidentsScreen(IReadOnlyList<IncidentRow> Open, IReadOnlyList<IncidentRow> Past, IReadOnlyDictionary<string, string> Products)
{
    public string NameOf(string product) => Products.GetValueOrDefault(product, product);
}

/// <summary>One incident: what was said about it, and who is still owed word.</summary>
/// <param name="Product">Its name.</param>
/// <param name="Related">The tickets of those who are affected, as far as the reader may know of them.</param>
public sealed record IncidentScreen(
    IncidentRow Incident, string Product, IReadOnlyList<AffectedCustomer> Affected, IReadOnlyDictionary<Guid, RelatedTicket> Related, IReadOnlyList<IncidentStep> Steps,
    FormReply? Reply = null)
{
    public bool IsOver => Incident.State == IncidentState.Resolved;

    /// <summary>What it can become, the next one first.</summary>
    public IEnumerable<IncidentState> States => Enum.GetValues<IncidentState>().Where(s => s != Incident.State).OrderBy(s => s < Incident.State);

    /// <summary>Neither told personally nor by the status page.</summary>
    public bool IsOwed(AffectedCustomer customer) => customer.Contacted is null && !Incident.Published;
}
