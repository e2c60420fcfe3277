using EventDesk.Service.Assigning;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.Retention;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Access.Log;

/// <summary>Under which names events are stored, of whatever stream.</summary>
public static class EventTypes
{
    /// <summary>Those of tickets first.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. EventNames.ByAlias.Keys.Order(StringComparer.Ordinal),
        .. new[]
        {
            AccessJson.Alias, SessionJson.Started, SessionJson.Ended, TokenJson.Issued, TokenJson.Revoked, PresenceJson.Away, PresenceJson.Back, SavedViewJson.Defined, SavedViewJson.Retired,
            CustomerJson.RequestedAlias,
        }.Concat(PersonJson.Aliases).Concat(OrganisationJson.Aliases).Concat(IncidentJson.Aliases).Order(StringComparer.Ordinal),
    ];
}
