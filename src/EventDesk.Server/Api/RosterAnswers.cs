using System.ComponentModel;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Api;

public sealed record RosterAgentAnswer
{
    [Description("Handle.")]
    public required string Agent { get; init; }

    [Description("Ids of the agent's teams.")]
    public required IReadOnlyList<string> Teams { get; init; }

    [Description("The desks of these teams, product/language.")]
    public required IReadOnlyList<string> Desks { get; init; }

    [Description("The lines of these teams.")]
    public required IReadOnlyList<SupportLine> Lines { get; init; }

    [Description("So many open tickets at once the agent is given at most.")]
    public required int Capacity { get; init; }

    [Description("Open tickets the agent has, those that wait included. More than the capacity where a person assigned them.")]
    public required int Open { get; init; }

    [Description("Nothing new comes.")]
    public required bool Away { get; init; }

    [Description("When the agent last went away or came back.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Inside the agent's working hours; always true for one without.")]
    public required bool AtWork { get; init; }
}

public sealed record RosterAnswer(IReadOnlyList<RosterAgentAnswer> Agents);

public sealed record NotReturnedAnswer(Guid Ticket, [property: Description("Code of the problem, as in its type.")] string Code);

public sealed record ReturnAnswer(
    [property: Description("Tickets that wait in their team's queue again.")] IReadOnlyList<ChangeAnswer> Returned,
    [property: Description("Tickets that could not be given back, and why.")] IReadOnlyList<NotReturnedAnswer> Others);

public sealed record TeamAnswer
{
    public required string Id { get; init; }

    [Description("product/language")]
    public required string Desk { get; init; }
    public required SupportLine Line { get; init; }

    [Description("What waits for it is given to its agents; otherwise they ask for the next ticket.")]
    public required bool AssignsByItself { get; init; }

    [Description("Takes no new tickets.")]
    public required bool Retired { get; init; }

    [Description("Handles of those who work in it.")]
    public required IReadOnlyList<string> Agents { get; init; }

    [Description("The version to name in If-Match.")]
    public required int Version { get; init; }
}

public sealed record AgentAnswer
{
    [Description("Handle.")]
    public required string Id { get; init; }
    public required IReadOnlyList<string> Teams { get; init; }
    public required int Capacity { get; init; }

    [Description("Id of the calendar of the agent's working hours.")]
    public string? Calendar { get; init; }
    public required bool Retired { get; init; }

    [Description("The version to name in If-Match.")]
    public required int Version { get; init; }
}

public sealed record RoutingAnswer(
    [property: Description("In order, as the organisation's file writes them.")] IReadOnlyList<Dictionary<string, object>> Rules,
    [property: Description("The form's fields of choice.")] IReadOnlyDictionary<string, IReadOnlyList<string>> Fields,
    [property: Description("The version to name in If-Match; it stands with the rule's id on what a rule decided.")] int Version);
