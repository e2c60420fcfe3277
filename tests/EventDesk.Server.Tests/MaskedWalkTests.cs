using System.Net;
using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>R3: a hidden passage reaches nobody without the right to reveal it, by whichever door.</summary>
public sealed class MaskedWalkTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Two words, so that a quotation can break the line between them; neither may be seen.</summary>
    readonly string first = $"Zaunkoenig{Guid.CreateVersion7():N}", second = $"Nachtigall{Guid.CreateVersion7():N}";

    string Secret => $"{first} {second}";

    /// <summary>The pseudonym of the customer whose tickets these are.</summary>
    string Kim => server.Services.GetRequiredService<TicketDesk>().CustomerOf("kim@example.com").Value.ToString();

    sealed record Merge(TicketId Into) : TicketCommand
    {
        public override Decision Decide(Ticket t, Circumstances c) => new TicketMerged(Into);
    }

    /// <summary>A ticket whose every text holds the secret.</summary>
    async Task<(Guid Ticket, List<Guid> Files)> Written(Api agent)
    {
        var opened = (await agent.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com", name = Secret },
            subject = $"About {Secret}", body = $"It is {Secret}, thanks.", fields = new { order = Secret },
        })).ShouldBe(HttpStatusCode.Created);
        var (path, v) = ($"/api/tickets/{opened.Ticket}", opened.Version);
        async Task Step(string what, object body) => v = (await agent.Post($"{path}/{what}", body, v)).ShouldBe(HttpStatusCode.OK).Version;
        List<Guid> files = [];
        async Task File(string name, string content)
        {
            var added = (await agent.Send(HttpMethod.Post, $"{path}/attachments", new StringContent(content, null, "text/plain"),
                ("If-Match", $"\"{v}\""), ("Content-Disposition", $"attachment; filename=\"{name}\""))).ShouldBe(HttpStatusCode.Created);
            v = added.Version;
            files.Add(added.Json.GetProperty("created").GetGuid());
        }
        await Step("replies", new { body = $"You wrote:\n> It is {first}\n> {second}, thanks." });
        await Step("customer-messages", new { body = Secret.ToUpperInvariant() });
        await Step("notes", new { body = $"They say {Secret}." });
        await Step("severity-assessments", new { severity = "standard", reason = Secret });
        await Step("assignment", new { agent = "ann" });
        await Step("waiting", new { reason = "thirdParty", note = Secret });
        await File($"{Secret}.txt", "harmless");
        await File("plain.txt", $"it is {Secret}");
        return (opened.Ticket, files);
    }

    [Fact]
    public async Task R3_a_hidden_passage_reaches_no_role_by_any_address_of_the_api()
    {
        var agent = await server.As(Role.Agent);
        var (source, target) = (await Written(agent), await Written(agent));
        (await server.Services.GetRequiredService<TicketDesk>().Handle(
            source.Ticket, Operation.Move, new Merge(new(target.Ticket)), null, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();
        List<Guid> files = [.. source.Files, .. target.Files];
        List<(string Name, Api Api)> everyone = [("own customer", await server.As(Role.Customer, "kim")), ("other customer", await server.As(Role.Customer, "lee"))];
        foreach (var role in Enum.GetValues<Role>().Where(r => r is not (Role.System or Role.Customer)))
            everyone.Add((role.ToString(), await server.As(role)));

        // Before, the walk must find it, or it would find nothing afterwards either; it also fills whatever keeps plain texts at hand.
        var open = await Walk(everyone, [source.Ticket, target.Ticket], files);
        foreach (var (who, what) in new[] { ("own customer", "readTicket"), ("Agent", "readHistory"), ("Agent", "listQueue"), ("Auditor", "readAttachment"), ("Coordinator", "a stale note"), ("Manager", "listAttachments"), ("PrivacyOfficer", "exportCustomer"), ("own customer", "exportOwn") })
            open.ShouldContain(s => s.StartsWith($"{who} {what}", StringComparison.Ordinal), $"{who} {what}\n{string.Join('\n', open)}");
        open.ShouldNotContain(s => s.StartsWith("other customer", StringComparison.Ordinal));

        var version = (await agent.Get($"/api/tickets/{target.Ticket}")).Version;
        (await agent.Post($"/api/tickets/{target.Ticket}/redactions",
            new { passages = new[] { new { version = 1, field = "body", start = 6, length = Secret.Length } }, reason = "Too much", everywhere = true }, version)).ShouldBe(HttpStatusCode.OK);

        (await Walk(everyone, [source.Ticket, target.Ticket], files)).ShouldBeEmpty();
        (await agent.Get($"/api/tickets/{source.Ticket}/events")).Text.ShouldContain("It is ********, thanks.");
    }

    [Fact]
    public async Task R3_a_hold_on_a_merged_ticket_keeps_the_words_on_all_of_them_until_it_is_lifted()
    {
        var (agent, officer, desk) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer), server.Services.GetRequiredService<TicketDesk>());
        var (source, target) = (await Written(agent), await Written(agent));
        foreach (TicketCommand command in new TicketCommand[] { new PlaceLegalHold("case"), new Merge(new(target.Ticket)) })
            (await desk.Handle(source.Ticket, Operation.HoldForLaw, command, null, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();
        async Task<Answer> Erase() => await officer.Post($"/api/tickets/{target.Ticket}/erasures",
            new { passages = new[] { new { version = 1, field = "body", start = 6, length = Secret.Length } }, reason = "r", everywhere = true },
            (await agent.Get($"/api/tickets/{target.Ticket}")).Version);
        async Task<string> Texts() => string.Concat(await Task.WhenAll(new[] { source, target }.Select(async t => (await officer.Get($"/api/tickets/{t.Ticket}/events")).Text)));

        var before = await Texts();
        (await Erase()).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("legal_hold");
        (await Texts()).ShouldBe(before);
        (await officer.Delete($"/api/tickets/{source.Ticket}/legal-holds", new { reason = "over" }, (await agent.Get($"/api/tickets/{source.Ticket}")).Version)).ShouldBe(HttpStatusCode.OK);
        (await Erase()).ShouldBe(HttpStatusCode.OK);
        (await Texts()).ShouldNotContain(first);
    }

    [Fact]
    public async Task R3_what_is_hidden_cannot_be_guessed_letter_by_letter()
    {
        var agent = await server.As(Role.Agent);
        var opened = (await agent.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com" }, subject = "s", body = "The code is 7431, thanks.",
        })).ShouldBe(HttpStatusCode.Created);
        var path = $"/api/tickets/{opened.Ticket}";
        var hidden = (await agent.Post($"{path}/redactions", new { passages = new[] { new { version = 1, field = "body", start = 12, length = 4 } }, reason = "r" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        var version = hidden.Version;
        List<string> told = [];
        foreach (var guess in new[] { "code is 7", "code is 8", "7431, thanks", "8431, thanks" })
        {
            var note = (await agent.Post($"{path}/notes", new { body = guess }, version)).ShouldBe(HttpStatusCode.OK);
            version = note.Version;
            told.Add((await agent.Post($"{path}/redactions/preview", new { passages = new[] { new { version, field = "body", start = 0, length = guess.Length } } })).ShouldBe(HttpStatusCode.OK).Text);
        }
        told.Distinct().Count().ShouldBe(1, "a right guess and a wrong one look the same");
    }

    /// <summary>Where the secret was seen.</summary>
    async Task<List<string>> Walk(IEnumerable<(string Name, Api Api)> everyone, IReadOnlyList<Guid> tickets, IReadOnlyList<Guid> files)
    {
        List<string> seen = [];
        var operations = await ApiOperation.All(server);
        foreach (var (name, api) in everyone)
            foreach (var ticket in tickets)
            {
                foreach (var get in operations.Where(o => o.Method == HttpMethod.Get))
                    foreach (var (path, headers) in Ways(get with { Path = get.Path.Replace("{customer}", Kim, StringComparison.Ordinal) }, ticket, files))
                        Look($"{name} {get.Id} {path}", await api.Send(HttpMethod.Get, path, null, headers));
                foreach (var (what, answer) in await Said(name, api, ticket))
                    Look($"{name} {what}", answer);
            }
        foreach (var page in new[] { "/hours", "/openapi/v1.json", "/" })
            Look(page, await new Api(server.Http, null).Get(page));
        return seen;

        void Look(string where, Answer answer)
        {
            var all = $"{answer.Text}\n{string.Join('\n', answer.Headers.Select(h => $"{h.Key}: {Uri.UnescapeDataString(h.Value)}"))}";
            if (Forms.Any(form => all.Contains(form, StringComparison.OrdinalIgnoreCase)))
                seen.Add($"{where}: {(int)answer.Status}");
        }
    }

    /// <summary>An address as the document gives it, and with each parameter that asks for more, for the past, or for what changed.</summary>
    static IEnumerable<(string Path, (string, string)[] Headers)> Ways(ApiOperation get, Guid ticket, IReadOnlyList<Guid> files)
    {
        foreach (var file in get.Path.Contains("{attachment}", StringComparison.Ordinal) ? files : [ticket])
        {
            var path = (get with { Path = get.Path.Replace("{attachment}", file.ToString(), StringComparison.Ordinal) }).Address(ticket);
            var more = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            yield return (path, []);
            foreach (var (name, value) in new[] { ("version", "1"), ("version", "9"), ("asOf", "2999-01-01T00:00:00Z"), ("proof", "true"), ("limit", "200"), ("for", "person") })
                if (get.Parameters.Contains(name))
                    yield return ($"{path}{more}{name}={value}", []);
            if (get.Parameters.Contains("If-None-Match"))
                yield return (path, [("If-None-Match", "\"1\"")]);
        }
    }

    /// <summary>What is answered to those who write: problems that tell what changed, previews, and looks without the right.</summary>
    static async Task<List<(string, Answer)>> Said(string name, Api api, Guid ticket)
    {
        var path = $"/api/tickets/{ticket}";
        object[] passage = [new { version = 1, field = "body", start = 6, length = 3 }];
        List<(string, Answer)> said =
        [
            ("a stale note", await api.Post($"{path}/notes", new { body = "n" }, 1)),
            ("a stale message", await api.Post($"{path}/customer-messages", new { body = "m" }, 1)),
            ("a stale redaction", await api.Post($"{path}/redactions", new { passages = passage, reason = "r" }, 1)),
            ("a preview", await api.Post($"{path}/redactions/preview", new { passages = passage })),
            ("a redaction of nothing", await api.Post($"{path}/redactions/preview", new { passages = new object[] { new { version = 1, field = "nothing", start = 0, length = 1 } } })),
            ("a faulty note", await api.Post($"{path}/notes", new { text = "n" }, 1)),
        ];
        if (name != nameof(Role.PrivacyOfficer))
            said.Add(("a look without the right", await api.Post($"{path}/reveals", new { version = 1, field = "body", reason = "r" }, 1)));
        return said;
    }

    /// <summary>As text, as hex, and the three ways a word can stand inside base64.</summary>
    string[] Forms => [.. new[] { first, second }.SelectMany(word => (string[])
    [
        word, Convert.ToHexString(Encoding.UTF8.GetBytes(word)),
        .. Enumerable.Range(0, 3).Select(shift => Convert.ToBase64String([.. new byte[shift], .. Encoding.UTF8.GetBytes(word)])[4..^4]),
    ])];
}
