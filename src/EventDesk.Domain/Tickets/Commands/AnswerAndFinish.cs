namespace EventDesk.Domain.Tickets;

/// <summary>An answer with which the agent is done for now: both or nothing.</summary>
/// <param name="Answer">With its own events, a canned one's steps included.</param>
/// <param name="Step">Where the ticket goes with it.</param>
public sealed record AnswerAndFinish(TicketCommand Answer, TicketCommand Step) : TicketCommand
{
    public override Decision Decide(Ticket t, Circumstances c)
    {
        var answered = Answer.Decide(t, c);
        var events = (answered as Decision.Accepted)?.Events ?? [];
        return answered is Decision.Refused ? answered : Step.Decide(Fold(t, events, c), c) switch
        {
            Decision.Accepted accepted => Decision.Accept([.. events, .. accepted.Events]),
            Decision.Refused refused => refused,
            _ => answered,
        };
    }
}
