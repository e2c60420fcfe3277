using EventDesk.Domain;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Tests.Views;

/// <summary>Lives that several tests tell.</summary>
static class Lives
{
    public static readonly ReplySent Reply = new(Guid.Empty, Channel.Email, "answer");
    public static readonly CustomerMessageReceived Message = new(Guid.Empty, Channel.Email, "question");

    /// <summary>Opened on a Monday at nine; answered after half an hour, resolved after two, rated 5, closed by the window.</summary>
    public static Life Ordinary(long number = 1) => new Life(number, severity: Severity.Standard)
        .Then(new ConfirmationIssued(number, Channel.Email), Domain.Access.Actor.System)
        .After(TimeSpan.FromMinutes(30)).Then(new TicketAssigned(new AgentId("ann"))).Then(Reply)
        .After(TimeSpan.FromMinutes(90)).Then(new TicketResolved(Resolution.Fixed, 1))
        .After(TimeSpan.FromHours(1)).Then(new FeedbackGiven(1, 5, GiveFeedback.Scale), Life.Customer)
        .After(TimeSpan.FromDays(14)).Then(new TicketClosed(CloseCause.WindowElapsed), Domain.Access.Actor.System);

    public static Life Resolved(long number, SupportLine line = SupportLine.L1, Resolution how = Resolution.Fixed, string product = "billing") =>
        new Life(number, product, line: line, severity: Severity.Standard).After(TimeSpan.FromHours(number)).Then(new TicketResolved(how, 1));
}
