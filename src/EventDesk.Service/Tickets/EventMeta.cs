using System.Globalization;
using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Tickets;

/// <summary>What is known about an event beside its content.</summary>
/// <param name="By">Who, in which role at that time.</param>
/// <param name="Occurred">When it happened, UTC.</param>
/// <param name="Recorded">When it was stored, UTC; later than <paramref name="Occurred"/> for imported history.</param>
/// <param name="Rule">The automatic rule that caused it.</param>
/// <param name="ActingAs">The line someone stood in for.</param>
/// <param name="Activity">Imports: the label of the source's row.</param>
/// <param name="SourceState">Imports: the state the source gave.</param>
/// <param name="SourceRow">Imports: the row's number inside its case, on the row's first event only.</param>
public sealed record EventMeta(
    Actor By, DateTimeOffset Occurred, DateTimeOffset Recorded, RuleRef? Rule = null, SupportLine? ActingAs = null,
    string? Activity = null, string? SourceState = null, int? SourceRow = null)
{
    const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    /// <summary>The flat header pairs; the chain adds <c>digest</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToHeaders()
    {
        List<KeyValuePair<string, string>> headers = new(6);
        if (ActingAs is { } line) headers.Add(new("actingAs", line.ToString()));
        if (Activity is not null) headers.Add(new("activity", Activity));
        headers.Add(new("actor", By.Id));
        if (Occurred != Recorded) headers.Add(new("occurred", Occurred.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)));
        headers.Add(new("role", RoleNames[(int)By.Role]));
        if (SourceRow is { } row) headers.Add(new("row", row.ToString(CultureInfo.InvariantCulture)));
        if (Rule is not null)
        {
            headers.Add(new("rule", Rule.Id));
            headers.Add(new("ruleVersion", Rule.Version.ToString(CultureInfo.InvariantCulture)));
        }
        if (SourceState is not null) headers.Add(new("state", SourceState));
        return headers;
    }

    static readonly string[] RoleNames = [.. Enum.GetNames<Role>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>Reads stored headers. An unknown role reads as the customer's: it then counts as nobody's work.</summary>
    public static EventMeta Read(ReadOnlySpan<byte> headers, DateTimeOffset recorded)
    {
        string? actor = null, rule = null, ruleVersion = null, activity = null, state = null;
        var role = Role.Customer;
        SupportLine? actingAs = null;
        int? row = null;
        var occurred = recorded;
        var json = new Utf8JsonReader(headers);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            // One letter tells most of them apart; the digest, the longest value, is never made into a string.
            if (json.ValueTextEquals("actor"u8)) { json.Read(); actor = json.GetString(); }
            else if (json.ValueTextEquals("role"u8)) { json.Read(); role = ReadRole(ref json); }
            else if (json.ValueTextEquals("occurred"u8)) { json.Read(); occurred = json.GetDateTimeOffset(); }
            else if (json.ValueTextEquals("rule"u8)) { json.Read(); rule = json.GetString(); }
            else if (json.ValueTextEquals("ruleVersion"u8)) { json.Read(); ruleVersion = json.GetString(); }
            else if (json.ValueTextEquals("activity"u8)) { json.Read(); activity = json.GetString(); }
            else if (json.ValueTextEquals("state"u8)) { json.Read(); state = json.GetString(); }
            else if (json.ValueTextEquals("row"u8)) { json.Read(); row = int.TryParse(json.GetString(), CultureInfo.InvariantCulture, out var n) ? n : null; }
            else if (json.ValueTextEquals("actingAs"u8)) { json.Read(); actingAs = Enum.TryParse<SupportLine>(json.GetString(), out var l) ? l : null; }
            else json.Read();
        }
        return new EventMeta(
            new Actor(actor ?? "", role), occurred, recorded,
            rule is null ? null : new RuleRef(rule, int.TryParse(ruleVersion, CultureInfo.InvariantCulture, out var v) ? v : 0),
            actingAs, activity, state, row);
    }

    /// <summary>Reads the role without making a string.</summary>
    internal static Role ReadRole(ref Utf8JsonReader json)
    {
        for (var i = 0; i < RoleNames.Length; i++)
            if (json.ValueTextEquals(RoleNames[i])) return (Role)i;
        return Role.Customer;
    }
}

/// <summary>A decoded event with all that is known about it.</summary>
public sealed record RecordedEvent(TicketEvent Event, EventMeta Meta, StoredEvent Stored);
