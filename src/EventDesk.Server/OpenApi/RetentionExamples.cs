using EventDesk.Domain.Privacy;
using EventDesk.Server.Api;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body about retention.</summary>
static class RetentionExamples
{
    static readonly DateTimeOffset Then = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly RetentionTotalsAnswer Totals = new(12, 3, 1, 0, 0);

    public static IReadOnlyList<object> All { get; } =
    [
        new RetentionDefinitionRequest
        {
            Rules =
            [
                new() { Id = "asked-for", Trigger = RetentionTrigger.CustomerRequest, Action = RetentionAction.Purge, Days = 14 },
                new() { Id = "billing-after-three-years", Trigger = RetentionTrigger.SinceResolved, Action = RetentionAction.Anonymise, Days = 1095, Scope = new() { Products = ["billing"] } },
            ],
            Accounts = new() { InactiveDays = 730 },
            From = Then,
        },
        new ExpiryRequest { ExpiresOn = new(2031, 3, 31), Reason = "The warranty ends then." },
        Totals,
        new RetentionPreviewAnswer(
            Then, Totals,
            [
                new(Examples.SomeId, 17, "retention/billing-after-three-years", 2, RetentionAction.Anonymise, Then.AddDays(-2),
                    "It ended on 2026-12-31, and 1095 days have passed without anything that concerned the customer.", false),
            ],
            "/api/retention/preview?after=CN5gS8kMAAABmpTwPB57YppVDG-PHS46Og"),
        new ErasureRequestAnswer(Examples.SomeId, Then, 1),
    ];
}
