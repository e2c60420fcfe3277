using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Views;

namespace EventDesk.Service.Tests.Views;

public sealed class TicketFactsTests(ViewDatabase database) : IClassFixture<ViewDatabase>
{
    const string Text = "text";

    async Task<string> Fact(Life life, string columns, string table = "ticket_fact")
    {
        var spec = database.Of(new TicketFacts());
        await spec.Follow(life.Events, life.Events.Count / 2);
        return string.Join(" / ", await spec.Rows($"select {columns} from {table} order by version"));
    }

    [Fact]
    public async Task E4_the_first_answer_is_the_first_public_one_of_staff() =>
        (await Fact(
            new Life().Then(new NoteAdded(Guid.Empty, Text)).Then(Lives.Reply with { Automated = true })
                .After(TimeSpan.FromMinutes(5)).Then(Lives.Reply, Life.Customer)
                .After(TimeSpan.FromMinutes(5)).Then(Lives.Reply).After(TimeSpan.FromMinutes(5)).Then(Lives.Reply),
            "first_answer_at, first_answer_version, answered_by_resolution, answers")).ShouldBe("2026-03-02 09:10:00|5|False|2");

    [Fact]
    public async Task E4_a_resolution_without_an_answer_ends_the_wait_and_says_so() =>
        (await Fact(
            new Life().After(TimeSpan.FromMinutes(7)).Then(new TicketResolved(Resolution.Fixed, 1)).Then(Lives.Reply),
            "first_answer_at, first_answer_version, answered_by_resolution, answers")).ShouldBe("2026-03-02 09:07:00|2|True|1");

    [Fact]
    public async Task E1_a_resolution_keeps_the_contract_it_was_given_under_and_a_ticket_has_its_last()
    {
        static Life Life() => new Life().Then(new SlaTargetSet("standard", 1, Severity.Standard, null, null)).Then(new TicketResolved(Resolution.Fixed, 1))
            .Then(new TicketReopened(ReopenCause.Agent)).Then(new ContractChanged("vip")).Then(new SlaTargetSet("vip", 2, Severity.High, null, null)).Then(new TicketResolved(Resolution.Fixed, 2));
        (await Fact(Life(), "contract, severity", "ticket_cycle")).ShouldBe("standard| / vip|");
        (await Fact(Life(), "contract, severity, opening_severity")).ShouldBe("vip||"); // that a contract assumes a severity does not give the ticket one
        (await Fact(new Life().Then(new TicketResolved(Resolution.Fixed, 1)), "contract", "ticket_cycle")).ShouldBe("");
    }

    [Fact]
    public async Task E3_the_highest_line_stays_the_highest() =>
        (await Fact(
            new Life().Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, Text)).Then(new TicketEscalated(SupportLine.L2, SupportLine.L3, Text))
                .Then(new TicketDeEscalated(SupportLine.L3, SupportLine.L1, Text)),
            "first_line, highest_line, line, line_ups, line_downs, line_returns")).ShouldBe("1|3|1|2|1|0");

    [Fact]
    public async Task E5_coming_back_to_a_line_is_ping_pong() =>
        (await Fact(
            new Life().Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, Text)).Then(new TicketDeEscalated(SupportLine.L2, SupportLine.L1, Text))
                .Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, Text)),
            "line_returns, team_returns")).ShouldBe("2|0");

    [Fact]
    public async Task E5_teams_that_hand_a_ticket_back_and_forth_are_counted_on_the_sequence_without_repetitions() =>
        (await Fact(
            new Life(team: "a").Then(new TicketTransferred("b")).Then(new TicketAssigned(new AgentId("ben"), "b")).Then(new TicketTransferred("a"))
                .Then(new TicketTransferred("c")).Then(new TicketTransferred("b")),
            "team_returns, same_line_transfers")).ShouldBe("1|4");

    [Fact]
    public async Task E5_a_change_of_line_with_its_new_team_is_one_handover() =>
        (await Fact(
            new Life(team: "a").Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, Text)).Then(new TicketAssigned(new AgentId("ben"), "b")),
            "line_ups, line_downs, same_line_transfers")).ShouldBe("1|0|0");

    [Fact]
    public async Task E3_triage_to_a_higher_line_is_no_escalation_but_goes_past_the_first_line() =>
        (await Fact(new Life(triage: true).Then(new TicketTriaged(SupportLine.L2, "b")), "first_line, highest_line, line_ups")).ShouldBe("2|2|0");

    [Fact]
    public async Task A8_what_the_second_line_does_in_the_first_lines_place_counts_as_first_line() =>
        (await Fact(
            new Life(triage: true).Then(new TicketTriaged(SupportLine.L2, null), actingAs: SupportLine.L1),
            "first_line, highest_line, line, acting_as")).ShouldBe("1|1|2|True");

    [Fact]
    public async Task E4_waiting_is_measured_by_reason_and_apart_before_the_first_resolution() =>
        (await Fact(
            new Life().Then(new WaitingStarted(WaitingReason.Customer)).After(TimeSpan.FromMinutes(1))
                .Then(new WaitingEnded(WaitingEnd.CustomerMessage)).Then(new WaitingStarted(WaitingReason.ThirdParty)).After(TimeSpan.FromMinutes(2))
                .Then(new TicketResolved(Resolution.Fixed, 1)).Then(new TicketReopened(ReopenCause.Agent))
                .Then(new WaitingStarted(WaitingReason.Customer)).After(TimeSpan.FromMinutes(4)).Then(new WaitingEnded(WaitingEnd.Agent)),
            "waits_customer, waits_third_party, waited_customer, waited_third_party, waited_first, waited_first_customer"))
        .ShouldBe("2|1|300000000|120000000|180000000|60000000");

    [Fact]
    public async Task E5_every_reopening_is_a_transition_and_the_soonest_one_counts_for_the_window() =>
        (await Fact(
            new Life().Then(new TicketResolved(Resolution.Fixed, 1)).After(TimeSpan.FromDays(7)).Then(new TicketReopened(ReopenCause.Customer))
                .Then(new TicketResolved(Resolution.Fixed, 2)).After(TimeSpan.FromHours(3)).Then(new TicketReopened(ReopenCause.CustomerMessage)),
            "reopens, soonest_reopen / 3600000000, resolutions, last_reopened_at")).ShouldBe("2|3|2|2026-03-09 12:00:00");

    [Fact]
    public async Task E5_a_reopening_of_an_open_ticket_is_none() =>
        (await Fact(new Life().Then(new TicketReopened(ReopenCause.Imported)), "reopens")).ShouldBe("0");

    [Fact]
    public async Task F7_an_imported_case_closed_while_open_was_resolved_by_that() =>
        (await Fact(
            new Life(source: "log", state: "New", activity: "open").After(TimeSpan.FromHours(1)).Row("close", "Closed", Life.Ben, new TicketClosed(CloseCause.Imported)),
            "first_resolved_at, resolver, resolutions, closed_at, first_state, state, source_rows"))
        .ShouldBe("2026-03-02 10:00:00|ben|1|2026-03-02 10:00:00|New|Closed|2");

    [Theory]
    [InlineData(Resolution.Spam, "True")]
    [InlineData(Resolution.Duplicate, "True")]
    [InlineData(Resolution.Fixed, "False")]
    public async Task E3_spam_and_duplicates_are_no_resolutions(Resolution how, string leftOut) =>
        (await Fact(new Life().Then(new TicketResolved(how, 1)), "left_out")).ShouldBe(leftOut);

    [Fact]
    public async Task E1_the_last_value_of_a_rating_counts_and_belongs_to_its_own_resolution_and_resolver() =>
        (await Fact(
            new Life().Then(new TicketResolved(Resolution.Fixed, 1)).Then(new FeedbackGiven(1, 1, GiveFeedback.Scale, Text), Life.Customer)
                .Then(new TicketReopened(ReopenCause.Customer), Life.Customer).Then(new TicketResolved(Resolution.Fixed, 2), Life.Ben)
                .Then(new FeedbackGiven(2, 3, GiveFeedback.Scale), Life.Customer).Then(new FeedbackGiven(2, 4, GiveFeedback.Scale), Life.Customer),
            "cycle, resolver, rating, positive, ratings, rated_version, comment_at is not null, reopened_after", "ticket_cycle"))
        .ShouldBe("1|ann|1|False|1|3|True|0 / 2|ben|4|True|2|7|False|");

    [Fact]
    public async Task E1_a_rating_on_an_unknown_scale_is_neither_good_nor_bad() =>
        (await Fact(
            new Life().Then(new TicketResolved(Resolution.Fixed, 1)).Then(new FeedbackGiven(1, 9, "stars-10"), Life.Customer), "rating, positive", "ticket_cycle"))
        .ShouldBe("9|");

    [Fact]
    public async Task E2_a_reviewed_comment_has_its_category_and_a_new_comment_asks_again() =>
        (await Fact(
            new Life().Then(new TicketResolved(Resolution.Fixed, 1)).Then(new FeedbackGiven(1, 2, GiveFeedback.Scale, Text), Life.Customer)
                .Then(new FeedbackReviewed(1, "speed")).After(TimeSpan.FromHours(1)).Then(new FeedbackGiven(1, 1, GiveFeedback.Scale, Text), Life.Customer),
            "category, comment_at, reviewed_at", "ticket_cycle")).ShouldBe("speed|2026-03-02 10:00:00|");

    [Fact]
    public async Task E5_the_time_on_each_line_is_that_of_the_open_ticket() =>
        (await Fact(
            new Life().After(TimeSpan.FromMinutes(1)).Then(new TicketEscalated(SupportLine.L1, SupportLine.L2, Text)).After(TimeSpan.FromMinutes(2))
                .Then(new TicketResolved(Resolution.Fixed, 1)).After(TimeSpan.FromDays(1)).Then(new TicketReopened(ReopenCause.Agent))
                .After(TimeSpan.FromMinutes(4)).Then(new TicketClosed(CloseCause.Agent)),
            "on_l1, on_l2, on_l3")).ShouldBe("60000000|360000000|0");

    [Fact]
    public async Task E5_labels_count_rows_and_entries_and_tell_the_way_a_ticket_went() =>
        (await Fact(
            new Life(source: "log", state: "s", activity: "work").Row("wait", "s", Life.Ann, new ActivityImported("wait"))
                .Row("wait", "s", Life.Ann, new WaitingStarted(WaitingReason.Customer), new TicketAssigned(new AgentId("ann"))).Row("work", "s", Life.Ben, new WaitingEnded(WaitingEnd.Imported))
                .Then(new NoteAdded(Guid.Empty, Text)),
            "labels, source_rows, actor_changes")).ShouldBe("""[["work", 2, 2], ["wait", 2, 1], ["note_added", 1, 1]]|4|2""");

    [Fact]
    public async Task E6_a_purged_ticket_keeps_its_figures()
    {
        const string figures = "highest_line, first_resolved_at, resolver, how, left_out, reopens, first_answer_at, answers";
        var before = await Fact(Lives.Ordinary(), figures);
        (await Fact(Lives.Ordinary().Then(new TicketPurged("certificate"), Actor.System), figures)).ShouldBe(before);
    }
}
