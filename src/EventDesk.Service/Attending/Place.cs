namespace EventDesk.Service.Attending;

/// <summary>Somebody who has a ticket before them.</summary>
/// <param name="Who">Handle of staff, or name of an API client.</param>
/// <param name="Writes">An answer to the customer is being written; else it is read.</param>
public sealed record Attendee(string Who, bool Writes);

/// <summary>What was said of a place.</summary>
enum Said { Reads, Writes, Left }

/// <summary>One screen of somebody's on one ticket.</summary>
/// <param name="Screen">Tells several screens of one person apart; empty: the only one.</param>
public readonly record struct Place(Guid Ticket, string Who, string Screen)
{
    /// <summary>So many screens of one person on one ticket are told apart; more are not counted.</summary>
    public const int MostOfOne = 16;

    /// <summary>Characters of a screen's name.</summary>
    public const int LongestScreen = 40;

    /// <summary>Letters, digits and hyphens.</summary>
    public static bool IsScreen(string name) => name.Length <= LongestScreen && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>As it is told between processes; who comes last, since a name may have spaces.</summary>
    internal string Line(Said said) => $"{Ticket:N} {(int)said} {Screen} {Who}";

    internal static bool TryRead(string line, out Place place, out Said said)
    {
        (place, said) = (default, default);
        if (line.Split(' ', 4) is not [var ticket, ['0' or '1' or '2'] what, var screen, { Length: > 0 } who] || !Guid.TryParseExact(ticket, "N", out var id))
            return false;
        (place, said) = (new(id, who, screen), (Said)(what[0] - '0'));
        return true;
    }
}
