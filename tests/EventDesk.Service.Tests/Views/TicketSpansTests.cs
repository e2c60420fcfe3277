using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;

namespace EventDesk.Service.Tests.Views;

public sealed class TicketSpansTests(ViewDatabase database) : IClassFixture<ViewDatabase>
{
    async Task<string[]> Spans(Life life, string columns)
    {
        var spec = database.Of(new TicketSpans());
        await spec.Follow(life.Events, life.Events.Count / 2);
        return [.. await spec.Rows($"select {columns} from ticket_span order by ordinal")];
    }

    [Fact]
    public async Task E7_every_change_of_standing_begins_a_row_where_the_one_before_ends() =>
        (await Spans(
            new Life().After(TimeSpan.FromMinutes(1)).Then(new TicketAssigned(new AgentId("ann"))).Then(Lives.Reply)
                .After(TimeSpan.FromMinutes(1)).Then(Lives.Reply).After(TimeSpan.FromMinutes(1)).Then(new TicketResolved(Resolution.Fixed, 1)),
            "version, to_char(valid_from, 'MI'), to_char(valid_to, 'MI'), status, place, agent"))
        .ShouldBe(["1|00|01|0|1|", "2|01|03|0|2|ann", "5|03||1||ann"]);

    [Fact]
    public async Task E7_of_several_changes_at_one_instant_the_last_holds() =>
        (await Spans(
            new Life().Then(new TicketAssigned(new AgentId("ann"))).Then(new TicketAssigned(new AgentId("ben"))), "ordinal, version, agent"))
        .ShouldBe(["1|3|ben"]);

    [Fact]
    public async Task E7_an_event_that_says_it_came_earlier_takes_effect_after_the_one_before_it() =>
        (await Spans(
            new Life().After(TimeSpan.FromMinutes(5)).Then(new TicketAssigned(new AgentId("ann")))
                .After(TimeSpan.FromMinutes(-2)).Then(new TicketAssigned(new AgentId("ben"))),
            "to_char(valid_from, 'MI'), to_char(valid_to, 'MI'), agent")).ShouldBe(["00|05|", "05||ben"]);

    [Fact]
    public async Task E7_the_sources_words_hold_until_something_happens_here() =>
        (await Spans(
            new Life(source: "log", state: "Queued", activity: "wait").After(TimeSpan.FromMinutes(1)).Row("work", "Accepted", Life.Ann, new ActivityImported("work"))
                .After(TimeSpan.FromMinutes(1)).Then(new TicketAssigned(new AgentId("ben"))),
            "state, activity")).ShouldBe(["Queued|wait", "Accepted|work", "|"]);

    [Fact]
    public async Task A7_a_resolved_ticket_and_a_planned_date_have_a_deadline_while_they_last() =>
        (await Spans(
            new Life().After(TimeSpan.FromMinutes(1)).Then(new WaitingStarted(WaitingReason.PlannedDate, Life.Monday.AddDays(2)))
                .After(TimeSpan.FromMinutes(1)).Then(new WaitingEnded(WaitingEnd.Agent))
                .After(TimeSpan.FromMinutes(1)).Then(new TicketResolved(Resolution.Fixed, 1))
                .After(TimeSpan.FromMinutes(1)).Then(new TicketClosed(CloseCause.CustomerAcknowledged)),
            "deadline")).ShouldBe(["", "2026-03-04 09:00:00", "", "2026-03-02 09:03:00", ""]);

    [Fact]
    public async Task F7_what_was_imported_is_never_closed_or_woken_here() =>
        (await Spans(
            new Life(source: "log", state: "s", activity: "a").After(TimeSpan.FromMinutes(1)).Row("r", "s", Life.Ann, new TicketResolved(Resolution.Imported, 1)),
            "status, deadline")).ShouldBe(["0|", "1|"]);
}
