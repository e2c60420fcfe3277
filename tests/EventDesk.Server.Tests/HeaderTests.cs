using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Store.Sealing;

namespace EventDesk.Server.Tests;

/// <summary>What answers say to browsers.</summary>
public sealed class HeaderTests(HeaderTests.Production server) : IClassFixture<HeaderTests.Production>
{
    /// <summary>As it runs where people use it: by https alone.</summary>
    public sealed class Production : RunningServer
    {
        protected override Settings Adjust(Settings settings)
        {
            MasterKeys.LoadOrCreate(settings.MasterKeyFile, mayCreate: true).Dispose();
            return settings with { Development = false };
        }
    }

    /// <summary>What everybody may keep: it is the same for all and says nothing of anybody.</summary>
    static bool MayBeShared(string path) => path.StartsWith("/ledger/", StringComparison.Ordinal) || path is "/api/hours";

    [Fact]
    public async Task Every_answer_of_every_operation_and_page_is_strict_to_browsers()
    {
        var agent = await server.As(Role.Agent);
        var everyone = await server.Issue(new("everyone", [.. Enum.GetValues<Role>().Where(r => r is not (Role.System or Role.Customer))], TimeSpan.FromDays(1)));
        var seen = 0;
        foreach (var token in new[] { everyone, null })
        {
            var api = new Api(server.Http, token);
            foreach (var operation in await ApiOperation.All(server))
            {
                var ticket = await agent.Open();
                Check(operation.Path, await operation.Call(api, ticket.Ticket, ticket.Version), $"{operation.Id} {token is not null}");
            }
            foreach (var page in new[] { "/openapi/v1.json", "/", "/nothing", "/sign-in", "/sign-in/session", "/scim/v2/Users", "/api/tickets/nothing", "/hours?colour=red" })
                Check(page.Split('?')[0], await api.Get(page), page);
            Check("/api/tickets", await api.Send(HttpMethod.Put, "/api/tickets", null), "405");
        }
        seen.ShouldBeGreaterThan(200);

        void Check(string path, Answer answer, string where)
        {
            seen++;
            string Header(string name) => answer.Headers.GetValueOrDefault(name, "");
            Header("X-Content-Type-Options").ShouldBe("nosniff", where);
            Header("Referrer-Policy").ShouldBe("no-referrer", where);
            Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin", where);
            Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin", where);
            Header("Permissions-Policy").ShouldContain("camera=()", customMessage: where);
            Header("Strict-Transport-Security").ShouldStartWith("max-age=31536000", customMessage: where);
            var policy = Header("Content-Security-Policy");
            policy.ShouldContain("default-src 'none'", customMessage: where);
            policy.ShouldNotContain("unsafe", customMessage: where);
            policy.ShouldNotContain("script-src", customMessage: where);
            var cache = Header("Cache-Control").Split(", ");
            (cache.Contains("no-store") || (cache.Contains("private") && answer.ETag is not null) || (MayBeShared(path) && (int)answer.Status < 400)).ShouldBeTrue($"{where}: {Header("Cache-Control")}");
            answer.Headers.ContainsKey("Server").ShouldBeFalse(where);
        }
    }

    [Fact]
    public async Task A_page_for_everybody_allows_our_own_files_and_nothing_else()
    {
        var page = (await new Api(server.Http, null).Get("/hours")).ShouldBe(HttpStatusCode.OK);
        page.Headers["Content-Security-Policy"].ShouldBe(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        page.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        page.Headers["Cache-Control"].ShouldBe("public, max-age=30");
        page.Text.ShouldNotContain("<style");
        page.Text.ShouldNotContain(" style=");
    }

    [Fact]
    public async Task A_file_that_a_browser_would_run_is_only_bytes_to_be_saved()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var added = (await agent.Send(HttpMethod.Post, $"/api/tickets/{opened.Ticket}/attachments", new StringContent("<svg onload=alert(1)>", null, "image/png"),
            ("If-Match", opened.ETag!), ("Content-Disposition", "attachment; filename=\"cat.png\""))).ShouldBe(HttpStatusCode.Created);
        var got = await agent.Get(added.Headers["Location"]);
        got.Text.ShouldBe("<svg onload=alert(1)>");
        got.Headers["Content-Type"].ShouldBe("application/octet-stream");
        got.Headers["Content-Disposition"].ShouldStartWith("attachment");
        got.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        got.Headers["Content-Security-Policy"].ShouldContain("sandbox");
    }
}
