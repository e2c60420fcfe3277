using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tests.Views;
using EventDesk.Service.Views;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Retention;

/// <summary>R5: the preview and the execution say the same, on 10,000 tickets; and following equals a replay.</summary>
public sealed class RetentionLaws(ViewDatabase database) : IClassFixture<ViewDatabase>
{
    const int Worlds = 3_334; // of three tickets each

    [Fact]
    public void R5_what_the_preview_reads_from_the_view_is_what_the_execution_reads_from_the_stream_and_does()
    {
        var (tickets, due, held, purged, anonymised) = (0, 0, 0, 0, 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Worlds), Prop.ForAll(RetentionWorld.Some, world =>
        {
            var view = Followed(world);
            var owner = view.Customers.GetValueOrDefault(RetentionWorld.Customer.Value);
            foreach (var ticket in world.Tickets)
            {
                tickets++;
                var shown = view.Tickets[ticket.Id].Facts;
                DateTimeOffset? active = shown.Customer is null ? null : new DateTimeOffset(owner!.ActiveAt);
                var preview = world.History.DueOn(shown, active, world.Now);
                var facts = world.FactsOf(ticket);
                facts.ShouldBe(shown);
                world.History.DueOn(facts, active, world.Now).ShouldBe(preview);
                (facts.Status, facts.Held, facts.ExpiresOn).ShouldBe((ticket.Ticket.Status, ticket.Ticket.LegalHold, ticket.Ticket.ExpiresOn));
                if (preview is null)
                    continue;
                due++;
                var decision = Command(preview).Handle(ticket.Ticket, new(world.Now, Actor.System, DeskRules.Default));
                if (preview.Held)
                {
                    held++;
                    decision.ShouldBeOfType<Decision.Refused>().Code.ShouldBe("legal_hold");
                    continue;
                }
                var done = decision.ShouldBeOfType<Decision.Accepted>().Events;
                done.Select(d => d.Rule).ShouldAllBe(r => r == preview.Rule);
                var after = done.Aggregate(facts, (f, d) => RetentionFacts.Evolve(f, d.Event, world.Now, Actor.System));
                if (preview.Action == RetentionAction.Purge)
                    purged++;
                else
                    anonymised++;
                // Once it is done it is done: nothing is due any more, but for a rule that purges what another has anonymised.
                world.History.DueOn(after, active, world.Now).ShouldBeNull();
            }
        }));
        tickets.ShouldBeGreaterThanOrEqualTo(10_000);
        foreach (var often in new[] { due, held, purged, anonymised })
            often.ShouldBeGreaterThan(100);
    }

    static TicketCommand Command(RetentionDue due) => due.Action == RetentionAction.Purge
        ? new PurgeTicket(due.PurgeReason, Guid.Empty, due.Rule)
        : new AnonymiseTicket(new ErasePassages([], "r", [], [], [], [], due.Rule));

    static RetentionFold Followed(RetentionWorld world)
    {
        var fold = new RetentionFold();
        foreach (var e in world.Log)
            fold.Apply(e.Stream, e.Version, Encoding.ASCII.GetBytes(e.Type), e.Timestamp, e.Data.Span, e.Headers.Span);
        return fold;
    }

    [Fact]
    public void R5_an_administrative_event_anywhere_never_puts_off_what_is_due()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(RetentionWorld.Some, world =>
        {
            foreach (var facts in world.Tickets.Select(world.FactsOf))
            {
                TicketEvent[] administrative = [new PassageRedacted(1, "body", 0, 1), new OriginalRevealed(1, "body", "r"), new LegalHoldPlaced("r"), new SlaWarned(SlaClockKind.FirstResponse, world.Now), new TicketTagged([], [])];
                foreach (var e in administrative)
                {
                    var after = RetentionFacts.Evolve(facts, e, world.Now, Life.Ann);
                    after.ClockAt.ShouldBe(facts.ClockAt);
                    var (was, now) = (world.History.DueOn(facts, facts.RelevantAt, world.Now), world.History.DueOn(after, after.RelevantAt, world.Now));
                    (now is null ? null : now with { Held = false }).ShouldBe(was is null ? null : was with { Held = false });
                }
            }
        }));
    }

    [Fact]
    public void P3_following_equals_a_replay_with_requests_holds_and_erasures_wherever_pages_end() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(RetentionWorld.Some, Arb.From(Gen.Choose(1, 45).ArrayOf(4)), (world, cuts) =>
            Differences(world, cuts).GetAwaiter().GetResult().ShouldBeEmpty()));

    async Task<IReadOnlyList<string>> Differences(RetentionWorld world, int[] cuts)
    {
        var spec = database.Of(new TicketRetention());
        await spec.Follow(world.Log, cuts);
        return await spec.Differences(world.Log);
    }
}
