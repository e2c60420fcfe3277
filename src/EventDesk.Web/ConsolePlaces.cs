using EventDesk.Domain.Access;

namespace EventDesk.Web;

/// <summary>Where one can go in the console, by what one may do. A new place is one line.</summary>
public static class ConsolePlaces
{
    static readonly IReadOnlyList<(string Address, string Key, Operation Needs)> All =
    [
        ("/queues", "place.queues", Operation.ReadQueues),
        ("/triage", "place.triage", Operation.Triage),
        ("/board", "place.board", Operation.ReturnTickets),
        ("/monitor", "place.monitor", Operation.ReadMonitor),
        ("/incidents", "place.incidents", Operation.ReadIncidents),
        ("/reports", "place.reports", Operation.ReadReports),
        ("/log", "place.log", Operation.ReadLog),
        ("/retention", "place.retention", Operation.ReadRetention),
        ("/subjects", "place.subjects", Operation.ExportSubject),
        ("/people", "place.people", Operation.ManagePeople),
        ("/tokens", "place.tokens", Operation.ManageTokens),
        ("/organisation", "place.organisation", Operation.ReadOrganisation),
    ];

    /// <summary>Places that are gone to from others, and by name.</summary>
    static readonly IReadOnlyList<(string Address, string Key, Operation Needs)> Further =
    [
        ("/tickets/new", "place.new", Operation.OpenTicket),
        ("/reports/comments", "place.comments", Operation.ReviewFeedback),
        ("/macros", "place.macros", Operation.ReadOrganisation),
        ("/hours", "place.hours", Operation.ReadTicket),
    ];

    static readonly IReadOnlyList<(string Address, string Key)> Public = [("/portal", "place.own"), ("/hours", "place.hours"), ("/status", "place.status")];

    static readonly IReadOnlyList<(string Address, string Key)> OfCustomer = [("/portal", "place.own"), ("/portal/new", "place.new"), .. Public.Skip(1)];

    public static IEnumerable<(string Address, string Key)> For(Viewer v) =>
        v.IsStaff ? All.Where(p => v.May(p.Needs)).Select(p => (p.Address, p.Key))
        : !v.IsOutside ? []
        : v.Who is null ? Public : OfCustomer;

    /// <summary>Those one can go to by name, without a link at the top.</summary>
    public static IEnumerable<(string Address, string Key)> ByName(Viewer v) => For(v).Concat(v.IsStaff ? Further.Where(p => v.May(p.Needs)).Select(p => (p.Address, p.Key)) : []);

    /// <summary>Where somebody begins who has just come.</summary>
    public static string Start(Viewer v) => For(v) is var places && places.Any() ? places.First().Address : "/hours";

    /// <summary>Where the name at the top leads.</summary>
    public static string Home(Viewer v) => v.IsOutside ? "/portal" : "/";

    /// <summary>The place a page belongs to; null: none of them.</summary>
    public static string? At(Viewer v) =>
        For(v).Select(p => p.Address).Where(a => v.Address.StartsWith(a, StringComparison.Ordinal)).OrderByDescending(a => a.Length).FirstOrDefault();
}
