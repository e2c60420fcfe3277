using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>R3 and R4 through HTTP: hiding, revealing, erasing, purging.</summary>
public sealed class PrivacyTests(RunningServer server) : IClassFixture<RunningServer>
{
    static int made;

    /// <param name="Secret">Its own on each ticket: sixteen digits in four groups.</param>
    sealed record Talk(Api Agent, Api Officer, Guid Ticket, string Path, string Secret)
    {
        /// <summary>What no reader may see any more.</summary>
        public string Digits => Secret[..9];

        public long Version { get; set; }

        public async Task<Answer> Do(Api who, string what, object body)
        {
            var answer = await who.Post($"{Path}/{what}", body, Version);
            if (answer.Status == HttpStatusCode.OK && answer.Text.Contains("\"version\"", StringComparison.Ordinal))
                Version = answer.Version;
            return answer;
        }
    }

    /// <summary>A ticket whose body and subject hold the secret, quoted back in a reply, with a file that holds it too.</summary>
    async Task<Talk> Begin()
    {
        var (agent, officer) = (await server.As(Role.Agent), await server.As(Role.PrivacyOfficer));
        var secret = $"4111 {Interlocked.Increment(ref made) + 1000} 1111 1111";
        var opened = (await agent.Post("/api/tickets", new
        {
            product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com", name = "Kim" },
            subject = $"Card {secret}", body = $"My card is {secret}, thanks.", fields = new { order = "A-17" },
        })).ShouldBe(HttpStatusCode.Created);
        var talk = new Talk(agent, officer, opened.Ticket, $"/api/tickets/{opened.Ticket}", secret) { Version = opened.Version };
        (await talk.Do(agent, "replies", new { body = $"You wrote:\n> My card is {secret[..4]}\n> {secret[5..]}, thanks.\nPlease never do." })).ShouldBe(HttpStatusCode.OK);
        var file = await agent.Send(HttpMethod.Post, $"{talk.Path}/attachments", new StringContent($"card={secret}", null, "text/plain"),
            ("If-Match", $"\"{talk.Version}\""), ("Content-Disposition", "attachment; filename=\"card.txt\""));
        talk.Version = file.ShouldBe(HttpStatusCode.Created).Version;
        var other = await agent.Send(HttpMethod.Post, $"{talk.Path}/attachments", new StringContent("harmless", null, "text/plain"),
            ("If-Match", $"\"{talk.Version}\""), ("Content-Disposition", "attachment; filename=\"other.txt\""));
        talk.Version = other.ShouldBe(HttpStatusCode.Created).Version;
        return talk;
    }

    static object[] BodySecret => [new { version = 1, field = "body", start = 11, length = 19 }];

    static async Task<string> Everything(Talk talk, Api who)
    {
        var texts = new List<string>();
        foreach (var address in new[] { talk.Path, $"{talk.Path}?version=1", $"{talk.Path}/events", $"{talk.Path}/events?version=1", $"{talk.Path}/attachments", "/api/queues/open/tickets?limit=200" })
            texts.Add((await who.Get(address)).ShouldBe(HttpStatusCode.OK).Text);
        foreach (var id in (await who.Get($"{talk.Path}/attachments")).Json.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("id").GetGuid()))
            texts.Add((await who.Get($"{talk.Path}/attachments/{id}")).Text);
        texts.Add((await who.Post($"{talk.Path}/notes", new { body = "n" }, 1)).Text); // what changed since the opening
        return string.Join('\n', texts);
    }

    [Fact]
    public async Task R3_the_same_secret_is_found_in_quotes_subjects_and_files_and_hidden_with_the_one_command()
    {
        var talk = await Begin();
        var preview = (await talk.Agent.Post($"{talk.Path}/redactions/preview", new { passages = BodySecret })).ShouldBe(HttpStatusCode.OK);
        var places = preview.Json.GetProperty("passages").EnumerateArray().Select(p => p.GetProperty("field").GetString()).Order();
        places.ShouldBe(["body", "content", "subject"]);
        (await talk.Do(talk.Agent, "redactions", new { passages = BodySecret, reason = "A card number", everywhere = true })).ShouldBe(HttpStatusCode.OK);

        var seen = await Everything(talk, talk.Agent);
        seen.ShouldNotContain(talk.Digits);
        seen.ShouldNotContain(talk.Secret[5..]);
        seen.ShouldContain("My card is ********, thanks.");
        seen.ShouldContain("Card ********");
        seen.ShouldContain("harmless");
        (await talk.Agent.Get($"{talk.Path}/attachments")).Json.GetProperty("attachments").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task R3_the_length_of_what_is_hidden_is_told_to_nobody()
    {
        var talk = await Begin();
        await talk.Do(talk.Agent, "redactions", new { passages = BodySecret, reason = "card" });
        var redaction = (await talk.Agent.Get($"{talk.Path}/events")).Json.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("type").GetString() == "passage_redacted");
        redaction.GetProperty("data").EnumerateObject().Select(m => m.Name).Order().ShouldBe(["field", "messageVersion", "reason"]);
    }

    [Fact]
    public async Task R3_the_original_is_read_only_with_the_right_and_a_reason_and_each_look_is_an_event()
    {
        var talk = await Begin();
        await talk.Do(talk.Agent, "redactions", new { passages = BodySecret, reason = "card" });
        (await talk.Do(talk.Agent, "reveals", new { version = 1, field = "body", reason = "curious" })).ShouldBe(HttpStatusCode.Forbidden);
        (await talk.Do(talk.Officer, "reveals", new { version = 1, field = "body" })).ShouldBe(HttpStatusCode.BadRequest);
        (await talk.Do(talk.Officer, "reveals", new { version = 2, field = "body", reason = "x" })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("nothing_redacted");
        var look = (await talk.Do(talk.Officer, "reveals", new { version = 1, field = "body", reason = "The bank asks" })).ShouldBe(HttpStatusCode.OK);
        look.Json.GetProperty("text").GetString().ShouldBe($"My card is {talk.Secret}, thanks.");
        var looks = (await talk.Agent.Get($"{talk.Path}/events")).Json.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("type").GetString() == "original_revealed").ToList();
        looks.Single().GetProperty("data").GetProperty("reason").GetString().ShouldBe("The bank asks");
        looks.Single().GetProperty("actor").GetProperty("role").GetString().ShouldBe("privacyOfficer");
        (await talk.Agent.Get($"{talk.Path}/events")).Text.ShouldNotContain($"My card is {talk.Secret}");
    }

    [Fact]
    public async Task R3_a_passage_is_named_by_its_place_in_the_text_as_it_is_shown()
    {
        var talk = await Begin();
        await talk.Do(talk.Agent, "redactions", new { passages = BodySecret, reason = "card" });
        // "My card is ********, thanks." : the last word
        await talk.Do(talk.Agent, "redactions", new { passages = new[] { new { version = 1, field = "body", start = 21, length = 6 } }, reason = "more" });
        (await talk.Agent.Get($"{talk.Path}/events")).Text.ShouldContain("My card is ********, ********.");
        (await talk.Do(talk.Agent, "redactions", new { passages = new[] { new { version = 1, field = "body", start = 25, length = 60 } }, reason = "beyond" }))
            .ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("no_such_passage");
    }

    [Fact]
    public async Task R3_what_is_erased_is_gone_for_those_with_the_right_too_while_all_else_reads_as_before_and_the_chain_verifies()
    {
        var talk = await Begin();
        await talk.Do(talk.Agent, "redactions", new { passages = new[] { new { version = 1, field = "body", start = 32, length = 6 } }, reason = "a word that stays hidden" });
        (await talk.Do(talk.Agent, "erasures", new { passages = BodySecret, reason = "card" })).ShouldBe(HttpStatusCode.Forbidden);
        (await talk.Do(talk.Officer, "erasures", new { passages = BodySecret, reason = "A card number", everywhere = true })).ShouldBe(HttpStatusCode.OK);

        var seen = await Everything(talk, await server.As(Role.Agent));
        seen.ShouldNotContain(talk.Digits);
        seen.ShouldNotContain(talk.Secret[5..]);
        seen.ShouldContain("My card is ********, ********.");
        seen.ShouldContain("Card ********");
        seen.ShouldContain("kim@example.com");
        seen.ShouldContain("A-17");
        seen.ShouldContain("harmless");
        var look = (await talk.Do(talk.Officer, "reveals", new { version = 1, field = "body", reason = "x" })).ShouldBe(HttpStatusCode.OK);
        look.Json.GetProperty("text").GetString().ShouldBe("My card is ********, thanks.");
        (await talk.Do(await server.As(Role.Agent), "replies", new { body = "goes on" })).ShouldBe(HttpStatusCode.OK);
        (await talk.Agent.Get($"{talk.Path}/events")).Text.ShouldContain("goes on");
        (await Ledger()).ShouldBe("intact");
        (await server.Scalar($"select count(*) from erased_stream where stream_id = '{talk.Ticket}' and destroyed is null")).ShouldBe(0);
    }

    [Fact]
    public async Task R3_a_ticket_is_erased_from_again_after_one_of_its_files_was_and_keeps_the_others()
    {
        var talk = await Begin();
        (await talk.Do(talk.Officer, "erasures", new { passages = BodySecret, reason = "card", everywhere = true })).ShouldBe(HttpStatusCode.OK);
        // "My card is ********, thanks." : the last word
        (await talk.Do(talk.Officer, "erasures", new { passages = new[] { new { version = 1, field = "body", start = 21, length = 6 } }, reason = "more" })).ShouldBe(HttpStatusCode.OK);
        var seen = await Everything(talk, talk.Agent);
        seen.ShouldContain("My card is ********, ********.");
        seen.ShouldContain("harmless");
        seen.ShouldNotContain(talk.Digits);
        (await Ledger()).ShouldBe("intact");
    }

    [Fact]
    public async Task R4_a_purge_leaves_a_tombstone_and_nothing_that_was_written()
    {
        var talk = await Begin();
        (await talk.Do(talk.Officer, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("ticket_open");
        await talk.Do(talk.Agent, "resolution", new { resolution = "fixed" });
        await talk.Do(talk.Officer, "legal-holds", new { reason = "court" });
        (await talk.Do(talk.Officer, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("legal_hold");
        (await talk.Do(talk.Officer, "erasures", new { passages = BodySecret, reason = "card" })).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("legal_hold");
        (await talk.Officer.Delete($"{talk.Path}/legal-holds", new { reason = "over" }, talk.Version)).ShouldBe(HttpStatusCode.OK);
        talk.Version++;
        (await talk.Do(talk.Agent, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.Forbidden);
        (await talk.Do(talk.Officer, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.OK);

        var events = (await talk.Agent.Get($"{talk.Path}/events")).ShouldBe(HttpStatusCode.OK).Text;
        foreach (var gone in new[] { talk.Digits, "thanks", "Kim", "kim@", "A-17", "court", "card.txt" })
            events.ShouldNotContain(gone);
        events.ShouldContain("ticket_purged");
        (await talk.Agent.Get(talk.Path)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("status").GetString().ShouldBe("purged");
        (await (await server.As(Role.Customer, "kim")).Get(talk.Path)).ShouldBe(HttpStatusCode.NotFound);
        (await talk.Agent.Post($"{talk.Path}/notes", new { body = "n" }, talk.Version)).ShouldBe(HttpStatusCode.Conflict).Code.ShouldBe("ticket_purged");

        (await Ledger()).ShouldBe("intact");
        foreach (var rows in new[] { "stream_key where stream_id", "attachment where ticket", "idempotency where encode(substring(reply from 1 for 16), 'hex')::uuid" })
            (await server.Scalar($"select count(*) from {rows} = '{talk.Ticket}'")).ShouldBe(0, rows);
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{talk.Ticket}' and data::text like '%\"sealed\": \"%'")).ShouldBe(0);
        await Eventually.Be(async () => await server.Scalar($"select count(*) from outbox where ticket = '{talk.Ticket}'") == 0, "the outbox without the ticket");
        (await server.Scalar($"select count(*) from erased_stream where stream_id = '{talk.Ticket}' and destroyed is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task R4_a_signed_certificate_says_what_was_erased_when_by_whom_and_where_the_ledger_holds_it()
    {
        var talk = await Begin();
        (await talk.Officer.Get($"{talk.Path}/certificate")).ShouldBe(HttpStatusCode.NotFound).Code.ShouldBe("nothing_erased");
        await talk.Do(talk.Agent, "resolution", new { resolution = "fixed" });
        await talk.Do(talk.Officer, "purge", new { reason = "legalOrder" });
        (await talk.Agent.Get($"{talk.Path}/certificate")).ShouldBe(HttpStatusCode.Forbidden);
        var note = "";
        await Eventually.Be(async () => (note = (await talk.Officer.Get($"{talk.Path}/certificate")).Text).StartsWith("EventDesk certificate", StringComparison.Ordinal), "a certificate");

        var keys = (await talk.Officer.Get("/ledger/key")).Text.TrimEnd('\n').Split('\n').Select(k => LedgerVerifier.Parse(k)!).ToList();
        var body = SignedNote.Open(note, keys).ShouldNotBeNull();
        foreach (var said in new[] { $"ticket: {talk.Ticket}", "reason: LegalOrder", "(PrivacyOfficer)", "key destroyed: 20", $"event: version {talk.Version}," })
            body.ShouldContain(said);
        SignedNote.Open(note.Replace("LegalOrder", "Mistake", StringComparison.Ordinal), keys).ShouldBeNull();
        var lines = body.Split('\n').Select(l => l.Split(": ", 2)).Where(l => l.Length == 2).ToLookup(l => l[0], l => l[1]);
        var (leaf, size) = (lines["leaf"].Single(), lines["tree size"].Single());
        var proof = (await talk.Officer.Get($"/ledger/proof?leaf={leaf}&size={size}")).ShouldBe(HttpStatusCode.OK).Json;
        proof.GetProperty("root").GetString().ShouldBe(lines["tree root"].Single());
        proof.GetProperty("proof").EnumerateArray().Select(h => h.GetString()!).ShouldBe(lines["inclusion"]);
    }

    [Fact]
    public async Task E6_no_report_changes_when_a_ticket_is_redacted_erased_and_purged()
    {
        var talk = await Begin();
        await talk.Do(talk.Agent, "resolution", new { resolution = "fixed" });
        var analyst = await server.As(Role.Analyst);
        var operations = await ApiOperation.All(server);
        Task<string> Reports() => EveryReport.Read(operations, analyst);
        var before = "";
        await Eventually.Be(async () => before == (before = await Reports()) && before.Contains("\"n\"", StringComparison.Ordinal), "reports that stand still");
        await talk.Do(talk.Agent, "redactions", new { passages = BodySecret, reason = "card" });
        await talk.Do(talk.Officer, "reveals", new { version = 1, field = "body", reason = "look" });
        await talk.Do(talk.Officer, "erasures", new { passages = BodySecret, reason = "card" });
        (await talk.Do(talk.Officer, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => await server.Scalar($"select count(*) from outbox where ticket = '{talk.Ticket}'") == 0, "followers that have seen the purge");
        var after = (await Reports()).Split('\n');
        foreach (var (line, was) in after.Zip(before.Split('\n')))
            line.ShouldBe(was);
    }

    /// <summary>The wrapped keys a backup holds, tried with the key file of today.</summary>
    [Fact]
    public async Task R4_keys_in_a_copy_from_before_open_nothing_of_the_erased_and_all_of_the_others()
    {
        var (talk, other) = (await Begin(), await Begin());
        var store = server.Services.GetRequiredService<EventStore>();
        var backup = await Keys(store);
        await talk.Do(talk.Agent, "resolution", new { resolution = "fixed" });
        (await talk.Do(talk.Officer, "purge", new { reason = "customerRequest" })).ShouldBe(HttpStatusCode.OK);

        using var today = MasterKeys.LoadOrCreate(server.Settings.MasterKeyFile, mayCreate: false);
        today.Unwrap(talk.Ticket, backup[talk.Ticket]).ShouldBeNull();
        foreach (var (stream, key) in backup.Where(k => k.Key != talk.Ticket))
            if (await server.Scalar($"select count(*) from stream_key where stream_id = '{stream}'") == 1)
                today.Unwrap(stream, key).ShouldNotBeNull($"{stream} was not erased");
        (await other.Agent.Get($"{other.Path}/events")).Text.ShouldContain(other.Secret);
        (await other.Agent.Open()).ShouldBe(HttpStatusCode.Created);
    }

    static async Task<Dictionary<Guid, WrappedKey>> Keys(EventStore store)
    {
        Dictionary<Guid, WrappedKey> keys = [];
        await using var command = store.DataSource.CreateCommand("select stream_id, master_id, wrapped from stream_key");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            keys[row.GetGuid(0)] = new(row.GetInt32(1), row.GetFieldValue<byte[]>(2));
        return keys;
    }

    async Task<string> Ledger()
    {
        var report = await Verify.Database(server.Services.GetRequiredService<EventStore>().DataSource, null, CancellationToken.None);
        return report.First is { } first ? first.ToString() : "intact";
    }
}
