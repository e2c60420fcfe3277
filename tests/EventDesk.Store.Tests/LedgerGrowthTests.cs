using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Store.Tests;

/// <summary>The tree grows behind the log, and a checkpoint is signed only over what continues the last one.</summary>
public sealed class LedgerGrowthTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    async Task<ChainEnd[]> Streams(int streams, int events)
    {
        await database.Empty();
        return [.. await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Lengthen(ChainEnd.Start(Guid.CreateVersion7(), "ticket"), events)))];
    }

    async Task<ChainEnd> Lengthen(ChainEnd end, int events) =>
        await database.Append(end, [.. Enumerable.Range(0, events).Select(_ => "{}"u8.ToArray())], 1);

    [Fact]
    public async Task T2_each_step_takes_what_is_new_and_signs_for_all()
    {
        var ends = await Streams(3, 100);
        var first = await database.Grow();
        first.Size.ShouldBe(300);
        (await database.Growth.Step(default)).ShouldBeNull();

        await Lengthen(ends[0], 7);
        var second = await database.Grow();
        second.Size.ShouldBe(307);
        var proof = await new LedgerTables(database.Source).Tree().Consistency(300, 307, default);
        MerkleTree.VerifyConsistency(300, 307, first.Checkpoint.Root.Span, second.Checkpoint.Root.Span, proof).ShouldBeTrue();

        var report = await database.Verify(new KeptCheckpoint(first, "a kept checkpoint"));
        report.Intact.ShouldBeTrue(report.ToString());
        (report.Ledger!.Size, report.Ledger.Pending, report.Ledger.Checkpoints, report.Ledger.SignaturesChecked).ShouldBe((307, 0, 3, true));
    }

    [Fact]
    public async Task T2_every_event_is_found_in_the_tree_by_its_number_with_a_proof_of_its_own()
    {
        await Streams(5, 120);
        var checkpoint = (await database.Grow()).Checkpoint;
        var tables = new LedgerTables(database.Source);
        await using var command = database.Source.CreateCommand("select seq_id, stream_id, version, timestamp, headers->>'digest' from mt_events");
        await using var row = await command.ExecuteReaderAsync();
        List<Leaf> leaves = [];
        while (await row.ReadAsync())
            leaves.Add(new(row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetDateTime(3), row.GetString(4)));
        var places = await tables.Places([.. leaves.Select(l => l.Seq), -1, long.MaxValue], default);
        places.Count.ShouldBe(600);
        var tree = tables.Tree();
        foreach (var leaf in leaves)
        {
            var proof = await tree.Inclusion(places[leaf.Seq], checkpoint.Size, default);
            MerkleTree.VerifyInclusion(places[leaf.Seq], checkpoint.Size, leaf.Hash(), proof, checkpoint.Root.Span).ShouldBeTrue();
        }
    }

    // Between two steps somebody changes what the next one builds on.
    public static TheoryData<string, string> Between => new()
    {
        { "update ledger_tile set hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) where level = 1", "The tree is not the one of the last checkpoint" },
        { "update ledger_tile set hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) where level = 0 and n = 1", "The tree is not the one of the last checkpoint" },
        { "update ledger_tile set hashes = substr(hashes, 1, 64), seqs = seqs[1:2] where level = 0 and n = 1", "The tree is not the one of the last checkpoint" },
        { "update ledger_tile set seqs = seqs[1:2] where level = 0 and n = 1", "does not number its leaves" },
        { "delete from ledger_tile where level = 0 and n = 1", "The tree is not the one of the last checkpoint" },
        { "delete from ledger_tile where level = 1", "Tile 1/000.p/1 is not there" },
        { "delete from ledger_tile", "The tree is not the one of the last checkpoint" },
        { "delete from ledger_checkpoint", "its checkpoints are gone" },
        { "update ledger_checkpoint set note = replace(note, 'eventdesk/', 'eventdesk/0')", "was not signed with a key" },
        { "update ledger_checkpoint set note = 'x'", "cannot be read" },
        { "delete from mt_events where seq_id = (select max(seqs[44]) from ledger_tile where n = 1)", "the last one signed for, is gone" },
        { """update mt_events set headers = headers || '{"digest": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}' where seq_id = (select max(seqs[44]) from ledger_tile where n = 1)""", "the last one signed for, was changed" },
        { "truncate ledger_tile, ledger_checkpoint", "set back to an older state" },
    };

    [Theory, MemberData(nameof(Between))]
    public async Task T2_an_inconsistent_checkpoint_is_never_signed(string tampering, string reason)
    {
        var ends = await Streams(3, 100);
        LedgerKeys.Keep(database.KeyFile, await database.Grow());
        await Lengthen(ends[0], 7);
        (await database.Execute(tampering)).ShouldNotBe(0);
        var checkpoints = await Count();
        var refused = await Should.ThrowAsync<LedgerRefusedException>(() => database.Growth.Step(default));
        refused.Message.ShouldContain(reason);
        (await Count()).ShouldBe(checkpoints);
    }

    Task<long> Count() => Scalar("select count(*) from ledger_checkpoint");

    async Task<long> Scalar(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task T2_a_tree_computed_anew_over_another_history_is_not_signed_where_the_last_checkpoint_is_kept_outside()
    {
        await Streams(3, 100);
        LedgerKeys.Keep(database.KeyFile, await database.Grow());
        await database.Execute("truncate ledger_tile, ledger_checkpoint");
        await database.Execute("delete from mt_streams where id = (select stream_id from mt_events order by seq_id limit 1)");
        await database.Execute("delete from mt_events e where not exists (select from mt_streams s where s.id = e.stream_id)");
        // A whole tree over what is left, signed with the true key by somebody who had it.
        var stolen = Path.Combine(Path.GetDirectoryName(database.KeyFile)!, "stolen.key");
        File.Copy(database.KeyFile, stolen); // with its mode
        await new LedgerGrowth(database.Source, stolen, TimeProvider.System).Step(default);
        var ends = await Lengthen(ChainEnd.Start(Guid.CreateVersion7(), "ticket"), 200);
        (await Should.ThrowAsync<LedgerRefusedException>(() => database.Growth.Step(default))).Message.ShouldContain("set back to an older state");
        await new LedgerGrowth(database.Source, stolen, TimeProvider.System).Step(default);
        await Lengthen(ends, 1);
        (await Should.ThrowAsync<LedgerRefusedException>(() => database.Growth.Step(default))).Message.ShouldContain("does not continue the one of 300 leaves");
    }

    [Fact]
    public async Task T2_without_its_key_a_ledger_signs_nothing_and_makes_no_other_key()
    {
        var ends = await Streams(1, 5);
        await database.Grow();
        File.Delete(database.KeyFile);
        await Lengthen(ends[0], 1);
        (await Should.ThrowAsync<LedgerRefusedException>(() => database.Growth.Step(default))).Message.ShouldContain("Restore the file");
        File.Exists(database.KeyFile).ShouldBeFalse();
        LedgerKeys.Create(database.KeyFile).Dispose();
        (await Should.ThrowAsync<LedgerRefusedException>(() => database.Growth.Step(default))).Message.ShouldContain("not signed with a key");
    }

    [Fact]
    public async Task T2_steps_that_race_and_die_at_any_instant_leave_one_tree_without_a_gap()
    {
        var ends = await Streams(8, 1);
        await using var growers = database.NewSource("grower");
        using var done = new CancellationTokenSource();
        var growing = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                try
                {
                    await new LedgerGrowth(growers, database.KeyFile, TimeProvider.System).Step(default);
                }
                catch (NpgsqlException)
                {
                    // Its connection was cut, as a kill would.
                }
        })).ToList();
        var random = new Random(9);
        for (var round = 0; round < 60; round++)
        {
            if (round % 10 == 9)
            {
                var signed = await Count();
                await Eventually.Be(async () => await Count() > signed, "a step gets through");
            }
            // One writer only: numbers must come in the order of commits, and this helper takes no append lock.
            ends[round % 8] = await Lengthen(ends[round % 8], 1 + round % 40);
            if (random.Next(3) == 0)
                await database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'grower'");
        }
        await done.CancelAsync();
        await Task.WhenAll(growing);
        await database.Grow();
        var report = await database.Verify();
        report.Intact.ShouldBeTrue(report.ToString());
        (report.Ledger!.Size, report.Ledger.Pending).ShouldBe((await Scalar("select count(*) from mt_events"), 0));
        report.Ledger.Checkpoints.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task T2_a_new_key_signs_beside_the_old_one_until_the_next_rotation()
    {
        var ends = await Streams(1, 3);
        var first = await database.Grow();
        using var one = LedgerKeys.Load(database.KeyFile)!;
        using var two = one.Rotate(atOnce: false);
        var longer = await Lengthen(ends[0], 1);
        var second = await database.Grow();
        second.IsSignedBy([one.Verifiers[0]]).ShouldBeTrue();
        second.IsSignedBy([two.Verifiers[0]]).ShouldBeTrue();
        two.Verifiers[0].ToString().ShouldNotBe(one.Verifiers[0].ToString());

        using var three = two.Rotate(atOnce: true);
        await Lengthen(longer, 1);
        var third = await database.Grow();
        third.IsSignedBy([one.Verifiers[0], two.Verifiers[0]]).ShouldBeFalse();
        three.Verifiers.Select(v => v.ToString()).ShouldBe([three.Verifiers[0].ToString(), two.Verifiers[0].ToString(), one.Verifiers[0].ToString()]);
        var report = await database.Verify(new KeptCheckpoint(first, "a kept checkpoint"));
        report.Intact.ShouldBeTrue(report.ToString());
    }

    [Fact]
    public void T2_the_keys_lie_in_a_file_of_their_owner_alone()
    {
        var path = Path.Combine(Path.GetDirectoryName(database.KeyFile)!, $"{Guid.CreateVersion7()}.key");
        LedgerKeys.Create(path).Dispose();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Should.Throw<KeyFileException>(() => LedgerKeys.Load(path)).Message.ShouldContain("chmod 600");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        foreach (var broken in (string[])["", "{}", """{"origin":"x","seeds":[],"retired":[]}""", """{"origin":"x","seeds":["AAAA"],"retired":[]}""", """{"origin":"x","seeds":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],"retired":["x"]}"""])
        {
            File.WriteAllText(path, broken);
            Should.Throw<KeyFileException>(() => LedgerKeys.Load(path), broken);
        }
    }
}
