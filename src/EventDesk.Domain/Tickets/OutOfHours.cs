using EventDesk.Domain.Sla;

namespace EventDesk.Domain.Tickets;

/// <summary>
/// What becomes of what arrives while the hours that count for the customer are over: a call becomes voicemail and is to be returned, mail is
/// collected. Hours that are unknown are not over: a rule that guessed would promise calls nobody knows to be owed, so a call in them is taken
/// for what whoever recorded it says it was. Forms and chats wait for nobody and are not marked.
/// </summary>
static class OutOfHours
{
    /// <summary>What follows from a message's arrival; empty inside hours.</summary>
    /// <param name="contract">The plan of the customer; null: the desk's.</param>
    public static IEnumerable<Decided> Follow(Channel channel, string? contract, DeskId desk, Circumstances c)
    {
        if (channel is not (Channel.Phone or Channel.Email) || c.Sla.Opening(contract, desk, c.Now) is not (var hours, OpeningState.Closed))
            return [];
        return channel == Channel.Phone
            ? [new(new CallbackRequested(hours), AutomaticRules.CallsOutsideHoursAreReturned)]
            : [new(new MailCollected(hours), AutomaticRules.MailOutsideHoursIsCollected)];
    }
}
