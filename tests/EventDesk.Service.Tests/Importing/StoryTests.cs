using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using static EventDesk.Service.Tests.Importing.Telling;

namespace EventDesk.Service.Tests.Importing;

/// <summary>F7: what rows of a log mean.</summary>
public sealed class StoryTests
{
    const string First = "10:00,open,ann,A,P3,0";

    static readonly AgentId Ann = new("ann"), Ben = new("ben");

    [Fact]
    public void The_first_row_opens_the_ticket_on_the_line_of_its_team_and_assigns_it() =>
        Tell("10:00,open,ann,A 2nd,P2,0").EventsOf().ShouldBe(
        [
            new TicketOpened(17, "router", "en", Channel.Import, new Requester(new CustomerId(default)), null, null, Severity.High, SupportLine.L2, false, "A 2nd", Source: "desk", SourceCase: "7"),
            new TicketAssigned(Ann),
        ]);

    [Fact]
    public void A_ticket_can_be_born_waiting_or_resolved()
    {
        Tell("10:00,on hold,ann,A,P2,0").Last().Last().ShouldBe(new WaitingStarted(WaitingReason.Customer));
        Tell("10:00,solved,ann,A,P2,0").EventsOf().Skip(1).ShouldBe([new TicketAssigned(Ann), new TicketResolved(Resolution.Imported, 1)]);
    }

    [Theory]
    [InlineData("A", "B 2nd")]
    [InlineData("A", "B 3rd")]
    public void A_higher_line_is_an_escalation(string from, string to)
    {
        var line = to.EndsWith("2nd", StringComparison.Ordinal) ? SupportLine.L2 : SupportLine.L3;
        Tell($"10:00,queued,ann,{from},P3,0", $"11:00,queued,ann,{to},P3,0").Last().ShouldBe([new TicketEscalated(SupportLine.L1, line, null, to)]);
    }

    [Fact]
    public void A_lower_line_is_a_de_escalation_and_another_team_of_the_line_a_transfer()
    {
        Tell("10:00,queued,ann,A 3rd,P3,0", "11:00,queued,ann,A,P3,0").Last().ShouldBe([new TicketDeEscalated(SupportLine.L3, SupportLine.L1, null, "A")]);
        Tell("10:00,queued,ann,A,P3,0", "11:00,queued,ann,B,P3,0").Last().ShouldBe([new TicketTransferred("B")]);
    }

    [Fact]
    public void Whoever_has_it_after_a_handover_is_assigned_anew() =>
        Tell(First, "11:00,open,ann,B 2nd,P3,0").Last().ShouldBe([new TicketEscalated(SupportLine.L1, SupportLine.L2, null, "B 2nd"), new TicketAssigned(Ann)]);

    [Fact]
    public void A_count_that_rises_is_a_handover_even_when_the_team_reads_the_same()
    {
        Tell(First, "11:00,seen,ann,A,P3,1").Last().ShouldBe([new TicketTransferred("A")]);
        Tell(First, "11:00,seen,ann,B,P3,1").Last().ShouldBe([new TicketTransferred("B")]);
        Tell("10:00,open,ann,A,P3,5", "11:00,seen,ann,A,P3,5").Last().ShouldBe([new ActivityImported("seen!")]);
    }

    [Fact]
    public void Queued_means_that_nobody_has_it()
    {
        Tell(First, "11:00,queued,ben,A,P3,0").Last().ShouldBe([new TicketUnassigned()]);
        Tell("10:00,queued,ben,A,P3,0", "11:00,queued,ann,A,P3,0").Last().ShouldBe([new ActivityImported("queued!")]);
    }

    [Fact]
    public void A_missing_owner_clears_only_where_the_mapping_says_so()
    {
        Tell(First, "11:00,open,?,A,P3,0").Last().ShouldBe([new TicketUnassigned()]);
        Tell(First, "11:00,seen,?,A,P3,0").Last().ShouldBe([new ActivityImported("seen!")]);
    }

    [Fact]
    public void A_program_is_an_actor_and_assigned_nothing()
    {
        var story = Tell(First, "11:00,solved,robot,A,P3,0");
        story.Last().ShouldBe([new TicketResolved(Resolution.Imported, 1)]);
        story.Events[^1].Meta.By.ShouldBe(new Actor("robot", Role.System));
        story.Ticket.Agent.ShouldBe(Ann);
    }

    [Fact]
    public void Where_nobody_is_named_nobody_is_made_up() => Tell("10:00,open,?,A,P3,0").Events[0].Meta.By.ShouldBe(new Actor("import:desk", Role.System));

    [Fact]
    public void Severity_is_assessed_and_changed_on_the_line_it_stands_on_then()
    {
        Tell(First, "11:00,open,ann,B 2nd,P1,0").Last().Skip(2).ShouldBe([new SeverityAssessed(SupportLine.L2, Severity.Critical), new SeverityChanged(Severity.Standard, Severity.Critical)]);
        Tell(First, "11:00,judged,ann,A,P3,0").Last().ShouldBe([new SeverityAssessed(SupportLine.L1, Severity.Standard)]);
        Tell("10:00,open,ann,A,?,0", "11:00,open,ann,A,P2,0").Last().ShouldBe([new SeverityAssessed(SupportLine.L1, Severity.High), new SeverityChanged(null, Severity.High)]);
    }

    [Fact]
    public void A_rule_can_set_the_line_where_no_team_tells_it() =>
        Tell("10:00,queued,ann,A,P3,0", "11:00,bug,ann,A,P3,0").Last().ShouldBe([new TicketEscalated(SupportLine.L1, SupportLine.L3, null, "A")]);

    [Fact]
    public void A_wait_begins_once_changes_its_reason_and_ends_with_any_other_phase()
    {
        Tell(First, "11:00,on hold,ann,A,P3,0").Last().ShouldBe([new WaitingStarted(WaitingReason.Customer)]);
        Tell(First, "11:00,on hold,ann,A,P3,0", "12:00,on hold,ann,A,P3,0").Last().ShouldBe([new ActivityImported("on hold!")]);
        Tell(First, "11:00,on hold,ann,A,P3,0", "12:00,at vendor,ann,A,P3,0").Last().ShouldBe([new WaitingEnded(WaitingEnd.Imported), new WaitingStarted(WaitingReason.ThirdParty)]);
        Tell(First, "11:00,on hold,ann,A,P3,0", "12:00,open,ann,A,P3,0").Last().ShouldBe([new WaitingEnded(WaitingEnd.Imported)]);
        Tell(First, "11:00,on hold,ann,A,P3,0", "12:00,done,ann,A,P3,0").Last().ShouldBe([new WaitingEnded(WaitingEnd.Imported), new TicketClosed(CloseCause.Imported)]);
    }

    [Fact]
    public void Finished_and_going_on_is_reopened_and_the_next_resolution_is_another_cycle()
    {
        var story = Tell(First, "11:00,solved,ann,A,P3,0", "12:00,open,ben,A,P3,0", "13:00,solved,ben,A,P3,0", "14:00,done,ben,A,P3,0", "15:00,on hold,ben,A,P3,0");
        story.EventsOf().Skip(2).ShouldBe(
        [
            new TicketResolved(Resolution.Imported, 1), new TicketReopened(ReopenCause.Imported), new TicketAssigned(Ben), new TicketResolved(Resolution.Imported, 2),
            new TicketClosed(CloseCause.Imported), new TicketReopened(ReopenCause.Imported), new WaitingStarted(WaitingReason.Customer),
        ]);
    }

    [Fact]
    public void A_straggler_of_an_earlier_state_ends_a_wait_and_reopens_nothing()
    {
        Tell(First, "11:00,solved,ann,A,P3,0", "12:00,late,ann,A,P3,0").Last().ShouldBe([new ActivityImported("late!")]);
        Tell(First, "11:00,on hold,ann,A,P3,0", "12:00,late,ann,A,P3,0").Last().ShouldBe([new WaitingEnded(WaitingEnd.Imported)]);
    }

    [Fact]
    public void A_row_that_changes_nothing_or_that_no_rule_knows_is_kept_as_an_activity()
    {
        Tell(First, "11:00,seen,ann,A,P3,0").Last().ShouldBe([new ActivityImported("seen!")]);
        Tell(First, "11:00,never heard,ann,A,P3,0").Last().ShouldBe([new ActivityImported("never heard!")]);
    }

    [Fact]
    public void Gates_of_the_present_are_not_asked_of_the_past() =>
        Tell("10:00,queued,ann,A,?,0", "11:00,queued,ann,A 3rd,?,0").Last().ShouldBe([new TicketEscalated(SupportLine.L1, SupportLine.L3, null, "A 3rd")]);

    [Fact]
    public void Every_event_carries_its_rows_time_label_and_state_and_the_rows_first_one_its_number()
    {
        var story = Tell(First, "11:00,solved,ben,B 2nd,P1,0");
        var second = story.Events.Skip(2).ToList();
        second.Count.ShouldBe(5);
        second.ShouldAllBe(e => e.Meta.Activity == "solved!" && e.Meta.SourceState == "solved" && e.Meta.Occurred.Hour == 11 && e.Meta.Recorded == Recorded);
        story.Events.Select(e => e.Meta.SourceRow).ShouldBe([1, null, 2, null, null, null, null]);
    }

    [Fact]
    public void An_opening_of_its_own_time_stands_before_the_first_row_and_is_none()
    {
        var mapping = Parse(Desk.Replace("\"time\":", "\"opened\": { \"column\": \"opened\" }, \"time\":", StringComparison.Ordinal));
        var told = Read(mapping, "case,at,opened,status,owner,team,prio,count\n7,2020-01-01T10:00Z,2020-01-01T09:50Z,seen,ann,A,P3,0\n7,2020-01-01T11:00Z,2020-01-01T09:50Z,seen,ann,A,P3,0\n");
        var story = Tell(mapping, told.Single());
        story.Events.Select(e => (e.Event.GetType(), e.Meta.Occurred.TimeOfDay.TotalMinutes, e.Meta.SourceRow, e.Meta.SourceState)).ShouldBe(
        [
            (typeof(TicketOpened), 590, null, null), (typeof(ActivityImported), 600, 1, "seen"), (typeof(ActivityImported), 660, 2, "seen"),
        ]);
    }

    [Fact]
    public void The_state_is_what_its_events_fold_to()
    {
        var story = Tell(First, "11:00,on hold,ben,B 2nd,P1,0", "12:00,solved,robot,C 3rd,P1,0");
        story.Ticket.ShouldBe(story.Events.Aggregate(Ticket.None, (t, e) => Ticket.Evolve(t, e.Event, e.Meta.Occurred, e.Meta.By.IsStaff)));
        (story.Ticket.Status, story.Ticket.HighestLine, story.Ticket.Cycle).ShouldBe((Status.Resolved, SupportLine.L3, 1));
    }
}
