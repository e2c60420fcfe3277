namespace EventDesk.Domain.Tickets;

/// <summary>
/// When what someone decided on a version they saw no longer stands (A10). Whatever a person did in between outdates it, and so does everything a
/// rule did that changes where the ticket stands or what may be done to it. A warning and a breach do neither: they write down what the clock on
/// the reader's own screen was about to say, no command asks for them, and whoever sends an answer while the clock strikes should not have to send
/// it twice. A new event outdates until someone decides otherwise here.
/// </summary>
public static class Staleness
{
    /// <summary>Whether a decision on the version before the event has to be thought over.</summary>
    public static bool Outdates(TicketEvent e) => e is not (SlaWarned or SLABreached);
}
