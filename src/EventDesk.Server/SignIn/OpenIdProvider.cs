using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace EventDesk.Server.SignIn;

/// <summary>What a provider says of itself.</summary>
/// <param name="NamesItself">Its answers to browsers carry <c>iss</c> (RFC 9207), so one without is not from it.</param>
public sealed record ProviderMetadata(Uri Authorization, Uri Token, bool NamesItself, IReadOnlyList<SecurityKey> Keys);

/// <summary>One OpenID provider: its addresses and its keys, read from it, kept for minutes, and read anew when a key is not known yet.</summary>
public sealed class OpenIdProvider : IDisposable
{
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(5), AtMostEvery = TimeSpan.FromSeconds(5), StillGood = TimeSpan.FromHours(1);
    const int MostBytes = 1 << 20;

    readonly bool plainHttp;
    readonly TimeProvider time;
    readonly SemaphoreSlim one = new(1);
    volatile Loaded? loaded;

    sealed record Loaded(ProviderMetadata Metadata, long At, long Tried);

    /// <param name="issuer">To the letter, as it names itself.</param>
    /// <param name="plainHttp">Development: it need not be https.</param>
    public OpenIdProvider(string issuer, bool plainHttp, TimeProvider time)
    {
        (Issuer, this.plainHttp, this.time) = (issuer, plainHttp, time);
        // What it says is taken from where it was asked, and from nowhere it may send us on to.
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), UseCookies = false })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    public string Issuer { get; }

    internal HttpClient Http { get; }

    /// <exception cref="ProviderException">It does not answer, or not as a provider does.</exception>
    public async ValueTask<ProviderMetadata> Get(CancellationToken ct) =>
        loaded is { } known && time.GetElapsedTime(known.At) < Kept ? known.Metadata : await Load(AtMostEvery, ct);

    /// <summary>Read after this question was asked, if that is not too soon after the last time: a token is signed by a key we do not know.</summary>
    public Task<ProviderMetadata> GetAnew(CancellationToken ct) => Load(AtMostEvery, ct);

    async Task<ProviderMetadata> Load(TimeSpan atMostEvery, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            var now = time.GetTimestamp();
            if (loaded is { } recent && time.GetElapsedTime(recent.Tried, now) < atMostEvery)
                return recent.Metadata;
            try
            {
                loaded = new(await Read(ct), now, now);
            }
            catch (ProviderException) when (loaded is { } old && time.GetElapsedTime(old.At, now) < StillGood)
            {
                loaded = old with { Tried = now };
            }
            return loaded.Metadata;
        }
        finally
        {
            one.Release();
        }
    }

    async Task<ProviderMetadata> Read(CancellationToken ct)
    {
        try
        {
            using var about = JsonDocument.Parse(await Http.GetByteArrayAsync(new Uri($"{Issuer.TrimEnd('/')}/.well-known/openid-configuration"), ct));
            var root = about.RootElement;
            if (root.GetProperty("issuer").GetString() != Issuer)
                throw new ProviderException($"What stands at {Issuer} calls itself \"{root.GetProperty("issuer").GetString()}\".");
            var keys = new JsonWebKeySet(await Http.GetStringAsync(Address(root, "jwks_uri"), ct));
            var names = root.TryGetProperty("authorization_response_iss_parameter_supported", out var iss) && iss.ValueKind == JsonValueKind.True;
            return new(Address(root, "authorization_endpoint"), Address(root, "token_endpoint"), names, [.. keys.GetSigningKeys().Where(k => k is not SymmetricSecurityKey)]);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProviderException($"The sign-in provider {Issuer} does not answer as one: {e.Message}", e);
        }
    }

    Uri Address(JsonElement root, string name) =>
        Uri.TryCreate(root.GetProperty(name).GetString(), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || plainHttp && address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new ProviderException($"The {name} of {Issuer} is no https address.");

    public void Dispose()
    {
        Http.Dispose();
        one.Dispose();
    }
}

/// <summary>The sign-in provider does not answer, or not as it should.</summary>
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner);
