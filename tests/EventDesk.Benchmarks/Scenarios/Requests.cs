using System.Buffers.Text;
using System.Text;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>What clients ask. Keys differ with every request: the server remembers each.</summary>
static class Requests
{
    public static readonly string[] Products = ["billing", "cloud", "mobile"];
    public static readonly string[] Languages = ["en", "sv", "fi", "de", "es", "fr", "ar", "pl"];
    public static readonly string[] Agents = [.. Enumerable.Range(1, 20).Select(i => $"agent{i:00}")];

    /// <summary>Of every request of this run another one.</summary>
    static long lastKey;

    /// <summary>Nine digits an hour and a random part: never one that an earlier run used.</summary>
    static readonly string KeyPrefix = Convert.ToHexString(Guid.CreateVersion7().ToByteArray()).ToLowerInvariant()[..20];

    public static string KeyHeader => $"Idempotency-Key: {KeyPrefix}-{HttpRequest.Hole(12)}";

    public static void PutKey(Span<byte> hole)
    {
        hole.Fill((byte)'0');
        Utf8Formatter.TryFormat(Interlocked.Increment(ref lastKey), hole, out _, new('D', 12));
    }

    /// <summary>A ticket of about 1 KB of JSON, the size of the row the floor inserts.</summary>
    public static string Open(Random random)
    {
        var head = $$"""
            {"product":"{{Products[random.Next(3)]}}","language":"{{Languages[random.Next(8)]}}","channel":"{{(random.Next(4) == 0 ? "portal" : "email")}}",
            """;
        var requester = $$"""
            "requester":{"name":"Customer {{random.Next(100_000)}}","email":"customer{{random.Next(100_000)}}@example.com"},
            """;
        var subject = $"Charged twice for order {random.Next(1_000_000)}";
        var open = $"{head}{requester}\"subject\":\"{subject}\",\"body\":\"";
        return $"{open}{Prose(random, 1022 - open.Length)}\"}}";
    }

    public static string Reply(Random random) => $$"""{"body":"{{Prose(random, 1011)}}"}""";

    public static string Prose(Random random, int length)
    {
        string[] words = ["the", "invoice", "was", "charged", "twice", "please", "check", "our", "account", "since", "Monday", "and", "refund", "thank", "you"];
        var text = new StringBuilder(length + 10);
        while (text.Length < length) text.Append(words[random.Next(words.Length)]).Append(' ');
        return text.ToString(0, length);
    }
}

/// <summary>A ticket as its opening was answered.</summary>
/// <param name="Path">Such as <c>/api/tickets/17</c>.</param>
/// <param name="Version">Of its stream after the opening; a ticket under a contract has one event more than another.</param>
readonly record struct OpenedTicket(string Path, long Version);

/// <summary>An answer's entity tag: the ticket's version in quotation marks.</summary>
static class VersionTag
{
    public static long? Of(in Answer answer)
    {
        var tag = answer.Header("ETag"u8);
        return tag.Length > 1 && Utf8Parser.TryParse(tag[1..], out long version, out _) ? version : null;
    }
}

/// <summary>Opens one ticket after another.</summary>
sealed class OpenTalk : Talk
{
    readonly HttpRequest[] requests;
    int at;

    public OpenTalk(Product product, int seed, Action<OpenedTicket>? opened = null)
    {
        var random = new Random(seed);
        requests = [.. Enumerable.Range(0, 4).Select(_ => new HttpRequest("POST", "/api/tickets", [product.Agent, Requests.KeyHeader], Requests.Open(random)))];
        this.opened = opened;
    }

    readonly Action<OpenedTicket>? opened;

    public override ReadOnlyMemory<byte> Next()
    {
        var request = requests[at++ & 3];
        Requests.PutKey(request[0]);
        return request.Bytes;
    }

    public override bool Answered(in Answer answer)
    {
        if (answer.Status != 201) return false;
        if (opened is null) return true;
        if (VersionTag.Of(answer) is not { } version) return false;
        opened(new(Encoding.ASCII.GetString(answer.Header("Location"u8)), version));
        return true;
    }
}

/// <summary>Replies on tickets of its own, each with the version its last answer gave.</summary>
sealed class ReplyTalk : Talk
{
    sealed record Ticket(HttpRequest Request)
    {
        public long Version { get; set; }
    }

    const int VersionLength = 6;

    readonly Ticket[] tickets;
    int at = -1;

    public ReplyTalk(Product product, IReadOnlyList<OpenedTicket> opened, int seed)
    {
        var random = new Random(seed);
        tickets = [.. opened.Select(o => new Ticket(new HttpRequest(
            "POST", $"{o.Path}/replies", [product.Agent, Requests.KeyHeader, $"If-Match: {HttpRequest.Hole(VersionLength)}"], Requests.Reply(random))) { Version = o.Version })];
    }

    public override ReadOnlyMemory<byte> Next()
    {
        at = (at + 1) % tickets.Length;
        var (request, version) = (tickets[at].Request, tickets[at].Version);
        Requests.PutKey(request[0]);
        // The tag is as long as its number; spaces behind it belong to no header value.
        var tag = request[1];
        tag.Fill((byte)' ');
        tag[0] = (byte)'"';
        Utf8Formatter.TryFormat(version, tag[1..], out var digits);
        tag[digits + 1] = (byte)'"';
        return request.Bytes;
    }

    public override bool Answered(in Answer answer)
    {
        if (answer.Status is < 200 or >= 300) return false;
        if (VersionTag.Of(answer) is not { } version) return false;
        tickets[at].Version = version;
        return true;
    }
}

/// <summary>Reads a list of addresses over and over, each client from another place on.</summary>
sealed class ReadTalk(IReadOnlyList<HttpRequest> requests, int start) : Talk
{
    int at = start;

    public override ReadOnlyMemory<byte> Next() => requests[at++ % requests.Count].Bytes;

    public override bool Answered(in Answer answer) => answer.Status == 200;
}
