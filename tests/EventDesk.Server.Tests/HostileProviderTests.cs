using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>Tokens that no honest provider would give, each refused for the one thing that is wrong with it.</summary>
public sealed class HostileProviderTests(HostileProviderServer server) : IClassFixture<HostileProviderServer>
{
    static readonly RSA Other = RSA.Create(2048);

    static readonly Dictionary<string, Func<HostileProviderServer, JsonObject, JsonObject, string?>> Attacks = new()
    {
        ["nonce of another sign-in"] = Claim("nonce", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ["no nonce"] = Claim("nonce", null),
        ["another issuer"] = Claim("iss", "https://evil.example"),
        ["no issuer"] = Claim("iss", null),
        ["another audience"] = Claim("aud", "another-client"),
        ["no audience"] = Claim("aud", null),
        ["several audiences and another's azp"] = (_, _, claims) => { claims["aud"] = new JsonArray("eventdesk", "other"); claims["azp"] = "other"; return null; },
        ["several audiences and no azp"] = (_, _, claims) => { claims["aud"] = new JsonArray("eventdesk", "other"); return null; },
        ["expired"] = (_, _, claims) => { claims["exp"] = (long)claims["iat"]! - 60; return null; },
        ["without an end"] = Claim("exp", null),
        ["without a beginning"] = Claim("iat", null),
        ["made in the future"] = (_, _, claims) => { claims["iat"] = (long)claims["iat"]! + 600; return null; },
        ["no subject"] = Claim("sub", null),
        ["alg none"] = (_, header, claims) => { header["alg"] = "none"; return HostileProviderServer.With(header, claims, _ => []); },
        ["alg none, in other letters"] = (_, header, claims) => { header["alg"] = "nOnE"; return HostileProviderServer.With(header, claims, _ => []); },
        ["no signature"] = (_, header, claims) => HostileProviderServer.With(header, claims, _ => []),
        ["another key under the same name"] = (_, header, claims) => HostileProviderServer.With(header, claims, text => Other.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        ["another key under another name"] = (_, header, claims) =>
        {
            header["kid"] = "unknown";
            return HostileProviderServer.With(header, claims, text => Other.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        },
        ["the public key as a shared secret"] = (s, header, claims) =>
        {
            header["alg"] = "HS256";
            return HostileProviderServer.With(header, claims, text => HMACSHA256.HashData(s.PublishedKey.ExportSubjectPublicKeyInfo(), text));
        },
        ["a key of its own in the header"] = (_, header, claims) =>
        {
            header["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = System.Buffers.Text.Base64Url.EncodeToString(Other.ExportParameters(false).Modulus!), ["e"] = "AQAB" };
            return HostileProviderServer.With(header, claims, text => Other.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        },
        ["a logout token"] = (_, header, _) => { header["typ"] = "logout+jwt"; return null; },
        ["one factor"] = Claim("amr", null),
        ["not a token"] = (_, _, _) => "abc.def.ghi",
    };

    static Func<HostileProviderServer, JsonObject, JsonObject, string?> Claim(string name, string? value) => (_, _, claims) => { claims[name] = value; return null; };

    public static TheoryData<string> AttackNames() => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(AttackNames))]
    public async Task S1_a_token_with_one_thing_wrong_opens_nothing(string attack)
    {
        await Known();
        using var browser = server.Browser();
        server.Spoil = (header, claims) => Attacks[attack](server, header, claims);
        var refused = await browser.SignIn();
        server.Spoil = null;
        refused.ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe(attack == "one factor" ? "mfa_required" : "sign_in_refused");
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        // The same with nothing wrong: it was the one thing.
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task S1_a_provider_changes_its_keys_and_people_go_on_signing_in()
    {
        await Known();
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        server.Rotate($"next-{Guid.CreateVersion7()}");
        await Eventually.Be(async () => (await browser.SignIn()).Status == HttpStatusCode.Redirect, "the new key is read", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task S1_an_authentication_context_counts_as_much_as_a_method()
    {
        await Known();
        using var browser = server.Browser();
        server.Spoil = (_, claims) => { claims.Remove("amr"); claims["acr"] = "urn:mfa"; return null; };
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        server.Spoil = null;
    }

    [Theory]
    [InlineData("nonce"), InlineData("events"), InlineData("jti"), InlineData("whom"), InlineData("iss"), InlineData("aud"), InlineData("exp"), InlineData("iat"), InlineData("replay"), InlineData("alg"), InlineData("id token")]
    public async Task S4_a_logout_token_with_one_thing_wrong_ends_nothing(string wrong)
    {
        await Known();
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        var claims = server.LogoutClaims();
        var token = wrong switch
        {
            "nonce" => Signed("nonce", "n"),
            "whom" => Signed("sub", null),
            "iss" => Signed("iss", "https://evil.example"),
            "aud" => Signed("aud", "other"),
            "alg" => HostileProviderServer.With(new JsonObject { ["alg"] = "none" }, claims, _ => []),
            "id token" => server.Sign(server.Claims(null)),
            "replay" => server.Sign(claims, "logout+jwt"),
            _ => Signed(wrong, null),
        };
        if (wrong == "replay")
        {
            claims["sid"] = "somebody-elses";
            token = server.Sign(claims, "logout+jwt");
            (await Logout(token)).ShouldBe(HttpStatusCode.OK);
        }
        (await Logout(token)).ShouldBe(HttpStatusCode.BadRequest).Code.ShouldBe("invalid_logout_token");
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);

        string Signed(string claim, string? value)
        {
            claims[claim] = value;
            return server.Sign(claims, "logout+jwt");
        }
    }

    [Fact]
    public async Task S4_a_logout_of_one_session_ends_that_one_and_of_the_subject_all_that_the_person_holds()
    {
        await Known();
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        var token = await Sample.TokenOf(server, "ann", Role.Agent);
        var one = server.LogoutClaims();
        one["sid"] = "provider-session";
        (await Logout(server.Sign(one, "logout+jwt"))).ShouldBe(HttpStatusCode.OK);
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await token.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);

        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        (await Logout(server.Sign(server.LogoutClaims(), "logout+jwt"))).ShouldBe(HttpStatusCode.OK);
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await token.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task S3_a_person_may_come_with_a_signed_token_under_the_same_rules()
    {
        var id = await Known();
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        string Token(string audience)
        {
            var claims = server.Claims(null);
            claims["aud"] = audience;
            return server.Sign(claims, "at+jwt");
        }
        var signed = new Api(server.Http, null);
        // Tokens tell whole seconds: one made in the second of an earlier test's sign-out counts as made before it.
        await Eventually.Hold(async () =>
        {
            signed = new Api(server.Http, Token(SignInServer.Audience));
            (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        });
        (await new Api(server.Http, Token("eventdesk")).Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        var administrator = await server.As(Role.Administrator);
        (await administrator.Delete($"/api/people/{id}/trainings/privacy")).ShouldBe(HttpStatusCode.OK);
        (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("training_required");
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("training_required");
        (await browser.Get("/sign-in/session")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("lacksTraining")[0].GetString().ShouldBe("privacy");
        await Sample.Teach(administrator, id, "privacy");
        (await administrator.Post($"/api/people/{id}/sign-out", null)).ShouldBe(HttpStatusCode.OK);
        (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    Task<Answer> Logout(string token) =>
        new Api(server.Http, null).Send(HttpMethod.Post, "/sign-in/back-channel-logout", new FormUrlEncodedContent([new("logout_token", token)]));

    /// <summary>Ann, let in and taught; once for the class.</summary>
    Task<Guid> Known() => ann ??= Sample.Person(server, "ann");

    static Task<Guid>? ann;
}
