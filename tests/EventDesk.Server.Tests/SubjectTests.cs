using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Verbs;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>R6: all that is held on a person in one archive; what is held, where, until when, under which key.</summary>
public sealed class SubjectTests(RunningServer server) : Console(server), IClassFixture<RunningServer>
{
    static int made;

    TicketDesk Desk => Server.Services.GetRequiredService<TicketDesk>();

    Task<string> Officer() => Server.Issue(new("officer", [Role.PrivacyOfficer], TimeSpan.FromDays(1)));

    async Task<Archive> Export(string email, string reader = "officer") =>
        await Archive.Of(Server, await Officer(), $"/api/customers/{Desk.CustomerOf(email).Value}/archive?for={reader}");

    /// <summary>A customer of their own with one ticket: a public conversation, a note, two files of which one is internal.</summary>
    async Task<(string Name, string Email, Guid Ticket, long Number, long Version)> Talked(string subject = "Invoice missing", string file = "log.txt")
    {
        var name = $"person{Interlocked.Increment(ref made)}";
        var agent = await Server.As(Role.Agent, "ann");
        var opened = await agent.Open(subject, email: $"{name}@example.com");
        var path = $"/api/tickets/{opened.Ticket}";
        var v = (await agent.Post($"{path}/replies", new { body = "shown-reply" }, opened.Version)).Version;
        v = (await agent.Post($"{path}/notes", new { body = "hidden-note" }, v)).Version;
        foreach (var (where, content) in new[] { ("", "shown-content"), ("?internal=true", "hidden-content") })
        {
            var added = await agent.Send(HttpMethod.Post, $"{path}/attachments{where}", new StringContent(content, null, "text/plain"),
                ("If-Match", $"\"{v}\""), ("Content-Disposition", new System.Net.Http.Headers.ContentDispositionHeaderValue("attachment") { FileNameStar = file }.ToString()));
            v = added.ShouldBe(HttpStatusCode.Created).Version;
        }
        return (name, $"{name}@example.com", opened.Ticket, opened.Json.GetProperty("number").GetInt64(), v);
    }

    [Fact]
    public async Task R6_an_export_holds_every_canary_of_that_customer_and_none_of_another_and_none_after_a_purge()
    {
        var (canary, other) = ($"Kanarienvogel{Guid.CreateVersion7():N}", $"Zeisig{Guid.CreateVersion7():N}");
        foreach (var whose in new[] { canary, other })
            await SendThroughEveryField(whose);

        var archive = await Export($"{canary}email@example.com");
        foreach (var field in EveryField.Personal.Where(f => f is not ("name" or "contract")))
        {
            archive.Entries.Single(e => e.Name == "data.json").Text.ShouldContain(canary + field, customMessage: field);
            archive.Page.ShouldContain(canary + field, customMessage: field);
        }
        archive.Data.GetProperty("tickets").EnumerateArray().SelectMany(t => t.GetProperty("attachments").EnumerateArray()).Select(a => a.GetProperty("name").GetString()).ShouldContain($"{canary}.txt");
        archive.Entries.Where(e => e.Name.StartsWith("files/", StringComparison.Ordinal)).ShouldContain(e => e.Text.Contains(canary, StringComparison.Ordinal));
        archive.Everything.ShouldNotContain(other);
        archive.Data.GetProperty("tickets").GetArrayLength().ShouldBe((int)await Server.Scalar($"select count(*) from ticket where customer = '{Desk.CustomerOf($"{canary}email@example.com").Value}'"));

        foreach (var ticket in archive.Data.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()))
            await Purge(ticket);
        var after = await Export($"{canary}email@example.com");
        after.Data.GetProperty("tickets").GetArrayLength().ShouldBe(0);
        after.Entries.Select(e => e.Name).ShouldBe(["data.json", "readable.html"]);
        after.Everything.ShouldNotContain(canary);
        (await Export($"{other}email@example.com")).Everything.ShouldContain(other + "body");
    }

    async Task SendThroughEveryField(string canary)
    {
        var everyone = new Api(Server.Http, await Server.Issue(new(
            "everyone", [.. Enum.GetValues<Role>().Where(r => r != Role.System)], TimeSpan.FromDays(1), CustomerEmail: $"{canary}email@example.com")));
        await EveryField.Send(await ApiOperation.All(Server), everyone, canary, (_, _, _) => Task.CompletedTask);
    }

    async Task Purge(Guid ticket)
    {
        await Desk.Handle(ticket, Operation.HoldForLaw, new LiftLegalHold("over"), null, Asker.System, null, default);
        await Desk.Handle(ticket, Operation.Triage, new TriageTicket(SupportLine.L1), null, Asker.System, null, default);
        await Desk.Handle(ticket, Operation.Resolve, new ResolveTicket(Resolution.Fixed), null, Asker.System, null, default);
        (await Server.Services.GetRequiredService<TicketPrivacy>().Purge(ticket, PurgeReason.CustomerRequest, null, null, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task R6_a_customers_own_copy_holds_what_is_public_and_says_how_much_is_the_desks_own()
    {
        var (name, _, ticket, number, _) = await Talked();
        var own = await Archive.Of(Server, await Server.Issue(new(name, [Role.Customer], TimeSpan.FromDays(1), CustomerEmail: $"{name}@example.com")), "/api/me/archive");
        foreach (var shown in new[] { "shown-reply", "shown-content", "Invoice missing", "I got no invoice in May." })
            own.Everything.ShouldContain(shown);
        own.Everything.ShouldNotContain("hidden-");
        own.Everything.ShouldNotContain("\"ann\"");
        own.Data.GetProperty("for").GetString().ShouldBe("person");
        own.Data.GetProperty("tickets")[0].GetProperty("internalEvents").GetInt32().ShouldBeGreaterThan(1);
        own.Entries.Select(e => e.Name).ShouldBe(["data.json", "readable.html", own.Data.GetProperty("tickets")[0].GetProperty("attachments")[0].GetProperty("file").GetString()!]);
        own.Page.ShouldContain($"href=\"#ticket-{number}\"");
        (await Export($"{name}@example.com", "person")).Data.GetProperty("tickets").ToString().ShouldBe(own.Data.GetProperty("tickets").ToString());

        var all = await Export($"{name}@example.com");
        all.Everything.ShouldContain("hidden-note");
        all.Everything.ShouldContain("hidden-content");
        all.Data.GetProperty("tickets")[0].GetProperty("id").GetGuid().ShouldBe(ticket);
        all.Data.GetProperty("tokens").GetArrayLength().ShouldBe(1);
        all.Everything.ShouldNotContain("edk_");
    }

    [Fact]
    public async Task R6_what_is_hidden_stays_hidden_in_an_export_and_where_it_is_is_told()
    {
        var (_, email, ticket, _, version) = await Talked();
        var agent = await Server.As(Role.Agent, "ann");
        var file = (await agent.Get($"/api/tickets/{ticket}/events")).Json.GetProperty("events").EnumerateArray().First(e => e.GetProperty("type").GetString() == "attachment_added").GetProperty("version").GetInt64();
        (await agent.Post($"/api/tickets/{ticket}/redactions", new
        {
            passages = new object[] { new { version = 1, field = "body", start = 9, length = 7 }, new { version = file, field = "content", start = 0, length = 0 } }, reason = "r",
        }, version)).ShouldBe(HttpStatusCode.OK);
        var archive = await Export(email);
        archive.Everything.ShouldContain("I got no ******** in May.");
        archive.Everything.ShouldNotContain("I got no invoice in May.");
        archive.Everything.ShouldNotContain("shown-content");
        var held = archive.Data.GetProperty("tickets")[0];
        held.GetProperty("hiddenPassages").EnumerateArray().Select(h => h.GetProperty("field").GetString()).ShouldBe(["body", "content"], ignoreOrder: true);
        held.GetProperty("attachments")[0].GetProperty("withheld").GetString().ShouldBe("redacted");
    }

    [Fact]
    public async Task R6_what_people_wrote_is_text_on_the_page_and_leads_nowhere_on_the_readers_disk()
    {
        var (_, email, _, _, _) = await Talked("<script>alert(1)</script><img src=x onerror=alert(2)>", "a/../../..\\evil <b>.html");
        var archive = await Export(email);
        archive.Page.ShouldNotContain("<script");
        archive.Page.ShouldNotContain("<img");
        archive.Page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        archive.Page.ShouldContain("default-src 'none'");
        foreach (var name in archive.Entries.Select(e => e.Name).Skip(2))
            name.ShouldMatch("^files/[0-9]+/[0-9]+-[A-Za-z0-9._-]+$");
    }

    [Fact]
    public async Task S5_an_export_is_recorded_before_it_leaves_and_is_for_privacy_officers_alone()
    {
        var (_, email, ticket, _, _) = await Talked();
        var customer = Desk.CustomerOf(email).Value;
        await Export(email);
        (await Server.Scalar($"select count(*) from access_entry where kind = 'exported' and operation = 'exportSubject' and why = 'subject/{customer}' and by_whom = 'officer'")).ShouldBe(2);
        (await Server.Scalar($"select count(*) from access_entry where kind = 'exported' and ticket = '{ticket}'")).ShouldBe(1);
        foreach (var role in Enum.GetValues<Role>().Where(r => r is not (Role.System or Role.PrivacyOfficer)))
            foreach (var what in new[] { "archive", "privacy" })
                (await (await Server.As(role)).Get($"/api/customers/{customer}/{what}")).ShouldBe(HttpStatusCode.Forbidden);
        (await Export("nobody@example.com")).Data.GetProperty("tickets").GetArrayLength().ShouldBe(0);
        (await (await Server.As(Role.PrivacyOfficer)).Get("/api/customers/kim/archive")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("customer_not_found");
    }

    [Fact]
    public async Task R6_the_budget_says_what_is_held_where_and_under_which_key()
    {
        var (name, email, ticket, _, version) = await Talked();
        var path = $"/api/customers/{Desk.CustomerOf(email).Value}/privacy";
        var officer = await Server.As(Role.PrivacyOfficer);
        var before = (await officer.Get(path)).ShouldBe(HttpStatusCode.OK).Json;
        var held = before.GetProperty("tickets").EnumerateArray().Single();
        held.GetProperty("ticket").GetGuid().ShouldBe(ticket);
        held.GetProperty("events").GetInt64().ShouldBe(version);
        held.GetProperty("key").GetProperty("state").GetString().ShouldBe("live");
        held.GetProperty("key").GetProperty("masterKey").GetInt64().ShouldBe(await Server.Scalar($"select master_id from stream_key where stream_id = '{ticket}'"));
        Count(before, "events").ShouldBe(version);
        Count(before, "attachments").ShouldBe(2);
        Count(before, "data keys").ShouldBe(1);
        foreach (var elsewhere in new[] { "backups", "outbox", "idempotency", "access_entry", "import_case", "ledger_tile" })
            before.GetProperty("holdings").ToString().ShouldContain(elsewhere);

        (await officer.Post($"/api/tickets/{ticket}/erasures", new { passages = new[] { new { version = 1, field = "body", start = 0, length = 1 } }, reason = "r" }, version)).ShouldBe(HttpStatusCode.OK);
        (await officer.Get(path)).Json.GetProperty("tickets")[0].GetProperty("key").GetProperty("destroyed").GetInt32().ShouldBe(1);
        var own = await (await Server.As(Role.Customer, name)).Get("/api/me/privacy");
        own.ShouldBe(HttpStatusCode.OK).Json.GetProperty("tickets").EnumerateArray().Single().TryGetProperty("legalHold", out _).ShouldBeFalse();

        await Purge(ticket);
        var after = (await officer.Get(path)).Json;
        after.GetProperty("tickets").GetArrayLength().ShouldBe(0);
        foreach (var kind in new[] { "events", "attachments", "data keys", "ticket state" })
            Count(after, kind).ShouldBe(0, kind);

        static long Count(JsonElement budget, string kind) =>
            budget.GetProperty("holdings").EnumerateArray().Single(h => h.GetProperty("kind").GetString() == kind).GetProperty("count").GetInt64();
    }

    [Fact]
    public async Task R5_R6_the_budget_says_until_when_a_ticket_is_kept_and_by_which_rule_and_nothing_while_it_is_held()
    {
        var (_, email, ticket, _, version) = await Talked();
        var (agent, officer) = (await Server.As(Role.Agent), await Server.As(Role.PrivacyOfficer));
        version = (await agent.Post($"/api/tickets/{ticket}/resolution", new { resolution = "fixed" }, version)).ShouldBe(HttpStatusCode.OK).Version;
        version = (await officer.Post($"/api/tickets/{ticket}/retention", new { expiresOn = "2099-03-31", reason = "warranty" }, version)).ShouldBe(HttpStatusCode.OK).Version;
        async Task<JsonElement> Held() => (await officer.Get($"/api/customers/{Desk.CustomerOf(email).Value}/privacy")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("tickets")[0];
        await Eventually.Hold(async () =>
        {
            (await Held()).GetProperty("until").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2099, 3, 31, 0, 0, 0, TimeSpan.Zero));
            (await Held()).GetProperty("rule").GetProperty("id").GetString().ShouldBe("retention/expired");
        });
        (await officer.Post($"/api/tickets/{ticket}/legal-holds", new { reason = "court" }, version)).ShouldBe(HttpStatusCode.OK);
        await Eventually.Hold(async () => (await Held()).TryGetProperty("until", out _).ShouldBeFalse());
    }

    [Fact]
    public async Task R6_the_console_writes_the_same_archive_and_shows_the_same_budget()
    {
        var (_, email, ticket, number, _) = await Talked();
        var folder = Directory.CreateTempSubdirectory("eventdesk-archive-").FullName;
        var path = Path.Combine(folder, "kim.zip");
        (await Run("subject", "export", email, "--out", path)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(Exit.Ok, r.Error));
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var written = Archive.Read(await File.ReadAllBytesAsync(path));
        written.Data.GetProperty("tickets").ToString().ShouldBe((await Export(email)).Data.GetProperty("tickets").ToString());
        (await Server.Scalar($"select count(*) from access_entry where kind = 'exported' and by_whom = 'console' and ticket = '{ticket}'")).ShouldBe(1);
        (await Run("subject", "export", email, "--out", path)).Code.ShouldBe(Exit.Unavailable, "a file that is there is not written over");
        (await Run("subject", "export", email)).Code.ShouldBe(Exit.Usage);
        (await Run("subject", "show", "kim")).Code.ShouldBe(Exit.Usage);
        var shown = await Run("subject", "show", Desk.CustomerOf(email).Value.ToString());
        shown.Code.ShouldBe(Exit.Ok, shown.Error);
        shown.Out.ShouldContain($"#{number}");
        shown.Out.ShouldContain("live");
        shown.Out.ShouldNotContain(email);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task R6_what_is_held_on_a_member_of_staff_is_exported_by_a_privacy_officer()
    {
        var id = await Sample.Person(Server, "petra");
        var api = await Sample.TokenOf(Server, "petra", Role.Agent);
        await api.Get($"/api/tickets/{(await (await Server.As(Role.Agent)).Open()).Ticket}");
        await Server.Services.GetRequiredService<Service.Access.Log.AccessLog>().Flush(default);
        var archive = await Archive.Of(Server, await Officer(), $"/api/people/{id}/archive");
        archive.Data.GetProperty("handle").GetString().ShouldBe("petra");
        archive.Data.GetProperty("userName").GetString().ShouldNotBeNullOrEmpty();
        archive.Data.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()).ShouldContain("person_provisioned");
        archive.Data.GetProperty("tokens").GetArrayLength().ShouldBe(1);
        archive.Data.GetProperty("access").EnumerateArray().Select(a => a.GetProperty("operation").GetString()).ShouldContain("readTicket");
        archive.Page.ShouldContain("petra");
        (await (await Server.As(Role.Administrator)).Get($"/api/people/{id}/archive")).ShouldBe(HttpStatusCode.Forbidden);
        (await (await Server.As(Role.PrivacyOfficer)).Get($"/api/people/{Guid.Empty}/archive")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("person_not_found");
    }
}
