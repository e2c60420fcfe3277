namespace EventDesk.Store;

/// <summary>The database could not be reached, was shutting down or had no room. Never thrown for an append that was stored and answered.</summary>
public sealed class StoreUnavailableException(string message, bool outcomeUnknown, Exception? inner) : Exception(message, inner)
{
    /// <summary>The connection broke while the commit was on its way and could not be had again: the events may or may not be stored. Repeat with the same event ids.</summary>
    public bool OutcomeUnknown => outcomeUnknown;
}
