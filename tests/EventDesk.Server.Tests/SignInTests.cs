using System.Net;
using System.Text.RegularExpressions;
using EventDesk.Domain.Access;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>Signing in at a real OpenID provider.</summary>
public sealed partial class SignInTests(OidcProviderServer server) : IClassFixture<OidcProviderServer>
{
    [Fact]
    public async Task S1_a_person_signs_in_with_more_than_one_factor_and_out_again()
    {
        await Sample.Person(server, "ann");
        await server.Next("ann");
        using var browser = server.Browser();
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        var back = (await browser.SignIn("/api/queues?x=1")).ShouldBe(HttpStatusCode.Redirect);
        back.Headers["Location"].ShouldBe("/api/queues?x=1");
        var cookie = back.Headers["Set-Cookie"];
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/");
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        var session = (await browser.Get("/sign-in/session")).ShouldBe(HttpStatusCode.OK).Json;
        session.GetProperty("handle").GetString().ShouldBe("ann");
        var text = browser.Cookie("eventdesk")!;
        (await server.Scalar($"select count(*) from mt_events where data::text like '%{text[4..]}%'")).ShouldBe(0);
        (await server.Scalar("select count(*) from mt_events where type = 'session_started' and data->'factors' ? 'mfa'")).ShouldBeGreaterThan(0);
        (await server.Scalar("select count(*) from mt_events where data::text like '%ann@example.com%'")).ShouldBe(0);

        var form = new FormUrlEncodedContent([new("csrf", session.GetProperty("csrf").GetString()!)]);
        (await browser.Send(HttpMethod.Post, "/sign-out", form, ("Origin", server.Address))).ShouldBe(HttpStatusCode.SeeOther);
        browser.Cookie("eventdesk").ShouldBeNull();
        var stolen = new Api(server.Http, null);
        (await stolen.Get("/api/queues", ("Cookie", $"eventdesk={text}"))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task S1_one_factor_is_not_enough_for_staff_and_the_refusal_is_written_down()
    {
        await Sample.Person(server, "one");
        await server.Next("one", amr: ["pwd"]);
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("mfa_required");
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Be(async () => await server.Scalar("select count(*) from access_entry where kind = 'denied' and operation = 'signIn' and why = 'mfa'") > 0, "the refusal is recorded");
    }

    [Theory]
    [InlineData("stranger", true), InlineData("unverified", false), InlineData("former", true)]
    public async Task S1_nobody_gets_in_who_is_not_known_by_a_verified_address_or_has_gone_and_all_are_told_the_same(string account, bool verified)
    {
        if (account != "stranger")
        {
            var id = await Sample.Person(server, account);
            if (account == "former")
                await (await server.As(Role.Administrator)).Post($"/api/people/{id}/deactivation", null);
        }
        await server.Next(account, verified: verified);
        using var browser = server.Browser();
        var refused = (await browser.SignIn()).ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("sign_in_refused");
        refused.Text.ShouldContain("Nothing is open to this account here.");
    }

    [Fact]
    public async Task S1_an_address_counts_once_and_another_account_that_gets_it_later_does_not_get_in()
    {
        await Sample.Person(server, "shared");
        await server.Next("shared");
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        await server.Next("heir", email: "shared@example.com");
        using var other = server.Browser();
        (await other.SignIn()).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_refused");
    }

    [Fact]
    public async Task S1_a_way_back_is_used_once_by_the_browser_that_was_sent()
    {
        await Sample.Person(server, "state");
        await server.Next("state");
        using var browser = server.Browser();
        using var thief = server.Browser();
        var callback = await browser.ToCallback();
        // Brought to another browser (login CSRF, or a stolen address), with or without a sign-in of its own under way.
        (await thief.Get(callback.AbsoluteUri)).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_expired");
        (await browser.Get(callback.AbsoluteUri)).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_expired");

        var again = await browser.ToCallback();
        (await browser.Get(StateIn().Replace(again.AbsoluteUri, "state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_expired");
        (await browser.Get(again.AbsoluteUri)).ShouldBe(HttpStatusCode.Redirect);
        (await browser.Get(again.AbsoluteUri)).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_expired");
        // The same code under a fresh state: the provider has given its tokens already, and for another challenge.
        var fresh = await browser.ToCallback();
        (await browser.Get(CodeIn().Replace(fresh.AbsoluteUri, CodeIn().Match(again.AbsoluteUri).Value))).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_refused");
    }

    [Theory]
    [InlineData("iss=http%3A%2F%2Fevil.example"), InlineData(""), InlineData("iss=http%3A%2F%2Fevil.example&iss=http%3A%2F%2Fevil.example")]
    public async Task S1_an_answer_that_does_not_name_our_provider_is_not_taken(string instead)
    {
        await Sample.Person(server, $"mix{instead.Length}");
        await server.Next($"mix{instead.Length}");
        using var browser = server.Browser();
        var callback = (await browser.ToCallback()).AbsoluteUri;
        (await browser.Get(IssIn().Replace(callback, instead))).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("sign_in_refused");
    }

    [Theory]
    [InlineData("https://evil.example"), InlineData("//evil.example"), InlineData("/\\evil.example"), InlineData("/ok\r\nSet-Cookie: x=y"), InlineData("javascript:alert(1)"), InlineData("/\tevil")]
    public async Task S1_nobody_is_sent_elsewhere_after_signing_in(string returnTo)
    {
        var handle = $"way{Math.Abs(returnTo.GetHashCode(StringComparison.Ordinal))}";
        await Sample.Person(server, handle);
        await server.Next(handle);
        using var browser = server.Browser();
        var back = (await browser.SignIn(returnTo)).ShouldBe(HttpStatusCode.Redirect);
        back.Headers["Location"].ShouldBe("/");
    }

    [Fact]
    public async Task S1_with_a_cookie_only_our_own_pages_change_anything()
    {
        await Sample.Person(server, "cora", roles: ["coordinator"]);
        await server.Next("cora");
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        var ticket = await (await server.As(Role.Agent)).Open();
        var csrf = (await browser.Get("/sign-in/session")).Json.GetProperty("csrf").GetString()!;
        HttpContent Note() => new StringContent("""{"body":"x"}""", null, "application/json");
        async Task<Answer> Post(HttpContent? body, params (string, string)[] headers) =>
            await browser.Send(HttpMethod.Post, $"/api/tickets/{ticket.Ticket}/notes", body, [("If-Match", $"\"{ticket.Version}\""), .. headers]);

        (await Post(Note())).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("cross_site");
        (await Post(Note(), ("Origin", "http://evil.example"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(Note(), ("Origin", "null"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(Note(), ("Sec-Fetch-Site", "cross-site"), ("Origin", server.Address))).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(Note(), ("Sec-Fetch-Site", "same-site"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(Note(), ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.OK);

        // What a foreign form could send as well needs what only our pages know.
        async Task<Answer> Upload(params (string, string)[] headers) => await browser.Send(
            HttpMethod.Post, $"/api/tickets/{ticket.Ticket}/attachments", new StringContent("x", null, "text/plain"),
            [("If-Match", $"\"{ticket.Version + 1}\""), ("Content-Disposition", "attachment; filename=\"a.txt\""), ("Origin", server.Address), .. headers]);
        (await Upload()).ShouldBe(HttpStatusCode.Forbidden).Code.ShouldBe("cross_site");
        (await Upload(("X-CSRF-Token", "wrong"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Upload(("X-CSRF-Token", csrf))).ShouldBe(HttpStatusCode.Created);
        (await browser.Send(HttpMethod.Post, "/sign-out", new FormUrlEncodedContent([new("csrf", "wrong")]), ("Origin", server.Address))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task S4_signing_out_at_the_provider_ends_the_session_here()
    {
        await Sample.Person(server, "lou");
        await server.Next("lou");
        using var browser = server.Browser();
        (await browser.SignIn()).ShouldBe(HttpStatusCode.Redirect);
        (await browser.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        var page = await browser.Get($"{server.Issuer}/session/end?client_id=eventdesk");
        var xsrf = XsrfIn().Match(page.Text).Groups["value"].Value;
        await browser.Send(HttpMethod.Post, $"{server.Issuer}/session/end/confirm", new FormUrlEncodedContent([new("xsrf", xsrf), new("logout", "yes")]));
        await Eventually.Be(async () => (await browser.Get("/api/queues")).Status == HttpStatusCode.Unauthorized, "the session has ended");
        (await server.Scalar("select count(*) from mt_events where type = 'session_ended' and data->>'why' = 'provider'")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task S1_a_program_comes_with_a_token_its_provider_signed_once_an_administrator_let_it_in()
    {
        var administrator = await server.As(Role.Administrator);
        var signed = new Api(server.Http, await server.ProgramToken());
        (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
        var issued = (await administrator.Post("/api/tokens", new { name = "robot", roles = new[] { "agent" }, subject = "robot" })).ShouldBe(HttpStatusCode.Created).Json;
        issued.TryGetProperty("text", out _).ShouldBeFalse();
        (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);
        (await signed.Get("/api/events")).ShouldBe(HttpStatusCode.Forbidden);
        (await administrator.Delete($"/api/tokens/{issued.GetProperty("token").GetProperty("id").GetGuid()}")).ShouldBe(HttpStatusCode.NoContent);
        (await signed.Get("/api/queues")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex("state=[^&]*", RegexOptions.NonBacktracking)] private static partial Regex StateIn();
    [GeneratedRegex("code=[^&]*", RegexOptions.NonBacktracking)] private static partial Regex CodeIn();
    [GeneratedRegex("iss=[^&]*", RegexOptions.NonBacktracking)] private static partial Regex IssIn();
    [GeneratedRegex("name=\"xsrf\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)] private static partial Regex XsrfIn();
}
