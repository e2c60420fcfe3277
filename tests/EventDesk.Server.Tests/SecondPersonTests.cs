using System.Net;
using EventDesk.Domain.Access;

namespace EventDesk.Server.Tests;

/// <summary>R3: where the organisation wants it, nobody looks at what is hidden alone.</summary>
public sealed class SecondPersonTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task R3_a_look_waits_for_another_person_with_the_right_and_each_step_is_an_event()
    {
        var administrator = await server.As(Role.Administrator);
        (await administrator.Put("/api/organisation/privacy", new { revealNeedsSecondPerson = true }, 0)).ShouldBe(HttpStatusCode.Created);
        var (agent, olga, otto) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer, "olga"), await server.As(Role.PrivacyOfficer, "otto"));
        var opened = await agent.Open();
        var path = $"/api/tickets/{opened.Ticket}";
        var v = (await agent.Post($"{path}/redactions", new { passages = new[] { new { version = 1, field = "body", start = 9, length = 7 } }, reason = "r" }, opened.Version)).ShouldBe(HttpStatusCode.OK).Version;
        async Task<Answer> Look(Api who) => await who.Post($"{path}/reveals", new { version = 1, field = "body", reason = "The bank asks" }, v);
        async Task<Answer> Approve(Api who, string of = "olga") => await who.Post($"{path}/reveals/1/approval", new { field = "body", @for = of }, v);

        (await Approve(otto)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("no_reveal_requested");
        var asked = (await Look(olga)).ShouldBe(HttpStatusCode.Accepted);
        asked.Text.ShouldNotContain("invoice");
        asked.Json.GetProperty("for").GetString().ShouldBe("olga");
        v = asked.Version;
        (await Look(olga)).ShouldBe(HttpStatusCode.Accepted).Version.ShouldBe(v, "asking twice is asking once");
        (await Approve(olga)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("second_person_required");
        (await Approve(agent)).ShouldBe(HttpStatusCode.Forbidden);
        v = (await Approve(otto)).ShouldBe(HttpStatusCode.OK).Version;
        (await Approve(otto)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("no_reveal_requested");

        // It is hers alone: he who approved has to ask for himself.
        v = (await Look(otto)).ShouldBe(HttpStatusCode.Accepted).Version;
        var seen = (await Look(olga)).ShouldBe(HttpStatusCode.OK);
        seen.Json.GetProperty("text").GetString().ShouldBe("I got no invoice in May.");
        v = seen.Version;
        var history = (await agent.Get($"{path}/events")).Json.GetProperty("events").EnumerateArray().Select(e => $"{e.GetProperty("type").GetString()} {e.GetProperty("actor").GetProperty("id").GetString()}").ToList();
        history.Skip(history.Count - 4).ShouldBe(["reveal_requested olga", "reveal_approved otto", "reveal_requested otto", "original_revealed olga"]);

        (await administrator.Put("/api/organisation/privacy", new { revealNeedsSecondPerson = false }, 1)).ShouldBe(HttpStatusCode.OK);
        (await Look(otto)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("text").GetString().ShouldBe("I got no invoice in May.");
    }
}
