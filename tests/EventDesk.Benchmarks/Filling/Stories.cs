using EventDesk.Benchmarks.Scenarios;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;

namespace EventDesk.Benchmarks.Filling;

sealed record Step(TicketEvent Event, Actor By, DateTimeOffset At, RuleRef? Rule = null);

/// <summary>Plausible lives of tickets: five events each, three in five still open, spread over all desks, places and the first two lines.</summary>
static class Stories
{
    public const int Events = 5;

    /// <summary>Whole seconds: all that is made is recorded at this one instant.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>A million tickets, one a second, are younger than the window in which a resolved one may be reopened: nothing falls due while it is measured.</summary>
    static readonly DateTimeOffset Begin = Now.AddDays(-13);

    const int Seconds = 1_100_000;

    public static DateTimeOffset OpenedAt(long number) => Begin.AddSeconds(number % Seconds);

    /// <param name="events">At least five; the further ones are notes and messages.</param>
    public static List<Step> Of(long number, int events)
    {
        var random = new Random((int)number);
        var at = OpenedAt(number);
        var agent = Requests.Agents[random.Next(Requests.Agents.Length)];
        var ann = new Actor(agent, Role.Agent);
        var customer = new CustomerId(new Guid(random.Next(200_000), 7, 0x7000, [0x80, 1, 2, 3, 4, 5, 6, 7]));
        var asks = new Actor(customer.Value.ToString(), Role.Customer);
        var kind = random.Next(10);
        List<Step> steps = [new(Opening(random, number, customer, kind == 0), asks, at, kind == 0 ? AutomaticRules.FormTicketsToTriage : null)];
        void Add(TicketEvent e, Actor by, RuleRef? rule = null) => steps.Add(new Step(e, by, at = at.AddSeconds(60), rule));
        Guid Message() => Guid.CreateVersion7(at);
        NoteAdded Note() => new(Message(), Requests.Prose(random, 120));
        ReplySent Reply() => new(Message(), Channel.Email, Requests.Prose(random, 400));
        CustomerMessageReceived Mail() => new(Message(), Channel.Email, Requests.Prose(random, 300));

        steps.Add(new Step(new ConfirmationIssued(number, Channel.Email), asks, at, AutomaticRules.ConfirmReceipt));
        while (steps.Count < events - 3) Add(steps.Count % 2 == 0 ? Mail() : Note(), steps.Count % 2 == 0 ? asks : ann);
        TicketEvent[] rest = kind switch
        {
            0 or 1 => [Note(), Mail(), Note()],
            2 => [new SeverityAssessed(SupportLine.L1, Severity.Standard), new TicketEscalated(SupportLine.L1, SupportLine.L2, "Beyond us"), Note()],
            3 => [new TicketAssigned(new AgentId(agent)), Reply(), new WaitingStarted(WaitingReason.Customer)],
            4 or 5 => [new TicketAssigned(new AgentId(agent)), Reply(), Mail()],
            _ => [new TicketAssigned(new AgentId(agent)), Reply(), new TicketResolved(Resolution.Answered, 1)],
        };
        foreach (var e in rest) Add(e, e is CustomerMessageReceived ? asks : ann);
        return steps;
    }

    static TicketOpened Opening(Random random, long number, CustomerId customer, bool form) => new(
        number, Requests.Products[random.Next(3)], Requests.Languages[random.Next(8)], form ? Channel.Portal : Channel.Email,
        new Requester(customer, $"Customer {number}", $"customer{number}@example.com"),
        $"Charged twice for order {random.Next(1_000_000)}", Requests.Prose(random, 500), (Severity)random.Next(1, 6), SupportLine.L1, form);
}
