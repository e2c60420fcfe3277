using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body about what is held on a person.</summary>
static class SubjectExamples
{
    static readonly DateTimeOffset Then = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<object> All { get; } =
    [
        new RevealWaitsAnswer("otto", 9),
        new RevealApprovalRequest { Field = "body", For = "otto" },
        new PrivacyDefinitionRequest { RevealNeedsSecondPerson = true },
        new CustomerPrivacyAnswer(
            Examples.SomeId, Then, "vip", [new("events", "mt_events", 12, 9_410, null, "Texts are sealed.")],
            [new(Examples.SomeId, 17, Status.Closed, false, Then.AddDays(-9), 12, 9_410, 1, Then.AddYears(1), new("retention/billing", 2), new("live", 41, 1, 0))]),
    ];
}
