using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace EventDesk.Server.Tests;

/// <summary>One ticket after another, a few replies on each. What was not answered is asked again with the same key until it is.</summary>
sealed class CrashClient(HttpClient http, int seed)
{
    readonly Random random = new(seed);

    public sealed record Acknowledged(Guid Ticket, long Version, Guid? Message);

    public List<Acknowledged> Done { get; } = [];

    /// <summary>Requests whose first attempt ended without an answer.</summary>
    public int Unknown { get; private set; }

    public List<string> Wrong { get; } = [];

    public async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await Insist("/api/tickets", null, Opening()) is not { } ticket) return;
            for (var replies = random.Next(4); replies > 0; replies--)
            {
                if (await Insist($"/api/tickets/{ticket.Ticket}/replies", ticket.Version, new { body = $"Answer {random.Next()}." }) is not { } next) return;
                ticket = next;
            }
        }
    }

    object Opening() => new
    {
        product = "billing",
        language = "en",
        requester = new { email = $"c{random.Next(1000)}@example.com" },
        subject = $"Order {random.Next()}",
        body = "It was charged twice.",
    };

    /// <summary>Null when the answer is one that no crash explains; the client stops and the drill reports it.</summary>
    async Task<Acknowledged?> Insist(string path, long? version, object body)
    {
        var key = Guid.CreateVersion7().ToString();
        for (var attempt = 1; ; attempt++)
        {
            var (status, content) = await Send(path, version, key, body);
            if (status is HttpStatusCode.OK or HttpStatusCode.Created)
                return Remember(content);
            if (attempt == 1) Unknown++;
            if (status is not (null or >= HttpStatusCode.InternalServerError))
            {
                Wrong.Add($"{path} (attempt {attempt}): {(int)status} {content}");
                return null;
            }
            await Task.Yield();
        }
    }

    Acknowledged Remember(string content)
    {
        var json = JsonDocument.Parse(content).RootElement;
        var done = new Acknowledged(
            json.GetProperty("ticket").GetGuid(), json.GetProperty("version").GetInt64(),
            json.TryGetProperty("created", out var created) && created.ValueKind == JsonValueKind.String ? created.GetGuid() : null);
        lock (Done) Done.Add(done);
        return done;
    }

    async Task<(HttpStatusCode? Status, string Content)> Send(string path, long? version, string key, object body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            if (version is { } v) request.Headers.TryAddWithoutValidation("If-Match", $"\"{v}\"");
            using var answer = await http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        // HttpClient asks a connection for its other end, and when that has just died it says so in the socket's words.
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or SocketException)
        {
            return (null, e.Message);
        }
    }
}
