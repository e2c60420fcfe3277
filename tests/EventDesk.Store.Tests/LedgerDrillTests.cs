using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

/// <summary>The tamper drill: hundreds of random edits by a superuser with the triggers off, each found and named; and no alarm without one.</summary>
public sealed class LedgerDrillTests(LedgerDatabase database, ITestOutputHelper output) : IClassFixture<LedgerDatabase>
{
    const int Edits = 312;
    const int Histories = 1_000;

    /// <summary>Does one edit; the report must hold each of the texts it gives.</summary>
    delegate Task<string[]> Edit(Tampering t, LedgerDatabase ledger);

    static string Chain(Tampering.Stored e) => $"event {e.Version} of stream {e.Stream}";
    static string Leaf(Tampering.Stored e) => $"event {e.Seq} (leaf {e.Index})";

    static readonly string[] Fields =
    [
        "id = gen_random_uuid()", "type = type || 'x'", "mt_dotnet_type = null", "timestamp = timestamp - interval '1 hour'", "tenant_id = 'other'", "correlation_id = 'x'",
        "causation_id = null", "user_name = 'bob'", "data = data - 'severity'", """data = data || '{"status": "closed"}'""", """data = data || '{"more": 1}'""",
        """data = jsonb_set(data, '{subject,sealed}', '"eHh4"')""", "data = jsonb_set(data, '{subject}', '\"plain\"')", """headers = headers || '{"role": "manager"}'""",
        "headers = headers - 'digest'", "bdata = 'x'",
        """headers = headers || '{"digest": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}'""",
    ];

    static readonly (string Name, Edit Edit)[] Ways =
    [
        ("a field changed", async (t, _) =>
        {
            var e = await t.AnyEvent();
            await t.Do($"update mt_events set {t.Any(Fields)} where seq_id = $1", e.Seq);
            return [Chain(e)];
        }),
        ("a field changed, the chain computed anew", async (t, _) =>
        {
            var e = await t.AnyEvent();
            await t.Do("update mt_events set user_name = 'bob' where seq_id = $1", e.Seq);
            await t.Rechain(e.Stream);
            return [$"{Leaf(e)}, version {e.Version} of stream {e.Stream}, was changed"];
        }),
        ("one removed", async (t, _) =>
        {
            var e = await t.AnyEvent(x => x.Version > 1);
            await t.Do("delete from mt_events where seq_id = $1", e.Seq);
            return [Chain(e), $"{Leaf(e)} was removed"];
        }),
        ("one removed, the rest renumbered, the chain computed anew", async (t, _) =>
        {
            var e = await t.AnyEvent(x => x.Version > 1);
            await t.Do("delete from mt_events where seq_id = $1", e.Seq);
            await t.Do("update mt_events set version = version - 1 where stream_id = $1 and version > $2", e.Stream, e.Version);
            await t.Rechain(e.Stream);
            return [$"{Leaf(e)} was removed"];
        }),
        ("a whole stream removed", async (t, _) =>
        {
            var stream = (await t.AnyEvent()).Stream;
            var gone = (await t.Events()).Where(x => x.Stream == stream).ToList();
            await t.Do("delete from mt_events where stream_id = $1", stream);
            await t.Do("delete from mt_streams where id = $1", stream);
            return [.. gone.Select(e => $"{Leaf(e)} was removed")];
        }),
        ("two of a stream swapped", async (t, _) =>
        {
            var e = await t.AnyEvent(x => x.Version > 1);
            await t.Do("update mt_events set version = 2 * $2 - 1 - version where stream_id = $1 and version in ($2, $2 - 1)", e.Stream, e.Version);
            return [$"event {e.Version - 1} of stream {e.Stream}"];
        }),
        ("two places in the log swapped", async (t, _) =>
        {
            var a = await t.AnyEvent();
            var b = await t.AnyEvent(x => x.Stream != a.Stream);
            await t.Do("update mt_events e set seq_id = -o.seq_id from mt_events o where (e.seq_id = $1 and o.seq_id = $2) or (e.seq_id = $2 and o.seq_id = $1)", a.Seq, b.Seq);
            await t.Do("update mt_events set seq_id = -seq_id where seq_id < 0");
            return [$"{Leaf(a)} was reordered: it was recorded as event {b.Seq}", $"{Leaf(b)} was reordered: it was recorded as event {a.Seq}"];
        }),
        ("one moved to an unused number", async (t, _) =>
        {
            var e = await t.AnyEvent();
            var gap = await t.Gap();
            await t.Do("update mt_events set seq_id = $2 where seq_id = $1", e.Seq, gap);
            return [$"{Leaf(e)} was reordered: it stands as event {gap} now", $"event {gap} was reordered: it was recorded as event {e.Seq}"];
        }),
        ("one inserted", async (t, _) =>
        {
            var (e, gap) = (await t.AnyEvent(), await t.Gap());
            await Insert(t, e, gap, e.Version);
            return [$"event {e.Version} of stream {e.Stream}", $"event {gap}, version {e.Version} of stream {e.Stream}, was inserted"];
        }),
        ("one inserted under an old number, the chain computed anew", async (t, _) =>
        {
            var (e, gap) = (await t.AnyEvent(), await t.Gap());
            var next = await t.Ask<long>("select version + 1 from mt_streams where id = $1", e.Stream);
            await Insert(t, e, gap, next);
            await t.Rechain(e.Stream);
            return [$"event {gap}, version {next} of stream {e.Stream}, was inserted"];
        }),
        ("the end of a stream cut", async (t, _) =>
        {
            var e = await t.AnyEvent(x => x.Version > 1);
            var gone = (await t.Events()).Where(x => x.Stream == e.Stream && x.Version >= e.Version).ToList();
            await t.Do("delete from mt_events where stream_id = $1 and version >= $2", e.Stream, e.Version);
            await t.Do("update mt_streams set version = $2 - 1 where id = $1", e.Stream, e.Version);
            return [.. gone.Select(x => $"{Leaf(x)} was removed")];
        }),
        ("the end of the log cut", async (t, _) =>
        {
            var gone = (await t.Events()).TakeLast(t.Random.Next(1, 40)).ToList();
            await t.CutFrom(gone[0].Seq);
            return [.. gone.Select(x => $"{Leaf(x)} was removed")];
        }),
        ("the end of the log cut, with the tree", async (t, _) =>
        {
            var gone = (await t.Events()).TakeLast(t.Random.Next(1, 40)).ToList();
            await t.CutFrom(gone[0].Seq);
            await t.Retree();
            return ["was signed for", "the end was cut off"];
        }),
        ("the end of the log cut, with the tree and its checkpoints", async (t, _) =>
        {
            var older = await t.Ask<long>("select size from ledger_checkpoint order by size desc offset 1 limit 1");
            await t.CutFrom((await t.Events())[(int)older].Seq);
            await t.Retree();
            await t.Do("delete from ledger_checkpoint where size > $1", older);
            return ["the checkpoint an auditor kept was signed for", $"{older} are there: the end was cut off"];
        }),
        ("a hash of a tile", async (t, _) =>
        {
            var n = t.Any(await t.Ask<long[]>("select array_agg(n) from ledger_tile where level = 0"));
            await Flip(t, 0, n);
            return [$"tile 0/{n:000} was altered"];
        }),
        ("a hash of an upper tile", async (t, _) =>
        {
            await Flip(t, 1, 0);
            return ["tile 1/000.p/", "was altered"];
        }),
        ("the numbers of a tile", async (t, _) =>
        {
            var n = t.Any(await t.Ask<long[]>("select array_agg(n) from ledger_tile where level = 0"));
            var i = t.Random.Next(1, 1 + await t.Ask<int>("select cardinality(seqs) from ledger_tile where level = 0 and n = $1", n));
            await t.Do($"update ledger_tile set seqs[{i}] = seqs[{i}] + $2 where level = 0 and n = $1", n, (long)t.Any([-1, 1, -5, 300, -300]));
            return [$"tile 0/{n:000} was altered"];
        }),
        ("a tile cut short", async (t, _) =>
        {
            var n = t.Any(await t.Ask<long[]>("select array_agg(n) from ledger_tile where level = 0"));
            await t.Do("update ledger_tile set hashes = substr(hashes, 1, 96), seqs = seqs[1:3] where level = 0 and n = $1", n);
            return [$"tile 0/{n:000} was altered"];
        }),
        ("a tile removed", async (t, _) =>
        {
            var n = t.Any(await t.Ask<long[]>("select array_agg(n) from ledger_tile where level = 0"));
            await t.Do("delete from ledger_tile where level = 0 and n = $1", n);
            return [$"tile 0/{n:000} was removed"];
        }),
        ("an upper tile removed", async (t, _) =>
        {
            await t.Do("delete from ledger_tile where level = 1");
            return ["tile 1/000.p/", "was removed"];
        }),
        ("a checkpoint's text", async (t, _) =>
        {
            var size = t.Any(await t.Ask<long[]>("select array_agg(size) from ledger_checkpoint"));
            var note = await t.Ask<string>("select note from ledger_checkpoint where size = $1", size);
            var at = t.Random.Next(note.Length - 1);
            await t.Do("update ledger_checkpoint set note = $2 where size = $1", size, note[..at] + (note[at] == 'A' ? 'B' : 'A') + note[(at + 1)..]);
            return [$"the checkpoint of {size} leaves was altered"];
        }),
        ("an older checkpoint in place of the newest", async (t, _) =>
        {
            var newest = await t.Ask<long>("select max(size) from ledger_checkpoint");
            await t.Do("update ledger_checkpoint set note = (select note from ledger_checkpoint order by size limit 1) where size = $1", newest);
            return [$"the checkpoint of {newest} leaves was altered: it says"];
        }),
        ("a checkpoint of another key", async (t, ledger) =>
        {
            using var foreign = new LedgerSigner(Origin(ledger), Tampering.Utf8("0123456789abcdef0123456789abcdef"));
            await t.Resign(Origin(ledger), foreign);
            return ["was altered: no key of this ledger has signed it"];
        }),
        ("all checkpoints removed", async (t, _) =>
        {
            await t.Do("delete from ledger_checkpoint");
            return ["no checkpoint is there for the leaves from 0 to"];
        }),
        ("the whole ledger removed", async (t, _) =>
        {
            await t.Do("delete from ledger_checkpoint");
            await t.Do("delete from ledger_tile");
            return ["tile 0/000 was removed", "tile 0/001 was removed"];
        }),
        ("a field changed, chain and tree computed anew", async (t, _) =>
        {
            var e = await t.AnyEvent();
            await Rewrite(t, e);
            return [.. await Between(t, e, "a checkpoint")];
        }),
        ("the same, signed with another key", async (t, ledger) =>
        {
            await Rewrite(t, await t.AnyEvent());
            using var foreign = new LedgerSigner(Origin(ledger), Tampering.Utf8("0123456789abcdef0123456789abcdef"));
            await t.Resign(Origin(ledger), foreign);
            return ["no key of this ledger has signed it", "the checkpoint an auditor kept of", "was signed over another history"];
        }),
        ("the same, signed with the stolen key: only the checkpoint kept outside disagrees", async (t, ledger) =>
        {
            var e = await t.AnyEvent();
            await Rewrite(t, e);
            using var keys = LedgerKeys.Load(ledger.KeyFile)!;
            await t.Resign(keys.Origin, keys.Signers[0]);
            return ["the checkpoint an auditor kept of", "was signed over another history"];
        }),
        ("an event and its leaf, the chain computed anew, the tree above left", async (t, _) =>
        {
            var e = await t.AnyEvent();
            var above = await t.Ask<byte[]>("select hashes from ledger_tile where level = 1");
            await Rewrite(t, e);
            await t.Do("update ledger_tile set hashes = $1 where level = 1", above);
            return [.. await Between(t, e, "a checkpoint"), e.Index < 512 ? "tile 1/000.p/2 does not fit tile 0/00" : "history"];
        }),
    ];

    static string Origin(LedgerDatabase ledger)
    {
        using var keys = LedgerKeys.Load(ledger.KeyFile)!;
        return keys.Origin;
    }

    static Task Insert(Tampering t, Tampering.Stored like, long seq, long version) => t.Do("""
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select $2, gen_random_uuid(), stream_id, $3, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name from mt_events where seq_id = $1
        """, like.Seq, seq, version);

    static async Task Flip(Tampering t, int level, long n)
    {
        var at = t.Random.Next(await t.Ask<int>("select length(hashes) from ledger_tile where level = $1 and n = $2", level, n));
        await t.Do("update ledger_tile set hashes = set_byte(hashes, $3, get_byte(hashes, $3) # $4) where level = $1 and n = $2", level, n, at, 1 << t.Random.Next(8));
    }

    static async Task Rewrite(Tampering t, Tampering.Stored e)
    {
        await t.Do("update mt_events set user_name = 'bob' where seq_id = $1", e.Seq);
        await t.Rechain(e.Stream);
        await t.Retree();
    }

    /// <summary>The rewritten part lies between the last checkpoint before the event and the first behind it.</summary>
    static async Task<string[]> Between(Tampering t, Tampering.Stored e, string whose)
    {
        var sizes = await t.Ask<long[]>("select array_agg(size order by size) from ledger_checkpoint");
        var (before, behind) = (sizes.LastOrDefault(s => s <= e.Index), sizes.First(s => s > e.Index));
        return [$"{whose} of {behind} leaves was signed over another history", $"rewritten between leaf {before} and leaf {behind - 1}"];
    }

    [Fact]
    public async Task T2_every_one_of_hundreds_of_random_edits_is_found_and_named()
    {
        var newest = await Grown(streams: 60, events: 11);
        var kept = new KeptCheckpoint(newest, "the checkpoint an auditor kept");
        var random = new Random(20261126);
        var found = new SortedDictionary<string, int>();
        for (var i = 0; i < Edits; i++)
        {
            var (name, edit) = Ways[i % Ways.Length];
            await using var connection = await database.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var named = await edit(new Tampering(connection, random), database);
            var report = await Ledger.Verify.Snapshot(connection, database.Trust(kept), null, default);
            report.Intact.ShouldBeFalse($"{i}: {name}");
            foreach (var text in named)
                report.ToString().ShouldContain(text, Case.Sensitive, $"{i}: {name}");
            found[name] = found.GetValueOrDefault(name) + 1;
            await transaction.RollbackAsync();
        }
        foreach (var (name, count) in found)
            output.WriteLine($"{count,3} × {name}");
        (await database.Verify(kept)).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task T2_a_thousand_untouched_histories_raise_no_alarm_while_they_grow_and_after_erasing()
    {
        await database.Empty();
        var random = new Random(1_000);
        List<KeptCheckpoint> kept = [];
        var ends = Enumerable.Range(0, Histories).Select(_ => ChainEnd.Start(Guid.CreateVersion7(), "ticket")).ToArray();
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < Histories; i++)
                if (round == 0 || random.Next(3) == 0)
                    ends[i] = await database.Append(ends[i], [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomData(random))], round);
            kept.Add(new(await database.Grow(), $"checkpoint {round}"));
            if (round == 3)
                await database.Execute("update mt_events set data = jsonb_set(data, '{text,sealed}', 'null') where seq_id % 3 = 0");
            var report = await database.Verify(kept);
            report.Intact.ShouldBeTrue(report.ToString());
            (report.Streams, report.Ledger!.FaultCount, report.Ledger.Pending, report.Ledger.Checkpoints).ShouldBe((Histories, 0, 0, 2 * (round + 1)));
        }
    }

    static byte[] RandomData(Random random) =>
        Tampering.Utf8($$"""{"text":{"sealed":"{{Convert.ToBase64String(Bytes(random, out var digest))}}","digest":"{{digest}}"},"n":{{random.Next()}}}""");

    static byte[] Bytes(Random random, out string digest)
    {
        var bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        digest = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes));
        return bytes;
    }

    /// <summary>Histories that interleave, numbers with gaps between them, and a checkpoint now and then.</summary>
    async Task<SignedCheckpoint> Grown(int streams, int events)
    {
        await database.Empty();
        var random = new Random(7);
        var ends = Enumerable.Range(0, streams).Select(_ => ChainEnd.Start(Guid.CreateVersion7(), "ticket")).ToArray();
        var keys = ends.Select(e => Sealing.StreamKey.Create(e.Stream)).ToArray();
        for (var version = 1; version <= events; version++)
            for (var i = 0; i < streams; i++)
            {
                ends[i] = await database.Append(ends[i], [LedgerDatabase.Data(keys[i], version, RandomJson.Object(random))], minute: version);
                if (random.Next(10) == 0)
                    await database.Execute("select nextval('mt_events_sequence')");
                if (random.Next(40) == 0)
                    await database.Grow();
            }
        return await database.Grow();
    }
}
