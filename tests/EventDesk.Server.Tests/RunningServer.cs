using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access;
using EventDesk.Store;
using EventDesk.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDesk.Server.Tests;

/// <summary>The real server on a port of its own, on a database of its own; one for each test class.</summary>
public class RunningServer : IAsyncLifetime
{
    readonly ConcurrentDictionary<string, Task<string>> tokens = new();
    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-test-").FullName;
    TestDatabase? database;
    WebApplication? app;

    public ConcurrentQueue<string> LogLines { get; } = new();
    public IServiceProvider Services => app!.Services;
    public string Address => app!.Urls.First();
    public string ConnectionString => database!.ConnectionString;
    public HttpClient Http { get; private set; } = null!;
    public Settings Settings { get; private set; } = null!;

    /// <summary>Changes the settings a class's server runs with.</summary>
    protected virtual Settings Adjust(Settings settings) => settings;

    /// <summary>Changes what a class's server is made of.</summary>
    protected virtual void Register(IServiceCollection services) { }

    public virtual async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create("server", async connection =>
        {
            await using var services = ServerHost.Services(SettingsFor(connection));
            await ServerHost.Prepare(services, CancellationToken.None);
        });
        Settings = Adjust(SettingsFor(database.ConnectionString));
        app = ServerHost.Build(Settings, builder =>
        {
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(new LinesProvider(LogLines));
            Telemetry.AddLogs(builder.Logging, Settings);
            Register(builder.Services);
        });
        await ServerHost.Prepare(app.Services, CancellationToken.None);
        await app.StartAsync();
        await Contract.Read(app.Services);
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(Address) };
    }

    public virtual async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Stop();
        await database!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    public async Task Stop()
    {
        if (app is null)
            return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    /// <summary>Speaks as someone who holds this one role; agents work everywhere unless told.</summary>
    public async Task<Api> As(Role role, string? name = null, IReadOnlyList<string>? desks = null, IReadOnlyList<SupportLine>? lines = null)
    {
        name ??= role.ToString().ToLowerInvariant();
        var key = $"{role} {name} {string.Join(',', desks ?? [])} {string.Join(',', lines ?? [])}";
        return new Api(Http, await tokens.GetOrAdd(key, _ => Issue(new NewToken(
            name, [role], TimeSpan.FromDays(1), desks, lines, role == Role.Customer ? $"{name}@example.com" : null))));
    }

    public async Task<string> Issue(NewToken token) =>
        (await Services.GetRequiredService<ApiTokens>().Issue(token, Actor.System, null, CancellationToken.None)).Text!;

    public async Task<long> Scalar(string sql)
    {
        await using var command = Services.GetRequiredService<EventStore>().DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    /// <summary>What happened; that somebody looked, or was kept from it, is written down beside that, and later.</summary>
    public Task<long> EventCount() => Scalar("select count(*) from mt_events where type <> 'access_recorded'");

    Settings SettingsFor(string connection) => new()
    {
        Database = connection,
        MasterKeyFile = Path.Combine(folder, "master.key"),
        Urls = "http://127.0.0.1:0",
        Organisation = Path.Combine(AppContext.BaseDirectory, "organisation"),
        Development = true,
        RatePerSecond = 0,
    };

    sealed class LinesProvider(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"scope {state}");
            return null;
        }
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        public void Dispose() { }
    }
}

/// <summary>Speaks to the server with one token.</summary>
public sealed class Api(HttpClient http, string? token)
{
    string? authorization = token is null ? null : $"Bearer {token}";

    /// <summary>The same server, by another token.</summary>
    public Api With(string other) => new(http, other);

    /// <summary>Speaks with an Authorization header of any kind.</summary>
    public static Api WithHeader(HttpClient http, string header) => new(http, null) { authorization = header };

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Post(string path, object? body, long? version = null, string? key = null) => Send(HttpMethod.Post, path, Json(body), Headers(version, key));

    /// <param name="version">The version it was thought out on; 0: it is new; null: not said.</param>
    public Task<Answer> Put(string path, object? body, long? version) => Send(HttpMethod.Put, path, Json(body), version == 0 ? [("If-None-Match", "*")] : Headers(version, null));

    public Task<Answer> Delete(string path, object? body = null, long? version = null) => Send(HttpMethod.Delete, path, Json(body), Headers(version, null));

    /// <summary>Opens a ticket and gives its id.</summary>
    public async Task<Answer> Open(string subject = "Invoice missing", string product = "billing", string language = "en", string email = "customer@example.com", string channel = "api") =>
        (await Post("/api/tickets", new { product, language, channel, requester = new { email }, subject, body = "I got no invoice in May." })).ShouldBe(HttpStatusCode.Created);

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var sent = content?.Headers.ContentType?.MediaType == "application/json" ? await content.ReadAsStringAsync() : null;
        return Contract.Kept(method, path, sent, await Answer.Of(response));
    }

    /// <summary>Opens a stream of server-sent events; it is read as it comes.</summary>
    public async Task<Live> Watch(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers.Append(("Authorization", authorization!)))
            request.Headers.TryAddWithoutValidation(name, value);
        return new Live(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    static (string, string)[] Headers(long? version, string? key)
    {
        List<(string, string)> headers = [];
        if (version is { } v)
            headers.Add(("If-Match", $"\"{v}\""));
        if (key is not null)
            headers.Add(("Idempotency-Key", key));
        return [.. headers];
    }

    static HttpContent? Json(object? body) => body switch
    {
        null => null,
        HttpContent content => content,
        _ => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { { "Content-Type", "application/json" } } },
    };
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, string? ETag, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>A stream without an end is read to the end of its first event, an archive unpacked.</summary>
    public static async Task<Answer> Of(HttpResponseMessage response) => new(
        response.StatusCode, response.Headers.ETag?.ToString(),
        response.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" => (await new Live(response).Next())!.Value.Data,
            "application/zip" => Archive.Read(await response.Content.ReadAsByteArrayAsync()).Everything,
            _ => await response.Content.ReadAsStringAsync(),
        },
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? MediaType => Headers.GetValueOrDefault("Content-Type")?.Split(';')[0];

    /// <summary>The code of a problem's type; null when it is none of ours.</summary>
    public string? Code => Text.StartsWith('{') && Json.TryGetProperty("type", out var type) && type.GetString()!.Split("urn:eventdesk:") is ["", var code] ? code : null;

    public Guid Ticket => Json.GetProperty("ticket").GetGuid();
    public long Version => Json.GetProperty("version").GetInt64();

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}
