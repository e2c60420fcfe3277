using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;

namespace EventDesk.Domain.Tickets;

/// <summary>A canned answer with what is done along with it: all of it or nothing, and each event names the macro and its version.</summary>
/// <param name="Reply">As it was sent, which need not be as the macro words it.</param>
/// <param name="Steps">Null: the answer alone.</param>
public sealed record ApplyMacro(SendReply Reply, MacroSteps? Steps, RuleRef Macro) : TicketCommand
{
    /// <summary>What has to be allowed beside answering.</summary>
    public static IEnumerable<Operation> Needs(MacroSteps? steps)
    {
        if (steps is { AssignToMe: true }) yield return Operation.Assign;
        if (steps is { Tags.Count: > 0 }) yield return Operation.Tag;
        if (steps is { Wait: not null }) yield return Operation.Wait;
        if (steps is { Resolve: not null }) yield return Operation.Resolve;
    }

    public override Decision Decide(Ticket t, Circumstances c)
    {
        List<Decided> events = [];
        foreach (var step in StepsOf(c))
            switch (step.Decide(t, c))
            {
                case Decision.Refused refused:
                    return refused;
                case Decision.Accepted accepted:
                    events.AddRange(accepted.Events.Select(d => d with { Rule = d.Rule ?? Macro }));
                    t = Fold(t, accepted.Events, c);
                    break;
                default:
                    break;
            }
        return Decision.Accept(events);
    }

    IEnumerable<TicketCommand> StepsOf(Circumstances c)
    {
        if (Steps is { AssignToMe: true }) yield return new AssignTicket(new AgentId(c.By.Id));
        yield return Reply;
        if (Steps is { Tags: { Count: > 0 } tags }) yield return new TagTicket(tags, []);
        if (Steps is { Wait: { } reason }) yield return new StartWaiting(reason);
        if (Steps is { Resolve: { } how }) yield return new ResolveTicket(how);
    }
}
