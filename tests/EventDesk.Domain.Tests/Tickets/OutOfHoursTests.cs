using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;
using static EventDesk.Domain.Tests.Sla.ClockWorld;

namespace EventDesk.Domain.Tests.Tickets;

public sealed class OutOfHoursTests
{
    /// <summary>Two intervals a day, the second up to midnight and on into the next day; a holiday and a date with hours of its own.</summary>
    static readonly CalendarDefinition Late = new(
        "late", "Europe/Warsaw",
        new Dictionary<string, IReadOnlyList<string>> { ["wednesday"] = ["08:00-12:00", "18:00-24:00"], ["thursday"] = ["00:00-02:00"], ["friday"] = ["18:00-24:00"] },
        new Dictionary<string, IReadOnlyList<string>> { ["2026-12-23"] = ["10:00-11:00"] }, ["2026-12-30"]);

    static readonly SupportOrganisation World = Desks with
    {
        Desks = [.. Desks.Desks, new("cloud", "fi", Calendar: "late", Contract: "standard"), new("cloud", "ar")],
        Calendars = [.. Desks.Calendars!, Late],
    };

    static Told Called(string at, string desk = "billing/pl", Severity? severity = Severity.Critical) => ATicket(World).Open(At(at), desk, severity, Channel.Phone);

    [Theory]
    [InlineData("2026-11-18T06:59Z", "billing/pl", true)] // a minute before eight in Warsaw
    [InlineData("2026-11-18T07:00Z", "billing/pl", false)] // exactly at opening it is open
    [InlineData("2026-11-18T14:59Z", "billing/pl", false)]
    [InlineData("2026-11-18T15:00Z", "billing/pl", true)] // exactly at closing it is closed
    [InlineData("2026-11-21T10:00Z", "billing/pl", true)] // Saturday
    [InlineData("2026-11-18T03:00Z", "billing/en", false)] // round the clock
    [InlineData("2026-11-18T11:30Z", "cloud/fi", true)] // between two intervals
    [InlineData("2026-11-18T23:00Z", "cloud/fi", false)] // midnight: 24:00 of one day touches 00:00 of the next
    [InlineData("2026-11-20T23:00Z", "cloud/fi", true)] // 24:00 and nothing behind it
    [InlineData("2026-12-23T08:30Z", "cloud/fi", true)] // a date with hours of its own, before them
    [InlineData("2026-12-23T09:30Z", "cloud/fi", false)]
    [InlineData("2026-12-30T08:30Z", "cloud/fi", true)] // a holiday
    [InlineData("2026-11-20T15:30Z", "cloud/pl", false)] // 16:30: the plan's own hours still count when its desk has closed
    [InlineData("2026-11-20T07:30Z", "cloud/pl", true)] // 08:30: the desk is open, the plan's hours are not
    [InlineData("2026-11-18T03:00Z", "billing/sv", false)] // hours nobody knows are not over
    [InlineData("2026-11-18T03:00Z", "cloud/ar", false)] // nor are those of a desk without a calendar
    public void B4_a_call_outside_hours_is_owed_a_call_back_and_mail_is_collected(string at, string desk, bool outside)
    {
        var call = ATicket(World).Open(At(at), desk, channel: Channel.Phone);
        call.All<CallbackRequested>().Count().ShouldBe(outside ? 1 : 0);
        call.Ticket.Callback.ShouldBe(outside ? new OwedCallback(At(at)) : null);
        var mail = ATicket(World).Open(At(at), desk, channel: Channel.Email);
        mail.All<MailCollected>().Count().ShouldBe(outside ? 1 : 0);
        mail.Ticket.CollectedAt.ShouldBe(outside ? At(at) : null);
        (mail.Ticket.Callback, call.Ticket.CollectedAt).ShouldBe((null, null));
        var form = ATicket(World).Open(At(at), desk, channel: Channel.Portal);
        (form.Ticket.Callback, form.Ticket.CollectedAt).ShouldBe((null, null));
    }

    [Fact]
    public void A11_what_is_done_outside_hours_names_its_rule_and_whose_hours_were_over()
    {
        var circumstances = new Circumstances(At("2026-11-20T07:30Z"), Customer, DeskRules.Default, OrganisationHistory.Of(World));
        OpenTicket open = new(17, "cloud", "pl", Channel.Phone, new Requester(new CustomerId(Guid.Empty)), "s", "b");
        ((Decision.Accepted)open.Handle(Ticket.None, circumstances)).Events.ShouldContain(new Decided(new CallbackRequested("contract/vip"), AutomaticRules.CallsOutsideHoursAreReturned));
        var mail = (Decision.Accepted)(open with { Channel = Channel.Email }).Handle(Ticket.None, circumstances);
        mail.Events.ShouldContain(new Decided(new MailCollected("contract/vip"), AutomaticRules.MailOutsideHoursIsCollected));
    }

    [Fact]
    public void B4_the_call_back_has_a_clock_of_its_own_beside_the_first_response()
    {
        var t = Called("2026-11-18T16:00Z"); // 17:00, an hour after closing
        t.Clocks.Select(c => (c.Number, c.Clock.Kind, c.Clock.Target.Seconds)).ShouldBe([(1, SlaClockKind.FirstResponse, 3600), (2, SlaClockKind.Callback, 7200)]);
        var face = t.Ticket.CallbackClock!.Read(At("2026-11-18T16:00Z"), t.Organisation.Hours);
        (face.Due?.ToDateTimeOffset(), face.Elapsed).ShouldBe((At("2026-11-19T09:00Z"), Duration.Zero)); // two hours from eight o'clock on
        t.Do(new WakeTicket(), At("2026-11-19T08:40Z"), Actor.System);
        t.All<SlaWarned>().Select(w => w.Clock).ShouldBe([SlaClockKind.Callback]); // the first response had breached already
        t.Do(new WakeTicket(), At("2026-11-19T09:01Z"), Actor.System).Do(new WakeTicket(), At("2026-11-19T09:02Z"), Actor.System);
        t.All<SLABreached>().Select(b => (b.Clock, b.Due)).ShouldBe([(SlaClockKind.FirstResponse, At("2026-11-18T17:00Z")), (SlaClockKind.Callback, At("2026-11-19T09:00Z"))]);
    }

    [Theory]
    [InlineData(Severity.Critical, "2026-11-19T09:00Z")] // the plan's: two working hours
    [InlineData(Severity.Defect, "2026-11-19T04:00Z")] // the severity's own: twelve hours of any time
    public void C1_the_time_to_call_back_is_the_severitys_or_the_plans_in_its_own_kind_of_time(Severity severity, string due)
    {
        var t = Called("2026-11-18T16:00Z", severity: severity);
        t.Ticket.CallbackClock!.Read(At("2026-11-18T16:00Z"), t.Organisation.Hours).Due.ShouldBe(Instant.FromDateTimeOffset(At(due)));
    }

    [Fact]
    public void C1_a_plan_may_promise_more_than_it_owes_and_one_without_a_time_owes_the_call_all_the_same()
    {
        Called("2026-11-21T10:00Z", "cloud/pl").Ticket.CallbackClock!.Target.ShouldBe(new ClockTarget(3600, "contract/vip", 2880, 1800, "contract/vip"));
        var untimed = ATicket(World with { Contracts = [Vip, Standard with { Callback = null }] }).Open(At("2026-11-21T10:00Z"), "billing/pl", Severity.Critical, Channel.Phone);
        (untimed.Ticket.Callback is not null, untimed.Ticket.CallbackClock).ShouldBe((true, null));
    }

    [Fact]
    public void C3_who_was_reached_has_an_answer_and_an_attempt_that_reached_nobody_is_counted()
    {
        var t = Called("2026-11-18T16:00Z", severity: Severity.Standard);
        t.Do(new CallBack(false, "busy"), At("2026-11-19T07:10Z"), Ann).Do(new CallBack(false), At("2026-11-19T07:20Z"), Ann);
        t.Ticket.Callback.ShouldBe(new OwedCallback(At("2026-11-18T16:00Z"), 2));
        t.Clocks.ShouldAllBe(c => c.Stopped == null);
        t.Do(new CallBack(true), At("2026-11-19T07:30Z"), Ann);
        t.Clocks.Select(c => (c.Clock.Kind, c.By, c.Stopped)).ShouldBe([
            (SlaClockKind.FirstResponse, ClockEnd.Callback, At("2026-11-19T07:30Z")), (SlaClockKind.Callback, ClockEnd.Callback, At("2026-11-19T07:30Z"))]);
        (t.Ticket.Callback, t.Ticket.FirstAnswerAt, t.Ticket.UnansweredSince).ShouldBe((null, At("2026-11-19T07:30Z"), null));
    }

    [Fact]
    public void C3_a_call_back_by_a_program_settles_the_call_and_answers_nobody()
    {
        var t = Called("2026-11-18T16:00Z").Do(new CallBack(true), At("2026-11-19T07:30Z"), Actor.System);
        (t.Ticket.Callback, t.Ticket.FirstAnswerAt, t.Ticket.Clock?.Kind).ShouldBe((null, null, SlaClockKind.FirstResponse));
    }

    [Fact]
    public void B4_an_answer_in_writing_leaves_the_call_owed_and_waiting_does_not_pause_it()
    {
        var t = Called("2026-11-18T16:00Z").Do(new SendReply(Guid.Empty, Channel.Email, "r"), At("2026-11-18T16:10Z"), Ann)
            .Do(new StartWaiting(WaitingReason.Customer), At("2026-11-18T16:20Z"), Ann);
        (t.Ticket.Clock, t.Ticket.CallbackClock!.IsRunning).ShouldBe((null, true));
    }

    [Fact]
    public void B4_a_second_call_does_not_restart_the_first_and_a_resolution_ends_it_told_apart()
    {
        var t = Called("2026-11-18T16:00Z").Do(new ReceiveCustomerMessage(Guid.Empty, Channel.Phone, "again"), At("2026-11-18T18:00Z"), Customer);
        (t.All<CallbackRequested>().Count(), t.Ticket.Callback!.Since).ShouldBe((2, At("2026-11-18T16:00Z")));
        t.Do(new ResolveTicket(Resolution.Fixed), At("2026-11-18T19:00Z"), Ann);
        t.Clocks.Select(c => c.By).ShouldBe([ClockEnd.Resolution, ClockEnd.Resolution]);
        t.Do(new ReceiveCustomerMessage(Guid.Empty, Channel.Phone, "no"), At("2026-11-18T20:00Z"), Customer);
        (t.Ticket.Status, t.Ticket.Callback).ShouldBe((Status.Open, new OwedCallback(At("2026-11-18T20:00Z"))));
        t.Clocks[^1].Clock.Kind.ShouldBe(SlaClockKind.Callback);
    }

    [Fact]
    public void B2_a_later_version_of_the_plan_reaches_the_call_back_that_begins_and_not_the_answer_that_runs()
    {
        var opened = At("2026-11-18T14:30Z");
        var t = new Told(OrganisationHistory.Of(World).With(
            Standard with { Targets = [new(Severity.Critical, new("5m"), new("5m"))], Callback = new("3h") }, Instant.FromDateTimeOffset(opened.AddMinutes(5))));
        t.Open(opened, "billing/pl", Severity.Critical, Channel.Phone).Do(new ReceiveCustomerMessage(Guid.Empty, Channel.Phone, "hello?"), opened.AddHours(1), Customer);
        (t.Ticket.Clock!.Target.Seconds, t.Ticket.CallbackClock!.Target.Seconds).ShouldBe((3600, 3 * 3600));
    }

    [Fact]
    public void A_call_back_nobody_owes_cannot_be_made()
    {
        TicketSpec.Given(TicketSpec.Opened).When(new CallBack(true)).ThenRefused("no_callback_owed");
        TicketSpec.Given(TicketSpec.Opened, new CallbackRequested("desk/billing/en"), TicketSpec.Resolved).When(new CallBack(true)).ThenRefused("ticket_not_open");
        TicketSpec.Given(TicketSpec.Opened, new CallbackRequested("desk/billing/en")).When(new CallBack(false, "n")).ThenEvents(new CallbackMissed("n"));
    }

    [Theory]
    [InlineData(Severity.Defect, "2026-11-18T20:00Z", 0)] // all time counts: four hours from receipt
    [InlineData(Severity.High, "2026-11-19T09:00Z", 15)] // working time: two hours from the next opening on, 15 hours after receipt
    public void B4_the_clock_of_collected_mail_follows_the_contract(Severity severity, string due, int beginsAfterHours)
    {
        var received = At("2026-11-18T16:00Z");
        var t = ATicket(World).Open(received, "billing/pl", severity, Channel.Email);
        t.Ticket.CollectedAt.ShouldBe(received);
        t.Ticket.Clock!.Read(received, t.Organisation.Hours).Due.ShouldBe(Instant.FromDateTimeOffset(At(due)));
        var counted = t.Clocks[0].Segments(At(due), t.Organisation.Hours).First(s => s.Kind == ClockSegmentKind.Running);
        counted.From.ShouldBe(Instant.FromDateTimeOffset(received.AddHours(beginsAfterHours)));
        t.Do(new SendReply(Guid.Empty, Channel.Email, "r"), At(due), Ann);
        (t.Ticket.CollectedAt, t.All<SLABreached>().Any()).ShouldBe((null, false));
    }

    [Fact]
    public void B4_mail_that_comes_exactly_at_opening_is_not_collected_and_its_clock_runs_at_once()
    {
        var opening = At("2026-11-18T07:00Z");
        var t = ATicket(World).Open(opening, "billing/pl", Severity.High, Channel.Email);
        (t.Ticket.CollectedAt, t.Ticket.Clock!.Read(opening, t.Organisation.Hours).Due).ShouldBe((null, Instant.FromDateTimeOffset(opening.AddHours(2))));
    }
}
