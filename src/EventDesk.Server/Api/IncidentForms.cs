using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record ContactRequest : IChecked
{
    [Description("Pseudonym of the customer, as the incident names it.")]
    public required Guid Customer { get; init; }

    public required Channel Channel { get; init; }

    public void Check(Faults faults) { }
}

public sealed record PublicationRequest : IChecked
{
    [Description("What everybody may read.")]
    [MaxLength(TextRules.MaxReason)]
    public required string Message { get; init; }

    public void Check(Faults faults) => faults.Text("/message", Message, TextRules.MaxReason);
}

public sealed record IncidentStateRequest : IChecked
{
    public required IncidentState State { get; init; }

    public void Check(Faults faults) { }
}

public sealed record IncidentAnswer(
    Guid Id, string Product, DateTimeOffset OpenedAt, IncidentState State, [property: Description("It stands on the status page.")] bool Published, long Version,
    long Tickets, [property: Description("Affected customers.")] long Customers,
    [property: Description("Affected customers who were neither told personally nor can read it on the status page.")] long Owed);

public sealed record AffectedCustomerAnswer(
    Guid Customer, IReadOnlyList<Guid> Tickets, [property: Description("contacted, published or owed.")] string Told, Channel? Channel, DateTimeOffset? ContactedAt);

public sealed record IncidentDetailAnswer(IncidentAnswer Incident, IReadOnlyList<AffectedCustomerAnswer> Affected);

public sealed record IncidentList(IReadOnlyList<IncidentAnswer> Incidents);
