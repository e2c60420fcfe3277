using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Server.Verbs;
using EventDesk.Store.Ledger;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>The ledger as a stranger sees it, with nothing but HTTP and SHA-256.</summary>
public sealed class LedgerTests(RunningServer server) : Console(server), IClassFixture<RunningServer>
{
    Api Stranger => new(Server.Http, null);

    async Task<SignedCheckpoint> Checkpoint(long atLeast = 1)
    {
        SignedCheckpoint? last = null;
        await Eventually.Be(
            async () => (await Server.Http.GetAsync(new Uri("/ledger/checkpoint", UriKind.Relative))) is { StatusCode: HttpStatusCode.OK } answer
                && (last = SignedCheckpoint.Parse(await answer.Content.ReadAsStringAsync())) is { } read && read.Size >= atLeast,
            "a checkpoint is signed", TimeSpan.FromSeconds(30));
        return last!;
    }

    async Task<Guid> Covered()
    {
        var ticket = (await (await Server.As(Role.Agent)).Open()).Ticket;
        await Checkpoint(await Server.EventCount());
        return ticket;
    }

    [Fact]
    public async Task T2_a_checkpoint_is_signed_soon_after_something_happened_by_the_published_key_and_none_when_nothing_does()
    {
        await Covered();
        var (checkpoint, keys) = (await Checkpoint(), await Server.Http.GetStringAsync(new Uri("/ledger/key", UriKind.Relative)));
        var key = LedgerVerifier.Parse(keys.Split('\n')[0]).ShouldNotBeNull();
        checkpoint.IsSignedBy([key]).ShouldBeTrue();
        (await Run("ledger", "key")).Out.Trim().ShouldBe(keys.Trim());
        (await Run("ledger", "checkpoint")).Out.ShouldBe(checkpoint.Text);
        (await Server.Scalar("select count(*) from ledger_checkpoint where size = (select max(size) from ledger_checkpoint)")).ShouldBe(1);
    }

    [Fact]
    public async Task T2_tiles_give_the_signed_root_and_may_be_cached_for_ever_the_checkpoint_may_not()
    {
        await Covered();
        var checkpoint = await Checkpoint();
        var answer = await Server.Http.GetAsync(new Uri("/ledger/checkpoint", UriKind.Relative));
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromSeconds(1));
        var size = checkpoint.Size;
        var hashes = new List<byte>();
        for (var n = 0L; n * 256 < size; n++)
        {
            var tile = await Server.Http.GetAsync(new Uri($"/ledger/tile/{new TileAddress(0, n, (int)Math.Min(256, size - n * 256))}", UriKind.Relative));
            tile.StatusCode.ShouldBe(HttpStatusCode.OK);
            tile.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
            tile.Headers.CacheControl!.ToString().ShouldContain("immutable");
            hashes.AddRange(await tile.Content.ReadAsByteArrayAsync());
        }
        MerkleTree.Root([.. hashes]).ShouldBe(checkpoint.Checkpoint.Root.ToArray());
    }

    [Theory]
    [InlineData("0/999"), InlineData("0/x001/000"), InlineData("7/000"), InlineData("8/000"), InlineData("0/0"), InlineData("0/000.p/0"), InlineData("0"), InlineData("0/000.p/255"), InlineData("entries/000")]
    public async Task T2_there_is_no_other_tile(string path)
    {
        await Checkpoint();
        (await Stranger.Get($"/ledger/tile/{path}")).ShouldBe(HttpStatusCode.NotFound).Json.GetProperty("type").GetString().ShouldBe("urn:eventdesk:no_such_tile");
    }

    [Fact]
    public async Task T2_a_history_with_proof_joins_every_event_to_the_signed_checkpoint()
    {
        var ticket = await Covered();
        var history = (await (await Server.As(Role.Auditor)).Get($"/api/tickets/{ticket}/events?proof=true")).ShouldBe(HttpStatusCode.OK).Json;
        var checkpoint = SignedCheckpoint.Parse(history.GetProperty("checkpoint").GetString()!)!;
        checkpoint.IsSignedBy([LedgerVerifier.Parse((await Run("ledger", "key")).Out.Split('\n')[0])!]).ShouldBeTrue();
        var events = history.GetProperty("events").EnumerateArray().ToList();
        foreach (var e in events)
        {
            var leaf = e.GetProperty("leaf");
            var record = Encoding.UTF8.GetBytes(leaf.GetProperty("record").GetString()!);
            Leaf.TryRead(record, out var read).ShouldBeTrue();
            (read.Stream, read.Version, read.Seq).ShouldBe((ticket, e.GetProperty("version").GetInt64(), e.GetProperty("seqId").GetInt64()));
            read.Digest.ShouldBe(e.GetProperty("headers").GetProperty("digest").GetString());
            MerkleTree.VerifyInclusion(
                leaf.GetProperty("index").GetInt64(), checkpoint.Size, SHA256.HashData([0, .. record]),
                [.. leaf.GetProperty("proof").EnumerateArray().Select(h => h.GetBytesFromBase64())], checkpoint.Checkpoint.Root.Span).ShouldBeTrue();
        }
        events.Count.ShouldBeGreaterThan(1);
        (await (await Server.As(Role.Auditor)).Get($"/api/tickets/{ticket}/events")).Text.ShouldNotContain("\"leaf\"");
    }

    [Fact]
    public async Task T2_proofs_of_inclusion_and_consistency_verify()
    {
        await Covered();
        var older = await Checkpoint();
        await Covered();
        var newer = await Checkpoint(older.Size + 1);
        var consistency = (await Stranger.Get($"/ledger/proof?older={older.Size}&size={newer.Size}")).ShouldBe(HttpStatusCode.OK).Json;
        consistency.GetProperty("fromRoot").GetBytesFromBase64().ShouldBe(older.Checkpoint.Root.ToArray());
        MerkleTree.VerifyConsistency(older.Size, newer.Size, older.Checkpoint.Root.Span, newer.Checkpoint.Root.Span, Hashes(consistency)).ShouldBeTrue();
        var inclusion = (await Stranger.Get($"/ledger/proof?leaf=1&size={newer.Size}")).ShouldBe(HttpStatusCode.OK).Json;
        MerkleTree.VerifyInclusion(1, newer.Size, inclusion.GetProperty("leafHash").GetBytesFromBase64(), Hashes(inclusion), newer.Checkpoint.Root.Span).ShouldBeTrue();
    }

    static List<byte[]> Hashes(System.Text.Json.JsonElement answer) => [.. answer.GetProperty("proof").EnumerateArray().Select(h => h.GetBytesFromBase64())];

    [Theory]
    [InlineData("")]
    [InlineData("?leaf=1&older=1")]
    [InlineData("?leaf=x")]
    [InlineData("?leaf=-1")]
    [InlineData("?leaf=999999999")]
    [InlineData("?older=0")]
    [InlineData("?older=999999999")]
    [InlineData("?leaf=0&size=999999999")]
    [InlineData("?leaf=0&size=0")]
    [InlineData("?leaf=0&other=1")]
    public async Task T2_a_proof_of_what_is_not_there_is_refused(string query)
    {
        await Checkpoint();
        (await Stranger.Get($"/ledger/proof{query}")).ShouldBe(HttpStatusCode.BadRequest).Json.GetProperty("type").GetString().ShouldBe("urn:eventdesk:invalid_request");
    }

    [Fact]
    public async Task T2_an_export_is_verified_without_a_database_by_key_and_older_checkpoint()
    {
        var folder = Directory.CreateTempSubdirectory("eventdesk-ledger-");
        try
        {
            var (file, since) = (Path.Combine(folder.FullName, "export"), Path.Combine(folder.FullName, "since"));
            await Covered();
            await File.WriteAllTextAsync(since, (await Run("ledger", "checkpoint")).Out);
            await Covered();
            (await Run("ledger", "export", file)).Code.ShouldBe(Exit.Ok);
            (string, string?)[] noDatabase = [(Settings.DatabaseVariable, null), ("EVENTDESK_MASTER_KEY_FILE", Path.Combine(folder.FullName, "none"))];
            var key = Path.Combine(folder.FullName, "keys"); // also those that signed before a rotation
            await File.WriteAllTextAsync(key, (await Run("ledger", "key")).Out);
            var intact = await Run(["verify", "--export", file, "--key", key, "--since", since], noDatabase);
            (intact.Code, intact.Error).ShouldBe((Exit.Ok, ""), intact.Out);
            intact.Out.ShouldContain("Intact");
            intact.Out.ShouldNotContain("Warning");

            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("ticket_opened", "ticket_closed", StringComparison.Ordinal));
            var broken = await Run(["verify", "--export", file, "--key", key], noDatabase);
            (broken.Code, broken.Out.Contains("changed: it does not fit its digest", StringComparison.Ordinal)).ShouldBe((Exit.Failed, true), broken.Out);
            (await Run(["verify", "--export", file, "--key", "nonsense"], noDatabase)).Code.ShouldBe(Exit.Usage);
            (await Run(["verify", "--export", file, "--since", file], noDatabase)).Code.ShouldBe(Exit.Usage);
            (await Run(["verify", "--export", Path.Combine(folder.FullName, "missing")], noDatabase)).Code.ShouldBe(Exit.Unavailable);
            (await Run("ledger", "export", file)).Code.ShouldBe(Exit.Unavailable, "it writes over nothing");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task T2_a_rotated_key_signs_the_next_checkpoint_without_a_restart_and_the_old_one_signs_along()
    {
        await Covered();
        var old = LedgerVerifier.Parse((await Run("ledger", "key")).Out.Split('\n')[0])!;
        var rotated = await Run("ledger", "rotate-key");
        rotated.Code.ShouldBe(Exit.Ok);
        await Covered();
        var checkpoint = await Checkpoint(await Server.EventCount());
        checkpoint.IsSignedBy([LedgerVerifier.Parse(rotated.Out.Trim())!]).ShouldBeTrue();
        checkpoint.IsSignedBy([old]).ShouldBeTrue();
        var verified = await Run("verify");
        verified.Code.ShouldBe(Exit.Ok, verified.Out);
        verified.Out.ShouldNotContain("Warning");
    }
}
