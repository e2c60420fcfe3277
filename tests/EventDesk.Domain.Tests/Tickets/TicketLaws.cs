using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using FsCheck;
using FsCheck.Fluent;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Tickets;

/// <summary>What holds for every ticket, whatever people do to it and in which order.</summary>
public sealed class TicketLaws
{
    sealed record Step(TicketCommand Command, Actor By, int Hours)
    {
        public override string ToString() => $"+{Hours}h {By.Role} {Command}";
    }

    static readonly Gen<SupportLine> Lines = Gen.Elements(Enum.GetValues<SupportLine>());
    static readonly Gen<Severity> Severities = Gen.Elements(Enum.GetValues<Severity>());
    static readonly Gen<string[]> Words = Gen.Elements("a", "b", "c", "d").ListOf().Select(l => l.ToArray());
    static readonly Gen<SealedText> Text = Gen.Elements("x", "y").Select(s => new SealedText(s));
    static readonly Gen<SealedText?> Perhaps = Gen.Elements<SealedText?>(null, new SealedText("x"));

    static readonly Gen<TicketCommand> Commands = Gen.OneOf(
        As(Lines.Select(l => new TriageTicket(l, "team"))),
        As(Gen.Elements("ann", "bob").Select(a => new AssignTicket(new AgentId(a)))),
        As(Perhaps.Select(r => new UnassignTicket(r))),
        As(Text.Select(t => new ReceiveCustomerMessage(Guid.Empty, Channel.Email, t))),
        As(Text.Select(t => new SendReply(Guid.Empty, Channel.Email, t))),
        As(Text.Select(t => new AddNote(Guid.Empty, t))),
        As(Severities.Select(s => new AssessSeverity(s))),
        As(Severities.Select(s => new AssessSeverity(s))),
        As(Text.Select(t => new EscalateTicket(t))),
        As(Text.Select(t => new EscalateTicket(t))),
        As(Lines.Select(l => new DeEscalateTicket(l, "x"))),
        As(Gen.Elements(true, true, false).Select(yes => new EvaluateEscalation(yes, "x"))),
        As(Text.Select(t => new DeclareUnresolvable(t))),
        As(Gen.Elements(Enum.GetValues<WaitingReason>()).Zip(Gen.Choose(0, 3), (reason, days) => new StartWaiting(reason, days == 0 ? null : Morning.AddDays(days)))),
        As(Gen.Elements(WaitingEnd.Agent, WaitingEnd.DateReached).Select(c => new EndWaiting(c))),
        As(Gen.Elements(Resolution.Fixed, Resolution.Spam).Select(r => new ResolveTicket(r))),
        As(Gen.Elements(ReopenCause.Customer, ReopenCause.Agent).Select(c => new ReopenTicket(c))),
        As(Gen.Elements(CloseCause.Agent, CloseCause.CustomerAcknowledged, CloseCause.WindowElapsed).Select(c => new CloseTicket(c))),
        As(Gen.Choose(0, 6).Zip(Perhaps, (rating, comment) => new GiveFeedback(rating, comment))),
        As(Text.Select(t => new ReviewFeedback("speed", t))),
        As(Words.Zip(Words, (add, remove) => new TagTicket(add, remove))),
        As(Text.Select(t => new PlaceLegalHold(t))),
        As(Text.Select(t => new LiftLegalHold(t))));

    static readonly Gen<Step> Steps =
        from command in Commands
        from actor in Gen.Elements(Ann, Customer, Actor.System)
        from hours in Gen.Frequency((9, Gen.Choose(0, 5)), (1, Gen.Constant(24 * 15)))
        select new Step(command, actor, hours);

    static Gen<TicketCommand> As<T>(Gen<T> gen) where T : TicketCommand => gen.Select(c => (TicketCommand)c);

    /// <summary>Up to 60 steps; a failing run is cut down step by step.</summary>
    static readonly Arbitrary<Step[]> Lives = Arb.From(
        Gen.Choose(1, 60).SelectMany(n => Steps.ArrayOf(n)),
        steps => Enumerable.Range(0, steps.Length).Select(i => steps.Where((_, at) => at != i).ToArray()));

    sealed record Moment(Ticket Before, Step Step, Circumstances Circumstances, Decision Decision, Ticket After);

    /// <summary>Lives through all steps; every decision and every fold on the way is a chance to fail.</summary>
    static List<Moment> Live(Step[] steps)
    {
        var now = Morning;
        var t = Ticket.Evolve(Ticket.None, steps.Length % 2 == 0 ? Opened : OpenedByForm, now, byStaff: false);
        List<Moment> moments = [];
        foreach (var step in steps)
        {
            now += TimeSpan.FromHours(step.Hours);
            var circumstances = new Circumstances(now, step.By, DeskRules.Default);
            var decision = step.Command.Handle(t, circumstances);
            var after = Fold(t, decision, circumstances);
            moments.Add(new Moment(t, step, circumstances, decision, after));
            t = after;
        }
        return moments;
    }

    static Ticket Fold(Ticket t, Decision decision, Circumstances c) => decision is Decision.Accepted accepted
        ? accepted.Events.Aggregate(t, (state, d) => Ticket.Evolve(state, d.Event, c.Now, c.By.IsStaff))
        : t;

    static void Always(Func<Moment, bool> law) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Lives, steps => Live(steps).All(law)));

    [Fact]
    public void An_accepted_command_has_events_and_deciding_twice_decides_the_same() => Always(m =>
        m.Decision is not Decision.Accepted { Events.Count: 0 }
        && Print(m.Step.Command.Handle(m.Before, m.Circumstances)) == Print(m.Decision));

    [Fact]
    public void A10_a_refused_command_changes_nothing() => Always(m => m.Decision is Decision.Accepted || ReferenceEquals(m.Before, m.After));

    [Fact]
    public void A10_repeating_a_command_that_had_nothing_to_do_is_harmless() => Always(m =>
        m.Decision is not Decision.NothingToDo || m.Step.Command.Handle(m.After, m.Circumstances) is Decision.NothingToDo);

    [Fact]
    public void A10_states_are_reached_once_repeating_the_command_adds_no_event() => Always(m =>
        m.Step.Command is not (AssignTicket or UnassignTicket or StartWaiting or EndWaiting or ResolveTicket or ReopenTicket or CloseTicket or TagTicket
            or PlaceLegalHold or LiftLegalHold)
        || m.Decision is Decision.Refused
        || m.Step.Command.Handle(m.After, m.Circumstances) is Decision.NothingToDo);

    [Fact]
    public void E3_the_highest_line_never_sinks_and_is_never_below_the_line() => Always(m =>
        m.After.HighestLine >= m.Before.HighestLine && m.After.HighestLine >= m.After.Line);

    [Fact]
    public void A4_A5_a_line_is_climbed_one_at_a_time_after_its_own_assessment() => Always(m =>
        m.After.Line <= m.Before.Line || m.Step.Command is TriageTicket
        || (m.After.Line == m.Before.Line + 1 && (m.Before.AssessedOnLine || m.Step.Command is DeclareUnresolvable)
            && (m.Before.Line != SupportLine.L2 || m.Before.ManagementApproved == true)));

    [Fact]
    public void A4_A5_on_a_new_line_nothing_is_assessed_or_evaluated_yet() => Always(m =>
        m.After.Line == m.Before.Line || (!m.After.AssessedOnLine && m.After.ManagementApproved is null));

    [Fact]
    public void C3_the_first_response_is_set_once_and_only_by_a_public_answer_of_staff() => Always(m =>
        m.Before.FirstAnswerAt == m.After.FirstAnswerAt
        || (m.Before.FirstAnswerAt is null && m.Step is { Command: SendReply, By.IsStaff: true } && m.After.FirstAnswerAt == m.Circumstances.Now));

    [Fact]
    public void C3_a_note_never_stops_a_clock() => Always(m =>
        m.Step.Command is not AddNote || (m.After.FirstAnswerAt == m.Before.FirstAnswerAt && m.After.UnansweredSince == m.Before.UnansweredSince));

    [Fact]
    public void C4_further_customer_messages_never_move_the_oldest_unanswered_one() => Always(m =>
        m.Step.Command is not ReceiveCustomerMessage || m.Decision is Decision.Refused
        || m.After.UnansweredSince == (m.Before.UnansweredSince ?? m.Circumstances.Now));

    [Fact]
    public void C4_what_is_unanswered_goes_only_by_an_answer_or_by_a_resolution() => Always(m =>
        m.Before.UnansweredSince is null || m.After.UnansweredSince == m.Before.UnansweredSince
        || (m.After.UnansweredSince is null && m.Step.Command is SendReply or ResolveTicket));

    [Fact]
    public void C4_a_customer_message_leaves_no_wait() => Always(m =>
        m.Step.Command is not ReceiveCustomerMessage || m.Decision is Decision.Refused || m.After.Waiting is null);

    [Fact]
    public void A7_only_a_resolved_ticket_closes_and_only_an_open_one_waits_or_has_a_place() => Always(m =>
        (m.After.Status != Status.Closed || m.Before.Status != Status.Open)
        && (m.After.Waiting is null || m.After.Status == Status.Open)
        && m.After.Place is null == (m.After.Status != Status.Open));

    [Fact]
    public void E1_cycles_count_the_resolutions() => Always(m =>
        m.After.Cycle == m.Before.Cycle + (m.Before.Status == Status.Open && m.After.Status == Status.Resolved ? 1 : 0));

    [Fact]
    public void A11_what_no_person_chose_names_its_rule() => Always(m => m.Decision is not Decision.Accepted { Events: var events }
        || events.All(d => d.Rule is not null == d.Event is (WaitingEnded { Cause: not WaitingEnd.Agent } or TicketReopened { Cause: ReopenCause.CustomerMessage }
            or TicketClosed { Cause: CloseCause.WindowElapsed } or ManagementEscalated or SeverityChanged)));

    static string Print(Decision d) => d is Decision.Accepted a ? string.Join('\n', a.Events.Select(TicketSpec.Print)) : d.ToString()!;
}
