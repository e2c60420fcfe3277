using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Demo;

/// <summary>
/// What happens to one ticket of the sample, from the customer's first word to the last. Everybody does what they may do by the desk's public commands;
/// between two of them the life says when it goes on.
/// </summary>
sealed class TicketLife(TicketDesk desk, Cast cast, DemoClock clock, Chance chance, DeskId at, CancellationToken ct)
{
    readonly Phrases says = Phrases.ByLanguage[at.Value.Split('/')[1]];
    Guid ticket;
    string customer = "", agent = "";
    Channel channel;

    DateTimeOffset Now => clock.GetUtcNow();

    public async IAsyncEnumerable<DateTimeOffset> Live()
    {
        if (!await Open())
            yield break;
        await Do(cast.Coordinator, Operation.Tag, new TagTicket([Simulation.Tag], []));
        if ((await State()).Triage)
        {
            yield return Work(25);
            await Do(cast.Coordinator, Operation.Triage, new TriageTicket(chance.Is(0.06) ? SupportLine.L2 : SupportLine.L1));
        }
        yield return Work(45);
        await Take();
        if ((await State()).Callback is not null)
        {
            yield return Work(25);
            await Do(Mine, Operation.CallBack, new CallBack(Reached: true, Note: says.Note));
        }
        if (chance.Is(0.5))
            await Do(Mine, Operation.AssessSeverity, new AssessSeverity(Judged()));
        yield return Work(chance.Is(0.06) ? 700 : 35, spread: 1.1);
        await foreach (var later in Answer())
            yield return later;
        if (chance.Is(0.16))
            await foreach (var later in Escalate())
                yield return later;
        // Some lie around.
        if (chance.Is(0.03))
            yield break;
        await foreach (var later in Finish())
            yield return later;
    }

    async Task<bool> Open()
    {
        var opening = chance.Of([.. says.Openings.Where(o => o.Product == at.Value.Split('/')[0])]);
        customer = chance.Of(says.Names);
        channel = chance.Weighted((Channel.Portal, 40), (Channel.Email, 35), (Channel.Phone, 15), (Channel.Chat, 10));
        var made = new NewTicket(
            at.Value.Split('/')[0], at.Value.Split('/')[1], channel, customer, cast.MailOf(customer), Filled(opening.Subject), Filled(opening.Body),
            Fields: channel == Channel.Portal ? new Dictionary<string, string> { ["topic"] = opening.Topic } : null, Contract: chance.Is(0.06) ? "vip" : null);
        var outcome = await desk.Open(made, Opener, null, ct);
        if (outcome is Outcome.NotOffered)
        {
            made = made with { Channel = channel = Channel.Email, Fields = null };
            outcome = await desk.Open(made, Opener, null, ct);
        }
        if (outcome is not Outcome.Done done)
            return false;
        ticket = done.Ticket;
        return true;
    }

    Asker Opener => channel is Channel.Phone or Channel.Chat ? Cast.Agent(cast.AgentFor(at, SupportLine.L1, chance)) : cast.Customer(customer);

    string Filled(string text) => text
        .Replace("{month}", Now.AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{order}", chance.Between(40_000, 79_999).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    async Task Take()
    {
        var state = await State();
        agent = state.Agent?.Value ?? cast.AgentFor(at, state.Line, chance);
        if (state.Agent is null && state.Status == Status.Open)
            await Do(Mine, Operation.Assign, new AssignTicket(new AgentId(agent)));
    }

    async IAsyncEnumerable<DateTimeOffset> Answer()
    {
        if (chance.Is(0.2))
            await Do(Mine, Operation.AddNote, new AddNote(Guid.CreateVersion7(Now), says.Note));
        if (!chance.Is(0.3))
        {
            await Reply(chance.Of(says.Replies));
            yield break;
        }
        await Reply(chance.Of(says.Questions));
        await Do(Mine, Operation.Wait, new StartWaiting(WaitingReason.Customer));
        yield return Now + chance.Around(420);
        if (!chance.Is(0.85))
            yield break;
        await Do(cast.Customer(customer), Operation.WriteAsCustomer, new ReceiveCustomerMessage(Guid.CreateVersion7(Now), Written, chance.Of(says.Answers)));
        yield return Work(50, spread: 1.1);
        await Reply(chance.Of(says.Replies));
    }

    Channel Written => channel is Channel.Phone or Channel.Chat ? Channel.Email : channel;

    Task<Outcome> Reply(string text) => Do(Mine, Operation.Reply, new SendReply(Guid.CreateVersion7(Now), Written, text));

    /// <summary>Up a line, sometimes two, each through its gates.</summary>
    async IAsyncEnumerable<DateTimeOffset> Escalate()
    {
        if ((await State()) is { Line: SupportLine.L1, AssessedOnLine: false })
            await Do(Mine, Operation.AssessSeverity, new AssessSeverity(Judged()));
        await Do(Mine, Operation.Escalate, new EscalateTicket(says.Reason));
        yield return Work(30);
        await Take();
        await Do(Mine, Operation.AssessSeverity, new AssessSeverity(Judged()));
        yield return Work(90);
        await Reply(chance.Of(says.Replies));
        if (!chance.Is(0.2))
            yield break;
        var approved = chance.Is(0.75);
        await Do(cast.Manager, Operation.EvaluateEscalation, new EvaluateEscalation(approved, says.Reason));
        yield return Work(20);
        if (approved)
            await Do(Mine, Operation.Escalate, new EscalateTicket(says.Reason));
        yield return Work(200);
        if (chance.Is(0.25))
            await Do(Mine, Operation.Escalate, new DeclareUnresolvable(says.Reason));
        await Reply(chance.Of(says.Replies));
    }

    async IAsyncEnumerable<DateTimeOffset> Finish()
    {
        yield return Work(150, spread: 1.3);
        await Resolve();
        if (chance.Is(0.07))
        {
            yield return Now + chance.Around(1_500);
            await Do(cast.Customer(customer), Operation.Reopen, new ReopenTicket(ReopenCause.Customer, chance.Of(says.Answers)));
            yield return Work(60);
            await Reply(chance.Of(says.Replies));
            yield return Work(30);
            await Resolve();
        }
        yield return Now + chance.Around(700);
        if (chance.Is(0.45))
            await foreach (var later in Rate())
                yield return later;
        if (chance.Is(0.3))
            await Do(cast.Customer(customer), Operation.Close, new CloseTicket(CloseCause.CustomerAcknowledged));
    }

    Task<Outcome> Resolve()
    {
        var how = chance.Weighted((Resolution.Fixed, 45), (Resolution.Answered, 40), (Resolution.Workaround, 10), (Resolution.NoFault, 4), (Resolution.Cancelled, 1));
        return Do(Mine, Operation.Resolve, new ResolveTicket(how, says.Summaries[how]));
    }

    async IAsyncEnumerable<DateTimeOffset> Rate()
    {
        var rating = chance.Weighted((5, 52), (4, 28), (3, 9), (2, 6), (1, 5));
        var comment = chance.Is(0.4) ? chance.Of(rating > 3 ? says.Pleased : says.Displeased) : null;
        await Do(cast.Customer(customer), Operation.GiveFeedback, new GiveFeedback(rating, comment is null ? null : new SealedText(comment)));
        if (comment is null || rating > 3)
            yield break;
        yield return Work(300);
        await Do(cast.Coordinator, Operation.ReviewFeedback, new ReviewFeedback("speed", "Talked over in the team."));
    }

    Severity Judged() => chance.Weighted((Severity.High, 15), (Severity.Standard, 55), (Severity.Defect, 15), (Severity.Request, 15));

    Asker Mine => Cast.Agent(agent);

    DateTimeOffset Work(double medianMinutes, double spread = 0.9) => cast.Worked(at, Now, chance.Around(medianMinutes, spread));

    async Task<Ticket> State() => (await desk.Find(ticket, cast.Coordinator, Operation.ReadTicket, ct))!.Ticket;

    /// <summary>A refusal is life: somebody else was there before.</summary>
    Task<Outcome> Do(Asker who, Operation operation, TicketCommand command) => desk.Handle(ticket, operation, command, null, who, null, ct);
}
