using System.Net;
using System.Text.RegularExpressions;
using EventDesk.Service.Access;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>Customers come by a link sent to their address, and by nothing else.</summary>
public sealed partial class PortalLinkTests(PortalLinkTests.StrictServer strict, PortalLinkTests.OpenServer open) : IClassFixture<PortalLinkTests.StrictServer>, IClassFixture<PortalLinkTests.OpenServer>
{
    const string Here = "https://desk.example.com";

    /// <summary>Not in development: as customers meet it.</summary>
    public sealed class StrictServer : RunningServer
    {
        protected override Settings Adjust(Settings settings)
        {
            MasterKeys.LoadOrCreate(settings.MasterKeyFile, mayCreate: true).Dispose();
            return settings with { Development = false, SignIn = new() { PublicUrl = new Uri(Here) } };
        }
    }

    public sealed class OpenServer : RunningServer
    {
        protected override Settings Adjust(Settings settings) => settings with { SignIn = new() { Development = true, PublicUrl = new Uri(Here) } };
    }

    [Fact]
    public async Task S1_Who_asks_for_links_learns_nothing_from_the_answer_and_fills_no_mailbox()
    {
        List<string> answers = [];
        for (var i = 0; i < 7; i++)
            answers.Add((await Send(strict, "/portal/sign-in", new() { ["email"] = "lou@example.com" })).ShouldBe(HttpStatusCode.OK).Text);
        answers.Distinct().ShouldHaveSingleItem().ShouldNotContain("edl_");
        (await strict.Scalar("select count(*) from sign_in_link")).ShouldBe(5);
        strict.LogLines.ShouldNotContain(l => l.Contains("edl_") || l.Contains("lou@example.com"));
        (await Send(strict, "/portal/sign-in", new() { ["email"] = "lou@example.com" }, origin: "https://elsewhere.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await Send(strict, "/portal/sign-in", new() { ["email"] = "no address" })).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task S1_A_link_lets_one_in_once_and_where_it_says_it_does_not_lead_away()
    {
        var asked = (await Send(open, "/portal/sign-in", new() { ["email"] = "Max@Example.com", ["returnTo"] = "//elsewhere.example/" })).ShouldBe(HttpStatusCode.OK);
        var key = Secret().Match(asked.Text).Value;
        (await Send(open, "/portal/link", new() { ["key"] = key, ["to"] = "/portal" }, origin: "https://elsewhere.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await Send(open, "/portal/link", new() { ["key"] = "edl_" + new string('A', 43), ["to"] = "/portal" })).ShouldBe(HttpStatusCode.Forbidden);

        var entered = (await Send(open, "/portal/link", new() { ["key"] = key, ["to"] = "//elsewhere.example/" })).ShouldBe(HttpStatusCode.SeeOther);
        entered.Headers["Location"].ShouldBe("/portal");
        (await Send(open, "/portal/link", new() { ["key"] = key, ["to"] = "/portal" })).ShouldBe(HttpStatusCode.Forbidden);

        // The cookie is a customer's session: what is theirs opens, what is the desk's does not.
        var cookie = ("Cookie", entered.Headers["Set-Cookie"].Split(';')[0]);
        (await new Api(open.Http, null).Get("/api/tickets?mine=true", cookie)).ShouldBe(HttpStatusCode.OK);
        (await new Api(open.Http, null).Get("/api/incidents", cookie)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await open.Scalar("select count(*) from sign_in_session where person is null and customer is not null")).ShouldBe(1);
        (await ViewCheck.Run(open.Services.GetRequiredService<EventStore>(), new SessionView(), default)).None.ShouldBeTrue();
        (await open.Scalar("select count(*) from mt_events where type = 'session_started' and (data::text like '%example.com%' or data::text like '%Max%')")).ShouldBe(0);
    }

    [Fact]
    public async Task S1_A_link_that_is_too_old_opens_nothing()
    {
        var key = Secret().Match((await Send(open, "/portal/sign-in", new() { ["email"] = "old@example.com" })).Text).Value;
        await open.Scalar("with aged as (update sign_in_link set expires = now() - interval '1 second' returning 1) select count(*) from aged");
        (await Send(open, "/portal/link", new() { ["key"] = key, ["to"] = "/portal" })).ShouldBe(HttpStatusCode.Forbidden);
    }

    static async Task<Answer> Send(RunningServer server, string path, Dictionary<string, string> fields, string origin = Here)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Http.BaseAddress };
        return await new Api(http, null).Send(HttpMethod.Post, path, new FormUrlEncodedContent(fields), ("Origin", origin));
    }

    [GeneratedRegex("edl_[A-Za-z0-9_-]{43}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Secret();
}
