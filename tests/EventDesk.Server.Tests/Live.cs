using System.Text.Json;

namespace EventDesk.Server.Tests;

/// <summary>A stream of server-sent events, as a browser's EventSource reads it.</summary>
public sealed class Live(HttpResponseMessage response) : IDisposable
{
    StreamReader? reader;

    public HttpResponseMessage Response => response;

    public readonly record struct Event(string Name, string Id, string Data)
    {
        public JsonElement Json => JsonDocument.Parse(Data).RootElement;
    }

    /// <summary>The next event; comments pass by. Null at the end of the stream.</summary>
    public async Task<Event?> Next(CancellationToken ct = default)
    {
        reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        var e = new Event("", "", "");
        while (await reader.ReadLineAsync(ct) is { } line)
            if (line.Length == 0 && e.Data.Length > 0) return e;
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) e = e with { Name = line[7..] };
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) e = e with { Id = line[4..] };
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) e = e with { Data = e.Data + line[6..] };
        return null;
    }

    /// <summary>The first event that is as wanted.</summary>
    public async Task<Event> Until(Func<JsonElement, bool> wanted)
    {
        while (await Next() is { } e)
            if (wanted(e.Json)) return e;
        throw new EndOfStreamException("The stream ended before an event was as wanted.");
    }

    public void Dispose() => response.Dispose();
}
