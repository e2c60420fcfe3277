using EventDesk.Store;

namespace EventDesk.Service.Tickets;

/// <summary>
/// The shapes in which events were stored once and are not any more. What is in the log never changes; this list only grows. A statement that names an alias by itself
/// (<c>mt_events.type = …</c>) has to name its old ones, too.
/// </summary>
public static class PastShapes
{
    /// <summary>None yet: every shape that was ever stored is a present one.</summary>
    public static Upcasts All { get; } = new();
}
