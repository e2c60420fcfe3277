using EventDesk.Service.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Assigning;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.SavedViews;
using EventDesk.Store;

namespace EventDesk.Service.Views;

/// <summary>Every view there is. A new one is one line here.</summary>
public static class ViewCatalog
{
    /// <summary>Written in the transaction of the command.</summary>
    public static IReadOnlyList<InlineView> Inline { get; } =
    [
        new TicketsView(), new QueueCountsView(), new ClockFacts(), new TokenView(), new OrganisationView(), new PresenceView(), new IncidentsView(),
        new PeopleView(), new SessionView(), new AccessLogView(), new SavedViewsView(),
    ];

    /// <summary>Written behind the log, each with its checkpoint.</summary>
    public static IReadOnlyList<FollowedView> Followed { get; } = [new TicketFacts(), new TicketSpans(), new Outbox(), new TicketRetention()];

    public static IEnumerable<View> All => [.. Inline, .. Followed];
}
