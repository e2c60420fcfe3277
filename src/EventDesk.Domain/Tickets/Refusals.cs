namespace EventDesk.Domain.Tickets;

/// <summary>Refusals that several commands share.</summary>
static class Refusals
{
    public static readonly Decision NotOpen = Decision.Refuse("ticket_not_open", "Only an open ticket can do that.");
}
