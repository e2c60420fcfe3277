using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Searching;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body about searching and saved views.</summary>
static class SearchExamples
{
    static readonly DateTimeOffset Then = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    static readonly SavedViewAnswer View =
        new(Examples.SomeId, 1, "Polish invoices that wait", false, "ann", "waiting", "billing/pl", SupportLine.L2, null, true);

    public static IReadOnlyList<object> All { get; } =
    [
        new SearchAnswer(
            [
                new()
                {
                    Id = Examples.SomeId, Number = 17, Version = 7, Subject = [new("Invoice", true), new(" missing", null)], Desk = "billing/en", Line = SupportLine.L1,
                    Status = Status.Open, OpenedAt = Then, Place = SearchPlace.Question, WrittenAt = Then, Snippet = [new("I got no ", null), new("invoice", true), new(" in May.", null)],
                },
            ],
            "/api/search?q=invoice&after=AAAAAAAAABE"),
        new SavedViewRequest { Name = "Polish invoices that wait", Queue = "waiting", Desk = "billing/pl", Line = SupportLine.L2 },
        View,
        new SavedViewList([View]),
    ];
}
