using System.ComponentModel;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Subjects;

namespace EventDesk.Server.Api;

public sealed record HoldingAnswer(
    string Kind, [property: Description("The tables, or what else holds it.")] string Where,
    [property: Description("Rows; left out where they cannot be counted from here.")] long? Count, [property: Description("As stored.")] long? Bytes,
    [property: Description("When the last of it goes by itself.")] DateTimeOffset? Until, string Note);

public sealed record HeldKeyAnswer(
    [property: Description("live, or none: nothing was sealed. A purged ticket is nobody's and not in this list.")] string State,
    [property: Description("Id of the master key, outside the database, that wraps the ticket's key.")] int? MasterKey,
    [property: Description("Earlier keys of the ticket that were destroyed when passages were erased.")] int Destroyed,
    [property: Description("Earlier keys that are still to be destroyed.")] int Pending);

public sealed record HeldTicketAnswer(
    Guid Ticket, long Number, Status Status, [property: Description("Nothing of it may be forgotten while it holds.")] bool? LegalHold, DateTimeOffset OpenedAt, long Events,
    [property: Description("Of its events, as stored.")] long Bytes, [property: Description("Passages that are hidden, and held sealed.")] int HiddenPassages,
    [property: Description("When a retention rule takes it, if nothing more happens; left out: no rule will.")] DateTimeOffset? Until, RuleAnswer? Rule, HeldKeyAnswer Key);

public sealed record CustomerPrivacyAnswer(
    Guid Customer, DateTimeOffset AsOf, [property: Description("The plan the customer has of their own.")] string? Contract, IReadOnlyList<HoldingAnswer> Holdings,
    IReadOnlyList<HeldTicketAnswer> Tickets)
{
    internal static CustomerPrivacyAnswer Of(PrivacyBudget budget) => new(
        budget.Customer, budget.AsOf, budget.Contract, [.. budget.Holdings.Select(h => new HoldingAnswer(h.Kind, h.Where, h.Count, h.Bytes, h.Until, h.Note))],
        [.. budget.Tickets.Select(t => new HeldTicketAnswer(
            t.Ticket, t.Number, t.Status, t.LegalHold, t.OpenedAt, t.Events, t.Bytes, t.Hidden, t.Until, t.Rule is { } rule ? new(rule.Id, rule.Version) : null,
            new(t.Key.State, t.Key.MasterKey, t.Key.Destroyed, t.Key.Pending)))]);

    /// <summary>A hold is between the house and a court; by which rules a desk works is its own business.</summary>
    internal CustomerPrivacyAnswer ForCustomer() => this with { Tickets = [.. Tickets.Select(t => t with { LegalHold = null, Rule = null })] };
}
