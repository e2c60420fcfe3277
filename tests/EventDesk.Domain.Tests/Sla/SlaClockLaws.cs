using EventDesk.Domain.Access;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using NodaTime;
using static EventDesk.Domain.Tests.Sla.ClockWorld;

namespace EventDesk.Domain.Tests.Sla;

/// <summary>What holds for every clock, whatever happens to its ticket.</summary>
public sealed class SlaClockLaws
{
    static Instant I(DateTimeOffset at) => Instant.FromDateTimeOffset(at);

    [Fact]
    public void C2_the_segments_of_a_clock_leave_no_gap_and_add_up_to_what_has_elapsed() => ForAll(life =>
    {
        var t = life.Tell();
        foreach (var clock in t.Clocks)
        {
            var until = clock.Stopped ?? life.Looked;
            var segments = clock.Segments(life.Looked, t.Organisation.Hours);
            segments.Aggregate(Duration.Zero, (sum, s) => sum + s.Counted).ShouldBe(StoppedAt(clock).Elapsed(I(until), t.Organisation.Hours));
            segments.Aggregate(I(clock.Clock.Started), (at, s) => s.From == at ? s.To : throw new InvalidOperationException("a gap")).ShouldBe(I(until));
        }
    });

    [Fact]
    public void C2_elapsed_never_shrinks_and_due_is_the_first_instant_that_reaches_the_target() => ForAll(life =>
    {
        var t = life.Tell();
        foreach (var clock in t.Ticket.Clocks) Due(clock, life.Looked, t.Organisation.Hours);
    });

    static void Due(SlaClock clock, DateTimeOffset looked, HoursOf hours)
    {
        var now = I(looked);
        clock.Elapsed(now + Duration.FromMinutes(7), hours).ShouldBeGreaterThanOrEqualTo(clock.Elapsed(now, hours));
        if (clock.Read(looked, hours) is not { Due: { } due, BreachAt: var breach } || clock.Target.Seconds is not { } seconds) return;
        var target = Duration.FromSeconds(seconds);
        if (clock.IsRunning && due > I(clock.Stretches[^1].From))
        {
            clock.Elapsed(due, hours).ShouldBe(target);
            clock.Elapsed(due - Duration.FromMilliseconds(1), hours).ShouldBeLessThan(target);
        }
        if (breach is { } at)
            clock.Elapsed(Instant.Max(at, I(clock.Stretches[^1].From)) + Duration.FromMilliseconds(1), hours).ShouldBeGreaterThan(target);
    }

    [Fact]
    public void C6_there_is_a_breach_exactly_where_more_time_elapsed_than_the_target_and_never_two() => ForAll(life =>
    {
        var t = life.Tell();
        foreach (var clock in t.Clocks.Where(c => c.Stopped is not null && c.Clock.Target.Seconds is not null))
            if (StoppedAt(clock).Elapsed(I(clock.Stopped!.Value), t.Organisation.Hours) > Duration.FromSeconds(clock.Clock.Target.Seconds!.Value))
                clock.Clock.Breached.ShouldBeTrue();
        t.All<SLABreached>().Count().ShouldBe(t.Clocks.Count(c => c.Clock.Breached));
    });

    [Fact]
    public void C3_C4_notes_bots_and_automatic_replies_change_no_clock() => ForAll(life =>
    {
        static bool Silent(Move m) => m.Command is AddNote or WakeTicket || (m.Command is SendReply && m.By == Actor.System);
        var noisy = life.Tell();
        var quiet = new Told(noisy.Organisation).Open(life.Begin, life.Desk, life.Severity, life.Channel);
        var at = life.Begin;
        foreach (var move in life.Moves)
        {
            at = at.AddMinutes(move.Minutes);
            if (!Silent(move)) quiet.Do(move.Command, at, move.By);
        }
        // When a warning or a breach was written down depends on who looked; when the clock ran does not.
        quiet.Clocks.Select(Times).ShouldBe(noisy.Clocks.Select(Times));
        static string Times(PastClock c) => $"{c.Clock.Kind} {c.Clock.Started:O} {c.Stopped:O} {string.Join(' ', c.Clock.Stretches)} {c.Clock.Target}";
    });

    [Fact]
    public void C4_pausing_never_makes_a_clock_run_faster() => ForAll(life =>
    {
        var with = life.Tell();
        var without = (life with { Moves = [.. life.Moves.Select(m => m.Command is StartWaiting ? m with { Command = new AddNote(Guid.Empty, "n") } : m)] }).Tell();
        var paused = with.Clocks.ToDictionary(c => (c.Clock.Kind, c.Clock.Started));
        foreach (var clock in without.Clocks)
            if (paused.TryGetValue((clock.Clock.Kind, clock.Clock.Started), out var same))
                Elapsed(same).ShouldBeLessThanOrEqualTo(Elapsed(clock));
        Duration Elapsed(PastClock c) => StoppedAt(c).Elapsed(I(c.Stopped ?? life.Looked), with.Organisation.Hours);
    });

    [Fact]
    public void C5_a_later_calendar_changes_nothing_that_was_measured_before() => ForAll(life =>
    {
        var t = life.Tell();
        var from = I(life.Looked) + Duration.FromMilliseconds(1); // what happens in the very instant of a change goes by the new hours
        var later = t.Organisation.With(Week("pl", "Asia/Tokyo", "01:00-05:00", "sunday"), from).With(Week("vip", "Asia/Tokyo", "01:00-05:00", "sunday"), from);
        life.Tell(later).Events.Select(Shown).ShouldBe(t.Events.Select(Shown));
        foreach (var clock in t.Clocks)
            StoppedAt(clock).Elapsed(I(clock.Stopped ?? life.Looked), later.Hours).ShouldBe(StoppedAt(clock).Elapsed(I(clock.Stopped ?? life.Looked), t.Organisation.Hours));

        // A warning names the due time as it was known then: a forecast. A breach names one that has come.
        static string Shown((TicketEvent Event, DateTimeOffset At, bool ByStaff) e) => e.Event is SlaWarned w ? $"{w.Clock} warned {e.At:O}" : $"{e.Event} {e.At:O}";
    });

    [Fact]
    public void C2_step_by_step_the_clock_is_the_one_of_the_whole_stream() => ForAll(life =>
    {
        var t = life.Tell();
        var whole = t.Events.Aggregate(Ticket.None, (s, e) => Ticket.Evolve(s, e.Event, e.At, e.ByStaff));
        Shown(whole).ShouldBe(Shown(t.Ticket));
        static string Shown(Ticket ticket) => string.Join(' ', ticket.Clocks.Select(c => $"{c} {string.Join(' ', c.Stretches)}"));
        t.Ticket.Clocks.Count().ShouldBe(t.Clocks.Count(c => c.Stopped is null));
    });

    [Fact]
    public void C2_a_naive_walk_minute_by_minute_agrees() => ForAll(life =>
    {
        var t = life.Tell();
        var naive = NaiveClocks.Of(t.Events, life.Looked);
        t.Clocks.Select(c => $"{c.Clock.Kind} {c.Clock.Started:u} {StoppedAt(c).Elapsed(I(c.Stopped ?? life.Looked), t.Organisation.Hours).TotalMinutes}").ShouldBe(naive);
    }, cases: 5_000);

    static SlaClock StoppedAt(PastClock c) => c.Clock with { Stretches = [.. c.Clock.Stretches.Select(s => s with { To = s.To ?? c.Stopped })] };
}
