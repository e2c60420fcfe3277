using System.Diagnostics;
using System.Globalization;
using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>S4, measured: from the answer that let somebody go to the first request that is refused, here and on another process.</summary>
public sealed class DeprovisioningTests(HostileProviderServer server, ITestOutputHelper output) : IClassFixture<HostileProviderServer>
{
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("EVENTDESK_S4_ROUNDS"), CultureInfo.InvariantCulture, out var n) ? n : 12;

    [Fact]
    public async Task S4_sessions_tokens_and_live_connections_end_within_a_second_on_all_processes()
    {
        await using var other = await OtherProcess.Start(server);
        var administrator = await server.As(Role.Administrator);
        var directory = await server.As(Role.Provisioner);
        // The other process, in development, has made the sample people.
        var id = (await administrator.Get("/api/people?limit=200")).Json.GetProperty("people").EnumerateArray().Single(p => p.GetProperty("handle").GetString() == "ann").GetProperty("id").GetGuid();
        Dictionary<string, List<double>> all = [];
        for (var round = 0; round < Rounds; round++)
        {
            using var browser = server.Browser();
            (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
            var text = (await administrator.Post("/api/tokens", new { name = "ann", roles = new[] { "agent" } })).ShouldBe(HttpStatusCode.Created).Json.GetProperty("text").GetString()!;
            var cookie = ("Cookie", $"eventdesk={browser.Cookie("eventdesk")}");
            (string What, Func<Task<bool>> IsRefused)[] doors =
            [
                ("cookie here", () => Refused(server.Http, null, cookie)), ("token here", () => Refused(server.Http, text)),
                ("cookie there", () => Refused(other.Http, null, cookie)), ("token there", () => Refused(other.Http, text)),
            ];
            foreach (var (what, isRefused) in doors)
                (await isRefused()).ShouldBeFalse(what);
            using var here = await Live.Open(server.Http, text);
            using var there = await Live.Open(other.Http, text);
            // Half by the directory, half by the API.
            if (round % 2 == 0)
                (await directory.Send(HttpMethod.Patch, $"/scim/v2/Users/{id}", new StringContent("""{"Operations":[{"op":"replace","path":"active","value":false}]}""", null, "application/scim+json"))).ShouldBe(HttpStatusCode.OK);
            else
                (await administrator.Post($"/api/people/{id}/deactivation", null)).ShouldBe(HttpStatusCode.OK);
            var gone = Stopwatch.StartNew();
            var measured = await Task.WhenAll(
                doors.Select(async d => (d.What, Took: await Until(d.IsRefused, gone))).Append(here.Measured("live here", gone)).Append(there.Measured("live there", gone)));
            foreach (var (what, took) in measured)
                (all.TryGetValue(what, out var times) ? times : all[what] = []).Add(took);
            (await administrator.Post($"/api/people/{id}/reactivation", null)).ShouldBe(HttpStatusCode.OK);
        }
        foreach (var (what, times) in all)
        {
            times.Sort();
            output.WriteLine($"{what,-12} n {times.Count}  p50 {times[times.Count / 2],6:0} ms  p99 {times[(int)Math.Ceiling(times.Count * 0.99) - 1],6:0} ms  max {times[^1],6:0} ms");
        }
        foreach (var (what, times) in all)
            times[(int)Math.Ceiling(times.Count * 0.99) - 1].ShouldBeLessThan(1_000, what);
    }

    static async Task<bool> Refused(HttpClient http, string? token, params (string, string)[] headers) =>
        (await new Api(http, token).Get("/api/queues", headers)).Status == HttpStatusCode.Unauthorized;

    static async Task<double> Until(Func<Task<bool>> isRefused, Stopwatch since)
    {
        await Eventually.Be(isRefused, "it is refused");
        return since.Elapsed.TotalMilliseconds;
    }

    /// <summary>A connection that stays open, with what came over it.</summary>
    sealed class Live(Stream stream) : IDisposable
    {
        readonly StreamReader lines = new(stream);

        public static async Task<Live> Open(HttpClient http, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in/session/events");
            request.Headers.Authorization = new("Bearer", token);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var live = new Live(await answer.Content.ReadAsStreamAsync());
            (await live.lines.ReadLineAsync()).ShouldBe("event: open");
            return live;
        }

        public async Task<(string What, double Took)> Measured(string what, Stopwatch since)
        {
            while (await lines.ReadLineAsync() is { } line)
                if (line == "event: ended")
                    return (what, since.Elapsed.TotalMilliseconds);
            throw new InvalidOperationException("The connection broke without a word.");
        }

        public void Dispose() => lines.Dispose();
    }

    /// <summary>The same database served by a process of its own.</summary>
    sealed class OtherProcess(Process process, string address) : IAsyncDisposable
    {
        public HttpClient Http { get; } = new() { BaseAddress = new Uri(address) };

        public static async Task<OtherProcess> Start(RunningServer server)
        {
            var address = $"http://127.0.0.1:{SignInServer.FreePort().ToString(CultureInfo.InvariantCulture)}";
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eventdesk.dll"), "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["EVENTDESK_DATABASE"] = server.ConnectionString;
            start.Environment["EVENTDESK_MASTER_KEY_FILE"] = server.Settings.MasterKeyFile;
            start.Environment["EVENTDESK_ORGANISATION"] = server.Settings.Organisation;
            start.Environment["EVENTDESK_URLS"] = address;
            start.Environment["EVENTDESK_PUBLIC_URL"] = server.Address;
            start.Environment["EVENTDESK_RATE_PER_SECOND"] = "0";
            start.Environment["DOTNET_ENVIRONMENT"] = "Development";
            var process = Process.Start(start)!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var other = new OtherProcess(process, address);
            await Eventually.Be(other.IsReady, "the other process serves", TimeSpan.FromSeconds(120));
            return other;
        }

        async Task<bool> IsReady()
        {
            try
            {
                return (await Http.GetAsync("/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            Http.Dispose();
        }
    }
}
