using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

/// <summary>The tree takes what this process stored from memory: it must be the tree that the log gives.</summary>
public sealed class LedgerRecentTests(StoreDatabase database) : IClassFixture<StoreDatabase>, IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-recent-");

    string KeyFile => Path.Combine(folder.FullName, "ledger.key");

    static async Task<long> Open(EventStore store, int events = 1)
    {
        var start = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
        var drafts = Enumerable.Range(0, events).Select(_ => new EventDraft(Guid.CreateVersion7(), "noted", "EventDesk.Noted, EventDesk", "{}"u8.ToArray(), [new("actor", "ann")])).ToList();
        // To the microsecond, as the database keeps it.
        var recorded = Some.Time.AddMicroseconds(events);
        var appended = await store.Append(new()
        {
            Stream = start.Stream, StreamType = "ticket", ExpectedVersion = 0, Recorded = recorded, UserName = "ann", Events = EventChain.Link(start, new(recorded, UserName: "ann"), drafts),
        }, default);
        return appended.ShouldBeOfType<AppendResult.Appended>().LastSeqId;
    }

    async Task Emptied()
    {
        foreach (var table in (string[])["mt_events", "mt_streams"])
            await database.Execute($"alter table {table} disable trigger all");
        await database.Execute("truncate mt_events, mt_streams, ledger_tile, ledger_checkpoint");
    }

    async Task ShouldHoldAll()
    {
        using var keys = LedgerKeys.Load(KeyFile)!;
        var report = await Verify.Database(database.Store.DataSource, new(keys.Verifiers, []), null, default);
        (report.Intact, report.Ledger!.Size, report.Ledger.Pending).ShouldBe((true, await database.Scalar<long>("select count(*) from mt_events"), 0), report.ToString());
    }

    [Fact]
    public async Task T2_two_processes_and_numbers_that_were_drawn_in_vain_leave_one_tree_of_all_events()
    {
        await Emptied();
        await using var mine = database.NewStore();
        await using var other = database.NewStore();
        var growth = new LedgerGrowth(mine, KeyFile);
        var fromMemory = 0;
        for (var round = 0; round < 30; round++)
        {
            // Rounds of this process alone, of both at once, of the other alone; and every fourth one leaves a gap.
            var stores = (round % 3) switch { 0 => [mine], 1 => [mine, other], _ => (EventStore[])[other] };
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Open(stores[i % stores.Length], 1 + i % 3)));
            if (round % 4 == 3)
                await database.Execute("select nextval('mt_events_sequence')");
            fromMemory += mine.RecentLeaves.Behind(await LastInTree(), LedgerGrowth.Page).Count;
            while (await growth.Step(default) is not null) { }
        }
        fromMemory.ShouldBeGreaterThan(500);
        await ShouldHoldAll();
    }

    Task<long> LastInTree() => database.Scalar<long>("select coalesce((select seqs[cardinality(seqs)] from ledger_tile where level = 0 order by n desc limit 1), 0)");

    [Fact]
    public async Task T2_one_step_takes_all_that_is_committed_though_two_processes_append_in_turns_or_a_number_is_missing()
    {
        await Emptied();
        await using var mine = database.NewStore();
        await using var other = database.NewStore();
        var growth = new LedgerGrowth(mine, KeyFile);
        await Open(other);
        (await growth.Step(default))!.Signed.Size.ShouldBe(1);

        for (var turn = 0; turn < 3; turn++)
        {
            await Open(mine, 2);
            await Open(other, 3);
        }
        mine.RecentLeaves.Behind(await LastInTree(), LedgerGrowth.Page).Count.ShouldBe(2);
        var grown = (await growth.Step(default))!;
        (grown.Signed.Size, grown.More).ShouldBe((16, false));

        await Open(mine, 2);
        await database.Execute("select nextval('mt_events_sequence')");
        await Open(mine, 3);
        mine.RecentLeaves.Behind(await LastInTree(), LedgerGrowth.Page).Count.ShouldBe(2);
        (await growth.Step(default))!.Signed.Size.ShouldBe(21);
        await ShouldHoldAll();
    }

    [Fact]
    public async Task A_step_takes_a_page_at_most_of_memory_and_log_together_and_says_that_more_is_there()
    {
        await Emptied();
        await using var mine = database.NewStore();
        await using var other = database.NewStore();
        var growth = new LedgerGrowth(mine, KeyFile);
        await Open(other);
        await growth.Step(default);
        await Open(mine, 5);
        await Open(other, LedgerGrowth.Page);

        var grown = (await growth.Step(default))!;
        (grown.Signed.Size, grown.More).ShouldBe((1 + LedgerGrowth.Page, true));
        grown = (await growth.Step(default))!;
        (grown.Signed.Size, grown.More).ShouldBe((1 + 5 + LedgerGrowth.Page, false));
        await ShouldHoldAll();
    }

    [Fact]
    public async Task T2_what_a_standby_had_not_yet_got_when_it_took_over_is_in_no_tree()
    {
        await Emptied();
        await using var mine = database.NewStore();
        var growth = new LedgerGrowth(mine, KeyFile);
        var kept = await Open(mine, 3);
        await growth.Step(default);
        await Open(mine, 2);
        mine.RecentLeaves.Behind(kept, LedgerGrowth.Page).Count.ShouldBe(2);
        await database.Execute($"delete from mt_events where seq_id > {kept}");
        await database.Execute("delete from mt_streams s where not exists (select from mt_events e where e.stream_id = s.id)");
        (await growth.Step(default)).ShouldBeNull();

        await database.Execute($"select setval('mt_events_sequence', {kept})");
        await using var other = database.NewStore();
        await Open(other, 3);
        (await growth.Step(default))!.Signed.Size.ShouldBe(6);
        await ShouldHoldAll();
    }

    [Fact]
    public void What_was_committed_lately_is_known_up_to_the_first_number_that_is_missing_and_as_far_back_as_there_is_room()
    {
        var recent = new RecentLeaves();
        recent.Behind(0, 10).Count.ShouldBe(0);
        var append = Some.Append(Guid.CreateVersion7(), 0, events: 1);
        void Keep(params IEnumerable<long> seqs) => recent.Keep([.. seqs.Select(s => new RecentLeaves.Committed(append, 0, s))]);
        // As two writers may tell of it: the later batch first.
        Keep(6, 7, 8);
        recent.Behind(2, 10).Seqs.ShouldBe([]);
        Keep(3, 4);
        recent.Behind(2, 10).Seqs.ShouldBe([3, 4]);
        Keep(5);
        recent.Behind(2, 10).Seqs.ShouldBe([3, 4, 5, 6, 7, 8]);
        recent.Behind(4, 3).Seqs.ShouldBe([5, 6, 7]);
        recent.Behind(8, 10).Seqs.ShouldBe([]);
        Keep(Enumerable.Range(9, RecentLeaves.Room - 1).Select(n => (long)n));
        recent.Behind(6, 10).Seqs.ShouldBe([]);
        recent.Behind(7, RecentLeaves.Room * 2).Seqs.ShouldBe(Enumerable.Range(8, RecentLeaves.Room).Select(n => (long)n));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
