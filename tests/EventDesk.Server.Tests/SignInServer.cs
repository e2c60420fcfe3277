using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using EventDesk.Server.SignIn;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>A server people sign in to at a provider of the test's choice.</summary>
public abstract class SignInServer : RunningServer
{
    public const string Audience = "urn:eventdesk:api";

    protected int Port { get; } = FreePort();
    protected int ProviderPort { get; } = FreePort();
    public string Issuer => $"http://127.0.0.1:{ProviderPort}";
    protected abstract string? Secret { get; }

    protected override Settings Adjust(Settings settings) => settings with
    {
        Urls = $"http://127.0.0.1:{Port}",
        SignIn = new SignInSettings
        {
            Development = true,
            PublicUrl = new Uri($"http://127.0.0.1:{Port}"),
            Provider = new ProviderSettings(Issuer, "eventdesk", Secret, new HashSet<string> { "urn:mfa" }, new HashSet<string> { "mfa" }, WithoutMfa: false),
            SignedTokens = new SignedTokenSettings(Issuer, Audience),
        },
    };

    public Browser Browser() => new(Address);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>With the real provider of npm's oidc-provider, pinned by its lock file, in a process of its own.</summary>
public sealed class OidcProviderServer : SignInServer
{
    static readonly Lazy<Task<string>> Installed = new(Install);

    readonly HttpClient control = new();
    Process? provider;

    protected override string Secret => "a secret, with: signs & spaces";

    public override async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(await Installed.Value, "provider.mjs"), ProviderPort.ToString(CultureInfo.InvariantCulture), $"http://127.0.0.1:{Port}/sign-in/callback"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        provider = Process.Start(start)!;
        _ = provider.StandardError.ReadToEndAsync();
        while (await provider.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
        }
        provider.HasExited.ShouldBeFalse("the provider did not start");
        // Nobody reads on, but a full pipe would stop it.
        _ = provider.StandardOutput.ReadToEndAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        provider!.Kill();
        await provider.WaitForExitAsync();
        provider.Dispose();
        control.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Who signs in next, without being asked.</summary>
    public async Task Next(string account, string[]? amr = null, bool verified = true, string? email = null) =>
        (await control.PostAsJsonAsync($"{Issuer}/control", new { account, email = email ?? $"{account}@example.com", amr = amr ?? ["pwd", "mfa"], verified })).EnsureSuccessStatusCode();

    /// <summary>A token the provider signs for a program (client credentials).</summary>
    public async Task<string> ProgramToken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Issuer}/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("robot:robot"u8));
        using var answer = await control.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("access_token").GetString()!;
    }

    static async Task<string> Install()
    {
        var folder = Path.Combine(Checkout.Root, ".data", "test-oidc-provider");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests", "EventDesk.Server.Tests", "OidcProvider")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var (wanted, have) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", "installed"));
        if (File.Exists(have) && await File.ReadAllTextAsync(have) == await File.ReadAllTextAsync(wanted))
            return folder;
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=5"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        npm.ExitCode.ShouldBe(0, $"npm could not install the pinned oidc-provider: {await errors}");
        await File.WriteAllTextAsync(have, await File.ReadAllTextAsync(wanted));
        return folder;
    }
}

/// <summary>A browser as far as signing in needs one: cookies, and redirects one at a time.</summary>
public sealed class Browser : IDisposable
{
    readonly CookieContainer cookies = new();
    readonly HttpClient http;
    readonly string server;

    public Browser(string server)
    {
        this.server = server;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = new Uri(server) };
    }

    public void Dispose() => http.Dispose();

    public async Task<Answer> Get(string address) => await Send(HttpMethod.Get, address, null);

    public async Task<Answer> Send(HttpMethod method, string address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content!.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return await Answer.Of(response);
    }

    public Task<Stream> Open(string address) => http.GetStreamAsync(address);

    public string? Cookie(string name) => cookies.GetCookies(new Uri(server))[name]?.Value;

    /// <summary>Goes to the provider and as far back as the address the provider sends the browser to.</summary>
    public async Task<Uri> ToCallback(string returnTo = "/api/queues")
    {
        var at = await Get($"/sign-in?returnTo={Uri.EscapeDataString(returnTo)}");
        var here = new Uri(server);
        for (var hop = 0; hop < 10; hop++)
        {
            at.Status.ShouldBeOneOf(HttpStatusCode.Redirect, HttpStatusCode.SeeOther);
            var next = new Uri(here, at.Headers["Location"]);
            if (next.AbsolutePath == "/sign-in/callback")
                return next;
            at = await Get(next.AbsoluteUri);
            here = next;
        }
        throw new InvalidOperationException("The provider sends the browser round in circles.");
    }

    public async Task<Answer> SignIn(string returnTo = "/api/queues") => await Get((await ToCallback(returnTo)).AbsoluteUri);
}
