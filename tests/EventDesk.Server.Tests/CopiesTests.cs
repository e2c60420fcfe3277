using System.Net;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>R4: what was erased is in no copy that can be opened: tables, files, archived log, backups of before, exports, console, telemetry.</summary>
public sealed class CopiesTests(ITestOutputHelper output)
{
    static readonly string[] Roles = ["customer", "agent", "coordinator", "manager", "auditor", "analyst", "privacyOfficer", "administrator"];

    [Fact]
    public async Task R4_what_was_erased_or_purged_is_in_no_table_file_archive_backup_export_log_or_trace_and_all_still_verifies()
    {
        // PostgreSQL's own user must get at the folders below.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventdesk-copies-{Guid.CreateVersion7():N}")).FullName;
        try
        {
            await using var copies = new CopiedDatabase(folder);
            await copies.Start();
            Assert.SkipUnless(copies.HasTools, "pg_basebackup and pg_dump are not among the binaries of this PostgreSQL.");
            await new Drill(folder, copies, output).Run();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    sealed class Drill(string folder, CopiedDatabase copies, ITestOutputHelper output)
    {
        readonly string purged = $"Kanarienvogel{Guid.CreateVersion7():N}", erased = $"Zeisig{Guid.CreateVersion7():N}", kept = $"Blaumeise{Guid.CreateVersion7():N}";
        readonly HashSet<Guid> toPurge = [];
        readonly string keys = Path.Combine(folder, "keys");

        Guid toErase, toKeep;
        string token = "";

        public async Task Run()
        {
            await using var sink = await OtlpSink.Start();
            Directory.CreateDirectory(keys);
            await using var server = new InstalledServer(folder, Path.Combine(keys, "master.key")) { Database = copies.Postgres.ConnectionString, Telemetry = sink.Address };
            (await server.Verb("migrate")).Code.ShouldBe(0);
            var (code, told) = await server.Verb(["token", "create", "everyone", "--customer", $"{purged}email@example.com", .. Roles.SelectMany(r => new[] { "--role", r })]);
            code.ShouldBe(0, told);
            token = told.Trim().Split('\n')[^1].Trim();
            await server.Start();
            var everyone = new Api(server.Http, token);
            var operations = await ApiOperation.All(server.Http);
            await Write(everyone, operations);
            var sealedBefore = await SealedTexts();
            await copies.Postgres.Do("checkpoint");
            copies.FilesWith(sealedBefore, liveTablesOnly: true).ShouldNotBeEmpty("what is looked for below is found while it is there");
            var reports = "";
            await Eventually.Be(async () => reports == (reports = await EveryReport.Read(operations, everyone)) && reports.Contains("\"n\"", StringComparison.Ordinal), "reports that stand still");
            await Intact(server);

            await copies.BackUp();
            var checkpoint = (await server.Verb("ledger", "checkpoint")).Output;
            await copies.Mark("before");
            await Tool.Run("cp", ["-a", keys, $"{keys}-before"]);
            await Erase(everyone);
            await copies.Mark("after");
            await copies.Postgres.Do("vacuum");
            await copies.Postgres.Do("checkpoint");
            var plain = new[] { purged, erased, kept }.SelectMany(EveryField.Forms).ToList();
            copies.FilesWith(plain).ShouldBeEmpty();
            // VACUUM leaves sealed bytes in the unused middle of pages; where even those shall go at once, the tables are written anew.
            await copies.Postgres.Do("vacuum full");
            await copies.Postgres.Do("checkpoint");
            var later = (await server.Verb("ledger", "checkpoint")).Output;
            await copies.ArchiveAll();

            await Intact(server);
            await Eventually.Be(async () => reports == await EveryReport.Read(operations, everyone), "reports equal to those of before");
            await Searched(everyone, (await server.Verb("ledger", "export", Path.Combine(folder, "export"))).Code, [purged, erased]);
            (await EveryField.InTables(server.Database, purged)).ShouldBeEmpty();
            (await EveryField.InTables(server.Database, erased)).ShouldBeEmpty();
            copies.FilesWith(sealedBefore, liveTablesOnly: true).ShouldBeEmpty("not even the sealed bytes are in the tables' files");
            foreach (var (name, database, signed) in new (string, Func<Task<string>>, string)[]
            {
                ("dump", copies.FromDump, checkpoint), ("base backup to the mark before", () => copies.FromArchive("before"), checkpoint),
                ("base backup to the end", () => copies.FromArchive(null), later),
            })
                await Restored(name, await database(), signed);
            (await Read("dump with the key files of before, which nobody may keep", copies.Postgres.ConnectionStringTo("dumped"), $"{keys}-before", null)).ShouldContain(purged, customMessage: "it is the keys alone that hide it");
            // Last, so that it is also what the restored copies left behind.
            copies.FilesWith(plain).ShouldBeEmpty();
            server.Lines.Where(l => Told(l, purged) || Told(l, erased) || Told(l, kept)).ShouldBeEmpty();
            sink.Spans.ShouldNotBeEmpty();
            sink.Spans.Select(s => s.Raw).Concat(sink.Logs).Where(t => Told(t, purged) || Told(t, erased) || Told(t, kept)).ShouldBeEmpty();
            output.WriteLine($"{toPurge.Count} tickets purged, {sealedBefore.Count} sealed texts looked for");
        }

        static bool Told(string text, string canary) => EveryField.Forms(canary).Any(f => text.Contains(f, StringComparison.OrdinalIgnoreCase));

        /// <summary>Tickets through every field and channel, all resolved; one of which a part will be erased, one that stays.</summary>
        async Task Write(Api everyone, IReadOnlyList<ApiOperation> operations)
        {
            await EveryField.Send(operations, everyone, purged, (_, _, ticket) =>
            {
                toPurge.Add(ticket);
                return Task.CompletedTask;
            });
            foreach (var channel in new[] { "api", "email", "portal", "phone", "chat", "dedicated" })
                if (await everyone.Post("/api/tickets", Opening(channel, purged)) is { Status: HttpStatusCode.Created } opened)
                    toPurge.Add(opened.Ticket);
            toErase = await Talk(everyone, erased);
            toKeep = await Talk(everyone, kept);
            foreach (var ticket in toPurge.Append(toErase).Append(toKeep))
                await Resolve(everyone, ticket);
        }

        static object Opening(string channel, string canary) => new
        {
            product = "billing", language = "en", channel, requester = new { email = $"{canary}@example.com", name = canary }, subject = $"About {canary}", body = $"I wrote {canary} here.",
        };

        static async Task<Guid> Talk(Api everyone, string canary)
        {
            var opened = (await everyone.Post("/api/tickets", Opening("api", canary))).ShouldBe(HttpStatusCode.Created);
            var path = $"/api/tickets/{opened.Ticket}";
            var replied = (await everyone.Post($"{path}/replies", new { body = $"> I wrote {canary} here.\nIndeed, and thank you." }, opened.Version)).ShouldBe(HttpStatusCode.OK);
            (await everyone.Send(HttpMethod.Post, $"{path}/attachments", new StringContent($"file with {canary}", null, "text/plain"),
                ("If-Match", $"\"{replied.Version}\""), ("Content-Disposition", $"attachment; filename=\"{canary}.txt\""))).ShouldBe(HttpStatusCode.Created);
            return opened.Ticket;
        }

        static async Task Resolve(Api everyone, Guid ticket)
        {
            var state = (await everyone.Get($"/api/tickets/{ticket}")).ShouldBe(HttpStatusCode.OK).Json;
            var version = state.GetProperty("version").GetInt64();
            if (state.GetProperty("legalHold").GetBoolean())
            {
                (await everyone.Delete($"/api/tickets/{ticket}/legal-holds", new { reason = "over" }, version)).ShouldBe(HttpStatusCode.OK);
                version++;
            }
            if (state.GetProperty("status").GetString() == "open"
                && await everyone.Post($"/api/tickets/{ticket}/triage", new { line = "l1" }, version) is { Status: HttpStatusCode.OK } triaged)
                version = triaged.Version;
            if (state.GetProperty("status").GetString() == "open")
                (await everyone.Post($"/api/tickets/{ticket}/resolution", new { resolution = "fixed" }, version)).ShouldBe(HttpStatusCode.OK);
        }

        async Task Erase(Api everyone)
        {
            foreach (var ticket in toPurge)
            {
                var state = (await everyone.Get($"/api/tickets/{ticket}")).Json;
                if (state.GetProperty("status").GetString() != "purged")
                    (await everyone.Post($"/api/tickets/{ticket}/purge", new { reason = "customerRequest" }, state.GetProperty("version").GetInt64())).ShouldBe(HttpStatusCode.OK);
            }
            var path = $"/api/tickets/{toErase}";
            var version = (await everyone.Get(path)).Json.GetProperty("version").GetInt64();
            var passages = new[] { new { version = 1, field = "body", start = "I wrote ".Length, length = erased.Length } };
            version = (await everyone.Post($"{path}/redactions", new { passages, reason = "first hidden", everywhere = true }, version)).ShouldBe(HttpStatusCode.OK).Version;
            (await everyone.Get($"{path}/events")).Text.ShouldNotContain($"I wrote {erased}");
            var shown = new[] { new { version = 1, field = "body", start = "I wrote ".Length, length = 8 } }; // as the asterisks stand
            (await everyone.Post($"{path}/erasures", new { passages = shown, reason = "then erased", everywhere = true }, version)).ShouldBe(HttpStatusCode.OK);
        }

        /// <summary>The texts of what is erased or purged, as they are stored: sealed.</summary>
        async Task<IReadOnlyCollection<string>> SealedTexts()
        {
            List<string> texts = [];
            await using var connection = await copies.Postgres.Open();
            await using var command = new Npgsql.NpgsqlCommand(
                "select distinct m[1] from mt_events, regexp_matches(data::text, '\"sealed\": \"([A-Za-z0-9+/=]{24,})\"', 'g') m where stream_id = any($1)", connection);
            command.Parameters.AddWithValue(toPurge.Append(toErase).ToArray());
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                texts.Add(row.GetString(0));
            texts.Count.ShouldBeGreaterThan(50);
            return texts;
        }

        static async Task Intact(InstalledServer server, params string[] arguments)
        {
            var (code, report) = await server.Verb(["verify", .. arguments]);
            code.ShouldBe(0, report);
        }

        async Task Searched(Api reader, int exported, string[] gone)
        {
            exported.ShouldBe(0);
            var all = new System.Text.StringBuilder();
            foreach (var ticket in toPurge.Append(toErase))
                all.Append(await Everything(reader, ticket));
            foreach (var queue in new[] { "open", "triage" })
                all.Append((await reader.Get($"/api/queues/{queue}/tickets?limit=200")).Text);
            foreach (var canary in gone)
                all.ToString().ShouldNotContain(canary);
            all.ToString().ShouldContain("Indeed, and thank you.", customMessage: "what was not erased is still read");
            (await Everything(reader, toKeep)).ShouldContain($"file with {kept}");
        }

        static async Task<string> Everything(Api reader, Guid ticket)
        {
            var path = $"/api/tickets/{ticket}";
            var texts = new List<string> { (await reader.Get(path)).ShouldBe(HttpStatusCode.OK).Text, (await reader.Get($"{path}/events")).Text };
            if (await reader.Get($"{path}/attachments") is { Status: HttpStatusCode.OK } files)
                foreach (var file in files.Json.GetProperty("attachments").EnumerateArray())
                    texts.Add((await reader.Get($"{path}/attachments/{file.GetProperty("id").GetString()}")).Text);
            return string.Join('\n', texts);
        }

        /// <summary>A copy with the key files of today, served and verified like the original.</summary>
        /// <param name="checkpoint">What had been signed when the copy was made.</param>
        async Task Restored(string name, string database, string checkpoint)
        {
            var all = await Read(name, database, keys, checkpoint);
            foreach (var canary in new[] { purged, erased })
                all.ShouldNotContain(canary, customMessage: name);
            all.ShouldContain($"file with {kept}", customMessage: name);
        }

        /// <summary>All that is read from a copy, served with these key files.</summary>
        /// <param name="checkpoint">It is verified first, and must reach this one; null: it need not be whole.</param>
        async Task<string> Read(string name, string database, string keyFiles, string? checkpoint)
        {
            var own = Path.Combine(folder, $"keys-{Guid.CreateVersion7():N}");
            await Tool.Run("cp", ["-a", keyFiles, own]);
            await using var server = new InstalledServer(folder, Path.Combine(own, "master.key")) { Database = database };
            if (checkpoint is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(own, "master.ledger.checkpoint"), checkpoint);
                await Intact(server);
            }
            await server.Start();
            var reader = new Api(server.Http, token);
            var all = new System.Text.StringBuilder(name);
            foreach (var ticket in toPurge.Append(toErase).Append(toKeep))
                all.Append(await Everything(reader, ticket));
            all.Append((await reader.Get("/api/queues/resolved/tickets?limit=200")).Text);
            server.Lines.Where(l => Told(l, purged) || Told(l, erased) || Told(l, kept)).ShouldBeEmpty();
            return all.ToString();
        }
    }
}
