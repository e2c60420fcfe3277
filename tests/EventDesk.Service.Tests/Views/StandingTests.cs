using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Views;

/// <summary>Statistics read events without making objects of them; the domain stays the one that is right.</summary>
public sealed class StandingTests
{
    [Fact]
    public void Where_a_ticket_stands_is_what_the_domain_says() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(RandomLives.Three, lives => lives.Select((l, i) => RandomLives.Live(l, i + 1)).All(SameAsDomain)));

    static bool SameAsDomain(Life life)
    {
        var reader = new StepReader();
        var (ticket, standing) = (Ticket.None, default(Standing));
        foreach (var stored in life.Events)
        {
            var told = TicketCodec.Read(stored, null);
            ticket = Ticket.Evolve(ticket, told.Event, told.Meta.Occurred, told.Meta.By.IsStaff);
            var step = reader.Read(stored);
            standing = step.Kind == StepKind.Opened ? Standing.Opened(step) : standing.After(step);
            var expected = new Standing(
                ticket.Status, ticket.Triage, ticket.Line, ticket.Team, ticket.Agent?.Value, ticket.Severity, ticket.Waiting,
                ticket.WaitingUntil?.UtcDateTime ?? default);
            if (standing != expected || standing.Place != ticket.Place || step.At != told.Meta.Occurred.UtcDateTime || step.IsStaff != told.Meta.By.IsStaff)
                throw new InvalidOperationException($"After {stored.Type}: {standing}, the domain says {expected}.");
        }
        return true;
    }

    [Fact]
    public void E1_statistics_hold_no_customer()
    {
        var step = new StepReader().Read(new Life().Events[0]);
        step.Role.ShouldBe(Role.Customer);
        step.Actor.ShouldBeNull();
    }
}
