using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Views;

public sealed class InlineViewsTests(TestDesk t) : IClassFixture<TestDesk>
{
    [Fact]
    public async Task P3_Inline_views_equal_a_replay_before_and_after_a_rebuild_and_drift_is_found()
    {
        await Work();
        foreach (var view in ViewCatalog.Inline)
            await ShouldEqualReplay(view);
        foreach (var view in ViewCatalog.Inline)
            await Rebuild.Run(t.Store, view, default);
        await Work();
        foreach (var view in ViewCatalog.Inline)
            await ShouldEqualReplay(view);
        await Rebuild.Run(t.Store, [.. ViewCatalog.Inline], (_, _) => Task.CompletedTask, default);
        foreach (var view in ViewCatalog.Inline)
            await ShouldEqualReplay(view);

        await using var tamper = t.Store.DataSource.CreateCommand("update queue_count set n = n + 1 where n > 0");
        (await tamper.ExecuteNonQueryAsync()).ShouldBePositive();
        var drift = await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<QueueCountsView>().Single(), default);
        drift.None.ShouldBeFalse();
        drift.Examples.ShouldNotBeEmpty();
    }

    /// <summary>Every kind of move, some in parallel, so that batches hold several tickets.</summary>
    async Task Work()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (i, _) =>
        {
            var id = await t.Open(subject: $"Case {i}", channel: i % 2 == 0 ? Channel.Portal : Channel.Email, language: i % 3 == 0 ? "pl" : "en");
            if (i % 2 == 0) await t.Do(id, new TriageTicket(SupportLine.L1, "front"), TestDesk.Coordinator, Operation.Triage);
            if (i % 3 == 0) await t.Do(id, new AssignTicket(new("ann")), operation: Operation.Assign);
            if (i % 4 == 0) await t.Do(id, new AssessSeverity(Domain.Tickets.Severity.High, "loud"), operation: Operation.AssessSeverity);
            if (i % 4 == 0) await t.Do(id, new EscalateTicket("beyond us"), operation: Operation.Escalate);
            if (i % 4 == 1) await t.Do(id, new SendReply(Guid.CreateVersion7(), Channel.Email, "Here it is."), operation: Operation.Reply);
            if (i % 5 == 0) await t.Do(id, new StartWaiting(WaitingReason.ThirdParty), operation: Operation.Wait);
            if (i % 7 == 0) await t.Do(id, new TagTicket(["vip"], []), operation: Operation.Tag);
            if (i % 6 == 0) await t.Do(id, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);
            if (i % 12 == 0) await t.Do(id, new ReopenTicket(ReopenCause.Agent), operation: Operation.Reopen);
        });
    }

    async Task ShouldEqualReplay(View view)
    {
        var drift = await ViewCheck.Run(t.Store, view, default);
        drift.None.ShouldBeTrue($"{view.Name}: {string.Join("; ", drift.Examples)}");
    }
}
