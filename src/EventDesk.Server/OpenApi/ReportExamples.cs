using EventDesk.Server.Api;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Reporting;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every report.</summary>
static class ReportExamples
{
    static readonly DateTimeOffset Then = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Durations Hours = new(120, 5.25, 2.5, 14, 22.75, 96, 0.8);
    static readonly LineCounts Lines = new(90, 26, 4, 0);

    public static IReadOnlyList<object> All { get; } =
    [
        Of("csat", new CsatFigures(120, 40, 36, 90, 40 / 120.0, Interval.Wilson(36, 40), 12, 12, 1)),
        Of("first-line", new FirstLineFigures(130, 120, 84, 0.7, 100, 0.84, 3, 50, 50 / 120.0, 10, 84 / 130.0, Lines, Lines, Lines, 0.9, false)),
        Of("response-times", new ResponseTimeFigures(130, Hours, 4, Hours, Hours, Hours, Hours)),
        Of("escalations", new EscalationFigures(130, 30, 30 / 130.0, 60, 34, 12, 14, 11, [new("l1", 120, 26, 26 / 120.0, 864_000)], 9, 12, 5, 6, 70)),
        Of("reopens", new ReopenFigures(120, 6, 0.05, 7, 4)),
        Of("volume", new VolumeFigures(130, 10, 40, 80, 120, 15, 12, 1_430, 0)),
        Of("waiting", new WaitingFigures(130, new(44, 31, 604_800), new(8, 8, 86_400), new(2, 2, 172_800))),
        Of("activities", new ActivityFigures(412, 390, 120), "activity", "reply_sent"),
        new MonitorAnswer(Then, 4_711, MonitorGrouping.Desk, [Group with { Group = "billing/en" }], Group),
        Of("sla", new SlaFigures(
            new(130, 108, 12, 5, 2, 2, 1, 90, new(60, 45, 15, 0, 0, 0, 75)), new(210, 190, 10, 8, 0, 2, 0, 95, new(0, 0, 0, 0, 0, 0, null)),
            new(14, 12, 2, 0, 0, 0, 0, 85.7, new(0, 0, 0, 0, 0, 0, null))), "contract", "vip"),
        Of("flow", new FlowFigures(24, 9, 7, 1, 1, 7, 5, 1, 1, 26), "day", "2026-03-02"),
        Of("backlog", new BacklogFigures(26), "line", "l2"),
        new EventsBehindAnswer(
            [new(Examples.SomeId, 17, 5, 100, "ticket_resolved", Then, Then, $"/api/tickets/{Examples.SomeId}/events")],
            "/api/reports/first-line/events?month=2026-03&after=AZqU8DwezbmqVQxvjx0uOgAAAAAAAAAF"),
        new WaitingCommentList(
            [new() { Ticket = Examples.SomeId, Number = 17, Version = 9, Desk = "billing/en", Cycle = 1, Since = Then, AgeSeconds = 7_200, Rating = 2, Scale = "csat-5", Comment = "It took too long." }],
            12, 11, 1, 11 / 12.0, "/api/feedback-reviews?limit=1&after=AAAAAAAAAGQ"),
        new OutboxAnswer([new(Examples.SomeId, Examples.SomeId, 2, "confirmation", "confirmation_issued", "pending", Then)], "/api/outbox?after=AAAAAAAAAGQ"),
    ];

    static MonitorGroupAnswer Group => new()
    {
        Open = 26, Triage = 3, Unassigned = 5, Assigned = 14, Waiting = 4, Clocks = new(12, 3, 1, 4, 0),
        OldestOpenedAt = Then.AddDays(-3), OldestAgeSeconds = 259_200, MedianAgeSeconds = 18_240, SolvedToday = new(9, 7_320, 30_100), SolvedLast7Days = new(88, 9_015, 61_300),
    };

    static ReportAnswer<T> Of<T>(string path, T figures, string dimension = "month", string value = "2026-03") => new(
        path, Then, Then.AddMonths(1), path == "backlog" ? Then : null,
        [new(new Dictionary<string, string> { [dimension] = value }, figures, $"/api/reports/{path}/events?{dimension}={value}")],
        figures, $"/api/reports/{path}/events");
}
