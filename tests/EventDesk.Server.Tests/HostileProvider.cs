using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EventDesk.Server.Tests;

/// <summary>A provider that signs whatever a test wants: what a real one never would.</summary>
public sealed class HostileProviderServer : SignInServer
{
    readonly ConcurrentDictionary<string, string> nonces = new();
    WebApplication? provider;
    (string Kid, RSA Key) signing = ("first", RSA.Create(2048));

    protected override string? Secret => null;

    /// <summary>What is wrong with the next tokens: changes header and claims, and may sign by itself.</summary>
    public Func<JsonObject, JsonObject, string?>? Spoil { get; set; }

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        provider = builder.Build();
        provider.Urls.Add(Issuer);
        provider.MapGet("/.well-known/openid-configuration", () => Results.Text(new JsonObject
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = $"{Issuer}/auth", ["token_endpoint"] = $"{Issuer}/token", ["jwks_uri"] = $"{Issuer}/jwks",
        }.ToJsonString(), "application/json"));
        provider.MapGet("/jwks", () => Results.Text(Keys().ToJsonString(), "application/json"));
        provider.MapGet("/auth", (HttpContext http) =>
        {
            var query = http.Request.Query;
            var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
            nonces[code] = query["nonce"]!;
            return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={query["state"]}");
        });
        provider.MapPost("/token", async (HttpContext http) =>
        {
            var nonce = nonces[(await http.Request.ReadFormAsync())["code"]!];
            return Results.Text(new JsonObject { ["id_token"] = Sign(Claims(nonce)), ["token_type"] = "Bearer" }.ToJsonString(), "application/json");
        });
        await provider.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await provider!.DisposeAsync();
        signing.Key.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>From now on with another key; the old one is known no more.</summary>
    public void Rotate(string kid) => signing = (kid, RSA.Create(2048));

    public RSA PublishedKey => signing.Key;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public JsonObject Claims(string? nonce) => new()
    {
        ["iss"] = Issuer, ["sub"] = "ann", ["aud"] = "eventdesk", ["iat"] = Now, ["exp"] = Now + 300, ["nonce"] = nonce, ["sid"] = "provider-session",
        ["email"] = "ann@example.com", ["email_verified"] = true, ["amr"] = new JsonArray("pwd", "mfa"),
    };

    public JsonObject LogoutClaims() => new()
    {
        ["iss"] = Issuer, ["sub"] = "ann", ["aud"] = "eventdesk", ["iat"] = Now, ["exp"] = Now + 120, ["jti"] = Guid.CreateVersion7().ToString(),
        ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
    };

    public string Sign(JsonObject claims, string? type = null)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = signing.Kid };
        if (type is not null)
            header["typ"] = type;
        if (Spoil?.Invoke(header, claims) is { } whole)
            return whole;
        return With(header, claims, text => signing.Key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string With(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        foreach (var nothing in claims.Where(c => c.Value is null).Select(c => c.Key).ToList())
            claims.Remove(nothing);
        var signed = $"{Part(header)}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";

        static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    JsonObject Keys()
    {
        var key = signing.Key.ExportParameters(false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = signing.Kid, ["n"] = Base64Url.EncodeToString(key.Modulus!), ["e"] = Base64Url.EncodeToString(key.Exponent!),
            }),
        };
    }
}
