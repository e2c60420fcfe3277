using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;
using static EventDesk.Domain.Tests.Sla.ClockWorld;

namespace EventDesk.Domain.Tests.Sla;

public sealed class SlaClockTests
{
    static readonly SendReply Reply = new(Guid.Empty, Channel.Email, "r");
    static readonly ReceiveCustomerMessage Message = new(Guid.Empty, Channel.Email, "m");

    static DateTimeOffset? Due(Told t, DateTimeOffset at) => t.Ticket.Clock!.Read(at, t.Organisation.Hours).Due?.ToDateTimeOffset();

    [Theory]
    [InlineData("billing/pl", Severity.High, "2026-10-23T13:30Z", "2026-10-26T08:30Z")] // Friday 15:30 in Warsaw, 2 working hours, over the end of summer time
    [InlineData("billing/ar", Severity.High, "2026-11-19T14:00Z", "2026-11-22T07:00Z")] // Thursday 17:00 in Riyadh → Sunday 10:00
    [InlineData("billing/en", Severity.High, "2026-11-19T23:30Z", "2026-11-20T01:30Z")] // round the clock
    [InlineData("cloud/pl", Severity.Critical, "2026-11-20T15:30Z", "2026-11-20T16:30Z")] // VIP, Friday 16:30, 1 h of all time
    [InlineData("cloud/pl", Severity.High, "2026-11-20T15:30Z", "2026-11-20T16:00Z")] // VIP, 30 working minutes end at closing time
    [InlineData("billing/pl", Severity.Standard, "2026-11-20T13:00Z", "2026-11-23T13:00Z")] // one working day of the desk: 8 hours
    public void C1_C2_golden_cases_through_a_ticket(string desk, Severity severity, string received, string due) =>
        Due(ATicket().Open(At(received), desk, severity), At(received)).ShouldBe(At(due));

    [Fact]
    public void C2_the_fixed_offset_desk_ignores_summer_time() =>
        Due(ATicket(Desks with { Contracts = [Vip, Standard with { Targets = [new(Severity.Standard, new("1h", TimeCounted.Working))] }] })
            .Open(At("2026-07-06T04:30Z"), "billing/fi"), At("2026-07-06T04:30Z")).ShouldBe(At("2026-07-06T07:00Z"));

    [Fact]
    public void C6_an_answer_exactly_on_time_is_met_and_one_second_late_is_a_breach_however_late_one_looks()
    {
        var opened = At("2026-11-18T09:00Z");
        var due = opened.AddHours(1);
        ATicket().Open(opened, "billing/pl", Severity.Critical).Do(Reply, due, Ann).All<SLABreached>().ShouldBeEmpty();
        var late = ATicket().Open(opened, "billing/pl", Severity.Critical).Do(Reply, due.AddSeconds(1), Ann);
        late.All<SLABreached>().ShouldBe([new SLABreached(SlaClockKind.FirstResponse, due)]);
        late.Do(new WakeTicket(), due.AddDays(3), Actor.System).All<SLABreached>().Count().ShouldBe(1);
        late.Clocks[0].ShouldSatisfyAllConditions(c => c.Clock.Breached.ShouldBeTrue(), c => c.By.ShouldBe(ClockEnd.Answer), c => c.Stopped.ShouldBe(due.AddSeconds(1)));
    }

    [Fact]
    public void C6_a_warning_and_a_breach_are_written_once_each_and_name_the_contract_as_their_rule()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/pl", Severity.Critical);
        for (var minute = 0; minute <= 120; minute++)
            t.Do(new WakeTicket(), opened.AddMinutes(minute), Actor.System);
        t.Events.Where(e => e.Event is SlaWarned).Select(e => e.At).ShouldBe([opened.AddMinutes(48)]);
        t.Events.Where(e => e.Event is SLABreached).Select(e => e.At).ShouldBe([opened.AddMinutes(61)]);
        new WakeTicket().Handle(ATicket().Open(opened, "billing/pl", Severity.Critical).Ticket, new Circumstances(opened.AddHours(2), Actor.System, DeskRules.Default, t.Organisation))
            .ShouldBeOfType<Decision.Accepted>().Events.ShouldHaveSingleItem().Rule.ShouldBe(new RuleRef("contract/standard", 1));
    }

    [Fact]
    public void C3_notes_bots_and_automatic_replies_never_stop_the_first_response_and_it_never_pauses()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/pl", Severity.Critical)
            .Do(new AddNote(Guid.Empty, "n"), opened.AddMinutes(1), Ann).Do(Reply, opened.AddMinutes(2), Actor.System)
            .Do(new StartWaiting(WaitingReason.Customer), opened.AddMinutes(3), Ann);
        t.Ticket.Clock!.ShouldSatisfyAllConditions(c => c.Kind.ShouldBe(SlaClockKind.FirstResponse), c => c.IsRunning.ShouldBeTrue());
        Due(t, opened.AddMinutes(4)).ShouldBe(opened.AddHours(1));
    }

    [Fact]
    public void C3_a_resolution_without_an_answer_stops_it_for_ever_and_is_told_apart()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/pl", Severity.Critical).Do(new ResolveTicket(Resolution.Fixed), opened.AddMinutes(5), Ann)
            .Do(Message, opened.AddMinutes(10), Customer);
        t.Clocks.Select(c => (c.Clock.Kind, c.By)).ShouldBe([(SlaClockKind.FirstResponse, ClockEnd.Resolution), (SlaClockKind.NextResponse, null)]);
    }

    [Fact]
    public void C4_the_next_response_counts_from_the_oldest_unanswered_message_pauses_and_goes_on_with_the_customer()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/pl", Severity.Critical).Do(Reply, opened.AddMinutes(10), Ann)
            .Do(Message, opened.AddMinutes(20), Customer).Do(Message, opened.AddMinutes(50), Customer)
            .Do(new StartWaiting(WaitingReason.ThirdParty), opened.AddMinutes(60), Ann);
        t.Ticket.Clock!.Read(opened.AddMinutes(90), t.Organisation.Hours).ShouldSatisfyAllConditions(
            f => f.State.ShouldBe(ClockState.Paused), f => f.Elapsed.ShouldBe(Duration.FromMinutes(40)), f => f.Due.ShouldBeNull());
        t.Do(Message, opened.AddMinutes(100), Customer);
        Due(t, opened.AddMinutes(100)).ShouldBe(opened.AddMinutes(180)); // 2 h less the 40 minutes
        t.Do(Reply, opened.AddMinutes(110), Ann).Ticket.Clock.ShouldBeNull();
    }

    [Fact]
    public void C5_a_changed_severity_carries_the_time_over_and_a_recorded_breach_stays()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/pl", Severity.Defect).Do(new AssessSeverity(Severity.Critical), opened.AddMinutes(30), Ann);
        Due(t, opened.AddMinutes(30)).ShouldBe(opened.AddHours(1));
        t.Do(new WakeTicket(), opened.AddMinutes(61), Actor.System).Do(new AssessSeverity(Severity.Standard), opened.AddMinutes(70), Ann);
        t.Ticket.Clock!.Read(opened.AddMinutes(70), t.Organisation.Hours).State.ShouldBe(ClockState.Breached);
        t.Do(Reply, opened.AddMinutes(80), Ann).All<SLABreached>().Count().ShouldBe(1);
    }

    [Fact]
    public void C5_moving_to_another_desk_counts_each_stretch_in_the_hours_of_its_desk()
    {
        var opened = At("2026-11-20T14:00Z"); // Friday 15:00 in Warsaw: one hour until it closes
        var t = ATicket().Open(opened, "billing/pl", Severity.High).Do(new MoveTicket("billing", "en"), opened.AddHours(10), Ann);
        Due(t, opened.AddHours(10)).ShouldBe(opened.AddHours(11)); // round the clock from there on
    }

    [Fact]
    public void C1_promises_run_beside_targets_and_never_breach()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "cloud/pl", Severity.Defect).Do(Reply, opened.AddHours(1), Ann).Do(Message, opened.AddHours(2), Customer);
        var target = t.Ticket.Clock!.Target;
        (target.Seconds, target.PromiseSeconds).ShouldBe((null, 24 * 3600));
        t.Do(new WakeTicket(), opened.AddDays(30), Actor.System).All<SLABreached>().ShouldBeEmpty();
    }

    [Fact]
    public void B1_in_unknown_hours_a_working_clock_is_undetermined_and_never_breaches()
    {
        var opened = At("2026-11-18T09:00Z");
        var t = ATicket().Open(opened, "billing/sv", Severity.High);
        t.Ticket.Clock!.Read(opened.AddDays(9), t.Organisation.Hours).State.ShouldBe(ClockState.Undetermined);
        t.Do(Reply, opened.AddDays(9), Ann).All<SLABreached>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3, true)] // after the budget of two hours: it had come due
    [InlineData(1, false)] // before: nobody can say
    public void B1_when_hours_become_unknown_what_had_come_due_is_a_breach_and_nothing_else_is_foreseen(int hours, bool breached)
    {
        var opened = At("2026-11-18T09:00Z");
        var known = new Told(OrganisationHistory.Of(Desks)).Open(opened, "billing/pl", Severity.High);
        var unknown = known.Organisation.With(new CalendarDefinition("pl", "Europe/Warsaw"), Instant.FromDateTimeOffset(opened.AddHours(hours)));
        (known.Ticket.Clock!.Read(opened, unknown.Hours).BreachAt is not null).ShouldBe(breached);
        var late = new WakeTicket().Handle(known.Ticket, new Circumstances(opened.AddDays(2), Actor.System, DeskRules.Default, unknown));
        (late is Decision.Accepted { Events: [{ Event: SLABreached }] }).ShouldBe(breached);
    }

    [Fact]
    public void B2_a_new_calendar_moves_what_runs_and_nothing_that_was()
    {
        var opened = At("2026-11-18T09:00Z"); // Wednesday 10:00 in Warsaw
        var t = ATicket().Open(opened, "billing/pl", Severity.Standard);
        var shorter = t.Organisation.With(Week("pl", "Europe/Warsaw", "08:00-12:00", "wednesday", "thursday", "friday"), Instant.FromDateTimeOffset(opened.AddHours(1)));
        t.Ticket.Clock!.Read(opened, t.Organisation.Hours).Due!.Value.ToDateTimeOffset().ShouldBe(At("2026-11-19T09:00Z"));
        t.Ticket.Clock!.Read(opened, shorter.Hours).Due!.Value.ToDateTimeOffset().ShouldBe(At("2026-11-20T09:00Z")); // 1 h + 1 h, 4 h, 2 h
        t.Ticket.Clock!.Elapsed(Instant.FromDateTimeOffset(opened.AddHours(1)), shorter.Hours).ShouldBe(Duration.FromHours(1));
    }

    [Fact]
    public void B2_a_new_contract_version_holds_for_clocks_that_start_after_it()
    {
        var opened = At("2026-11-18T09:00Z");
        var before = new Told(OrganisationHistory.Of(Desks)).Open(opened, "billing/pl", Severity.Critical);
        var changed = before.Organisation.With(Standard with { Targets = [new(Severity.Critical, new("5m"), new("5m"))] }, Instant.FromDateTimeOffset(opened.AddMinutes(1)));
        var t = new Told(changed).Open(opened, "billing/pl", Severity.Critical).Do(new AddNote(Guid.Empty, "n"), opened.AddMinutes(2), Ann);
        Due(t, opened.AddMinutes(2)).ShouldBe(opened.AddHours(1));
        t.Do(Reply, opened.AddMinutes(10), Ann).Do(Message, opened.AddMinutes(20), Customer);
        Due(t, opened.AddMinutes(20)).ShouldBe(opened.AddMinutes(25));
        t.Ticket.Targets!.Version.ShouldBe(2);
    }
}
