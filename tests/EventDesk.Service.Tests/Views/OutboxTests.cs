using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;

namespace EventDesk.Service.Tests.Views;

public sealed class OutboxTests(ViewDatabase database) : IClassFixture<ViewDatabase>
{
    async Task<string[]> Notices(Life life)
    {
        var spec = database.Of(new Outbox());
        await spec.Follow(Life.Log(life), 2);
        return [.. await spec.Rows("select kind, type, version from outbox order by seq_id")];
    }

    [Fact]
    public async Task A1_the_confirmation_is_an_entry() =>
        (await Notices(new Life().Then(new ConfirmationIssued(1, Channel.Email), Actor.System))).ShouldBe(["confirmation|confirmation_issued|2"]);

    [Fact]
    public async Task A7_every_public_change_that_is_not_the_customers_own_notifies() =>
        (await Notices(
            new Life().Then(Lives.Reply).Then(new NoteAdded(Guid.Empty, "text")).Then(new TicketAssigned(new AgentId("ann"))).Then(Lives.Message, Life.Customer)
                .Then(new AttachmentAdded(Guid.Empty, "name", "text/plain", 1, "AAAA", Internal: false))
                .Then(new AttachmentAdded(Guid.Empty, "name", "text/plain", 1, "AAAA", Internal: true))
                .Then(new TicketResolved(Resolution.Fixed, 1)).Then(new TicketReopened(ReopenCause.Customer), Life.Customer)
                .Then(new TicketResolved(Resolution.Fixed, 2)).Then(new TicketReopened(ReopenCause.Agent))
                .Then(new TicketResolved(Resolution.Fixed, 3)).Then(new TicketClosed(CloseCause.WindowElapsed), Actor.System)))
        .ShouldBe(
        [
            "progress|reply_sent|2", "progress|attachment_added|6", "progress|ticket_resolved|8", "progress|ticket_resolved|10",
            "progress|ticket_reopened|11", "progress|ticket_resolved|12", "progress|ticket_closed|13",
        ]);

    [Fact]
    public async Task F7_nobody_is_told_of_imported_history() =>
        (await Notices(
            new Life(source: "log", state: "s", activity: "a").Row("r", "s", Life.Ann, Lives.Reply, new TicketResolved(Resolution.Imported, 1)))).ShouldBeEmpty();
}
