using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using EventDesk.Service.Queues;

namespace EventDesk.Server.Api;

/// <summary>Reads query parameters strictly: unknown ones, repeated ones and malformed values are faults.</summary>
public sealed class Query
{
    public const int DefaultLimit = 50, MaxLimit = 200;

    readonly IQueryCollection given;
    readonly Faults faults = new();

    public Query(HttpContext http)
    {
        given = http.Request.Query;
        if (given.Count == 0)
            return;
        var known = http.GetEndpoint()!.Metadata.GetOrderedMetadata<QueryParameter>();
        foreach (var (name, values) in given)
            if (known.All(k => k.Name != name))
                faults.Add(name, "unknown_parameter", "There is no such parameter.");
            else if (values.Count > 1)
                faults.Add(name, "duplicate_parameter", "The parameter is given twice.");
    }

    /// <summary>Null when all that was read is well.</summary>
    public Problem? Problem => faults.Found.Count == 0 ? null : Problems.Invalid(faults.Found);

    public void Fault(string name, string code, string detail) => faults.Add(name, code, detail);

    public string? Text(string name) => given[name] is [{ Length: > 0 } text, ..] ? text : null;

    /// <summary>True when it is given without a value or as true.</summary>
    public bool Flag(string name)
    {
        if (!given.TryGetValue(name, out var values))
            return false;
        if (values is ["" or "true", ..])
            return true;
        if (values is not ["false", ..])
            faults.Add(name, "invalid_value", "It is true or false.");
        return false;
    }

    public int Limit(int most = MaxLimit)
    {
        if (Text("limit") is not { } text)
            return Math.Min(DefaultLimit, most);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
            return limit;
        faults.Add("limit", "out_of_range", $"It is a whole number from 1 to {most}.");
        return 1;
    }

    /// <summary>A whole number from 0.</summary>
    public long? Whole(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        faults.Add(name, "out_of_range", "It is a whole number from 0.");
        return null;
    }

    public long? Version()
    {
        if (Text("version") is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 1)
            return version;
        faults.Add("version", "out_of_range", "It is a whole number from 1.");
        return null;
    }

    static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>An RFC 3339 time; it must say its offset.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // A plus sign in a query stands for a space; an offset is the only place where one can be.
        text = text.Replace(' ', '+');
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (hasOffset && DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant))
            return instant;
        faults.Add(name, "invalid_time", "It is a time with offset, such as 2026-03-02T09:30:00Z.");
        return null;
    }

    public T? OneOf<T>(string name) where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        if (ExactEnum<T>.TryParse(text, out var value))
            return value;
        faults.Add(name, "unknown_value", $"It is one of {string.Join(", ", Enum.GetValues<T>().Select(ExactEnum<T>.Name))}.");
        return null;
    }

    /// <summary>A cursor of this many bytes, as <see cref="Cursor"/> wrote it; empty when there is none.</summary>
    public byte[] After(int length)
    {
        if (Text("after") is not { } text)
            return [];
        if (Cursor.Bytes(text, length) is { } bytes)
            return bytes;
        faults.Add("after", "invalid_cursor", "It is not a place some page ended at.");
        return [];
    }

    /// <summary>A place in a list by time, as <see cref="Cursor"/> wrote it; null when there is none.</summary>
    public (DateTimeOffset Time, Guid Id)? AfterTimeAndId()
    {
        var bytes = After(Cursor.TimeAndIdLength);
        if (bytes.Length == 0)
            return null;
        if (Cursor.TimeAndId(bytes) is { } place)
            return place;
        faults.Add("after", "invalid_cursor", "It is not a place some page ended at.");
        return null;
    }
}

/// <summary>Where pages end, written so that nobody is tempted to read it.</summary>
public static class Cursor
{
    public const int QueueLength = 34, TimeAndIdLength = 24;

    /// <summary>What a cursor of this many bytes was made of; null for any other text.</summary>
    public static byte[]? Bytes(string text, int length)
    {
        try
        {
            return Base64Url.DecodeFromChars(text) is var bytes && bytes.Length == length ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Null for a text that is no place in a queue.</summary>
    public static QueuePosition? Queue(string text) => Bytes(text, QueueLength) is { } bytes ? Queue(bytes) : null;

    /// <summary>Null for a text that is no such place.</summary>
    public static (DateTimeOffset Time, Guid Id)? TimeAndId(string text) => Bytes(text, TimeAndIdLength) is { } bytes ? TimeAndId(bytes) : null;

    public static string Of(QueuePosition at)
    {
        Span<byte> bytes = stackalloc byte[QueueLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.Due.Ticks);
        BinaryPrimitives.WriteInt16BigEndian(bytes[8..], at.Severity);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], at.OpenedAt.Ticks);
        at.Id.TryWriteBytes(bytes[18..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for bytes that no position has.</summary>
    public static QueuePosition? Queue(ReadOnlySpan<byte> bytes)
    {
        var (due, opened) = (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]));
        return IsTime(due) && IsTime(opened)
            ? new(new DateTime(due, DateTimeKind.Utc), BinaryPrimitives.ReadInt16BigEndian(bytes[8..]), new DateTime(opened, DateTimeKind.Utc), new Guid(bytes[18..], bigEndian: true))
            : null;
    }

    public static string Of(DateTimeOffset time, Guid id)
    {
        Span<byte> bytes = stackalloc byte[TimeAndIdLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.UtcTicks);
        id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static (DateTimeOffset Time, Guid Id)? TimeAndId(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadInt64BigEndian(bytes) is var ticks && IsTime(ticks)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true))
            : null;

    static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    /// <summary>This request's address with another cursor: the next page (RFC 8288).</summary>
    public static string NextPage(HttpContext http, string after)
    {
        var others = http.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        var next = http.Request.Path + QueryString.Create(others.Append(KeyValuePair.Create("after", (string?)after)));
        http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        return next;
    }
}
