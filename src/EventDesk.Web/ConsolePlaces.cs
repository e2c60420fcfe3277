using EventDesk.Domain.Access;

namespace EventDesk.Web;

/// <summary>Where one can go in the console, by what one may do. A new place is one line.</summary>
public static class ConsolePlaces
{
    static readonly IReadOnlyList<(string Address, string Key, Operation Needs)> All =
    [
        ("/queues", "place.queues", Operation.ReadQueues),
        ("/triage", "place.triage", Operation.Triage),
        ("/monitor", "place.monitor", Operation.ReadMonitor),
        ("/reports", "place.reports", Operation.ReadReports),
        ("/log", "place.log", Operation.ReadLog),
    ];

    public static IEnumerable<(string Address, string Key)> For(Viewer v) =>
        v.IsStaff ? All.Where(p => v.May(p.Needs)).Select(p => (p.Address, p.Key)) : [];

    /// <summary>Where somebody begins who has just come.</summary>
    public static string Start(Viewer v) => For(v) is var places && places.Any() ? places.First().Address : "/hours";
}
