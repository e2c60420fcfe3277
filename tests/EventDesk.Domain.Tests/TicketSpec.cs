using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Tests;

/// <summary>Given what happened, when someone wants something, then this happens. History is a minute apart, told by staff.</summary>
public sealed class TicketSpec
{
    public static readonly DateTimeOffset Morning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly Actor Ann = new("ann", Role.Agent);
    public static readonly Actor Customer = new("7f3c", Role.Customer);
    public static readonly AgentId AnnId = new("ann");
    public static readonly AgentId BobId = new("bob");

    public static readonly TicketOpened Opened = new(
        17, "billing", "en", Channel.Email, new Requester(new CustomerId(Guid.Parse("7f3c0000-0000-7000-8000-000000000001"))),
        "Double charge", "I was charged twice.", null, SupportLine.L1, Triage: false);

    public static readonly TicketOpened OpenedByForm = Opened with { Channel = Channel.Portal, Triage = true };
    public static readonly TicketResolved Resolved = new(Resolution.Fixed, 1);
    public static readonly SeverityAssessed AssessedOnL1 = new(SupportLine.L1, Severity.High);
    public static readonly TicketEscalated ToL2 = new(SupportLine.L1, SupportLine.L2);
    public static readonly SeverityAssessed AssessedOnL2 = new(SupportLine.L2, Severity.High);
    public static readonly ManagementEvaluated Approved = new(true, "yes");
    public static readonly TicketEscalated ToL3 = new(SupportLine.L2, SupportLine.L3);
    public static readonly SeverityAssessed AssessedOnL3 = new(SupportLine.L3, Severity.High);

    DateTimeOffset now = Morning;
    Actor by = Ann;

    public Ticket State { get; private set; } = Ticket.None;

    public static TicketSpec Given(params TicketEvent[] history) => new TicketSpec().And(history);

    public TicketSpec And(params TicketEvent[] history)
    {
        foreach (var e in history)
        {
            State = Ticket.Evolve(State, e, now, by.IsStaff);
            now += TimeSpan.FromMinutes(1);
        }
        return this;
    }

    /// <summary>Moves the clock: what comes next happens so much later.</summary>
    public TicketSpec After(TimeSpan time)
    {
        now += time;
        return this;
    }

    /// <summary>Sets the clock.</summary>
    public TicketSpec At(DateTimeOffset instant)
    {
        now = instant;
        return this;
    }

    public TicketSpec By(Actor actor)
    {
        by = actor;
        return this;
    }

    public Answer When(TicketCommand command) => new(command.Handle(State, new Circumstances(now, by, DeskRules.Default)), this);

    public sealed record Answer(Decision Decision, TicketSpec Spec)
    {
        /// <summary>Exactly these events, each by someone's choice and not by a rule.</summary>
        public TicketSpec ThenEvents(params TicketEvent[] expected) => Then([.. expected.Select(e => new Decided(e))]);

        /// <summary>Exactly these events with these rules (A11).</summary>
        public TicketSpec Then(params Decided[] expected)
        {
            var accepted = Decision.ShouldBeOfType<Decision.Accepted>();
            accepted.Events.Select(Print).ShouldBe(expected.Select(Print));
            return Spec.And([.. expected.Select(d => d.Event)]);
        }

        public void ThenRefused(string code)
        {
            var refused = Decision.ShouldBeOfType<Decision.Refused>();
            refused.Code.ShouldBe(code);
            refused.Reason.ShouldEndWith(".");
        }

        public void ThenNothing() => Decision.ShouldBeOfType<Decision.NothingToDo>();
    }

    /// <summary>Whole, with texts and lists: records compare lists by identity and hide sealed text.</summary>
    public static string Print(Decided d) =>
        $"{d.Event.GetType().Name} {JsonSerializer.Serialize(d.Event, d.Event.GetType())} {d.Rule?.Id}:{d.Rule?.Version}";

    public static string Print(Ticket t) => JsonSerializer.Serialize(t);
}
