using System.Buffers;
using System.Text;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Tests;

/// <summary>Seal, link, append, read back: the whole way through the store, its guards on.</summary>
public sealed class LedgerStoreTests(StoreDatabase database) : IClassFixture<StoreDatabase>, IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-keys-");

    MasterKeys Masters => field ??= MasterKeys.LoadOrCreate(Path.Combine(folder.FullName, "master.json"), mayCreate: true);

    Task<VerifyReport> Verify() => Ledger.Verify.Database(database.Store.DataSource, null, CancellationToken.None);

    async Task<ChainEnd> Append(ChainEnd end, StreamKey key, int events)
    {
        var drafts = Enumerable.Range(1, events).Select(n => new EventDraft(
            Guid.CreateVersion7(), "noted", "EventDesk.Noted, EventDesk", LedgerDatabase.Data(key, end.Version + n, "ü"), [new("actor", "ann")])).ToList();
        var linked = EventChain.Link(end, new(Some.Time, "correlation", null, "ann"), drafts);
        var result = await database.Store.Append(new()
        {
            Stream = end.Stream,
            StreamType = "ticket",
            ExpectedVersion = end.Version,
            Recorded = Some.Time,
            CorrelationId = "correlation",
            UserName = "ann",
            Events = linked,
            NewKey = end.Version == 0 ? key.Wrapped(Masters) : null,
        }, CancellationToken.None);
        result.ShouldBeOfType<AppendResult.Appended>();
        return new(end.Stream, end.Version + events, linked[^1].Digest);
    }

    [Fact]
    public async Task R1_T2_what_the_store_gives_back_opens_with_the_stored_key_and_fits_its_digest()
    {
        var start = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
        using var key = StreamKey.Create(start.Stream);
        var end = await Append(await Append(start, key, 2), key, 1);
        var stored = await database.Store.ReadStream(start.Stream, 1, null, CancellationToken.None);
        var read = await new StreamKeys(database.Store.DataSource, Masters).Get(start.Stream, CancellationToken.None);

        byte[] digest = start.Digest.ToArray(), next = new byte[Digests.Length], header = new byte[Digests.Length];
        foreach (var e in stored)
        {
            EventChain.Digest(e, digest, next);
            Digests.TryReadHeader(e.Headers.Span, header).ShouldBeTrue();
            next.ShouldBe(header);
            next.CopyTo(digest, 0);
            var plain = new ArrayBufferWriter<byte>();
            SealedJson.Unseal(e.Data.Span, read, e.Version, plain).ShouldBe(new UnsealOutcome(1, 0, 0));
            Encoding.UTF8.GetString(plain.WrittenSpan).ShouldContain($"\"text {e.Version}\"");
        }
        stored.Count.ShouldBe(3);
        digest.ShouldBe(end.Digest.ToArray());
    }

    [Fact]
    public async Task R4_T2_what_goes_out_by_the_erase_door_leaves_the_chain_intact()
    {
        var start = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
        using var key = StreamKey.Create(start.Stream);
        await Append(start, key, 4);
        var before = await Verify();
        await database.Execute($$"""
            begin;
            select set_config('eventdesk.door', 'erase', true);
            update mt_events set data = jsonb_set(data, '{subject,sealed}', 'null') where stream_id = '{{start.Stream}}' and version > 1;
            commit
            """);
        var after = await Verify();
        (after.Intact, after.Events, after.Sealed, after.Erased).ShouldBe((true, before.Events, before.Sealed - 3, before.Erased + 3), after.ToString());
    }

    [Fact]
    public async Task T2_verify_beside_live_traffic_raises_no_false_alarm()
    {
        var writing = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                var end = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
                using var key = StreamKey.Create(end.Stream);
                for (var n = 1; n < 5; n++)
                    end = await Append(end, key, n);
            }
        }).ToList();
        var all = Task.WhenAll(writing);
        do
        {
            var report = await Verify();
            report.Intact.ShouldBeTrue(report.ToString());
        }
        while (!all.IsCompleted);
        await all;
        (await Verify()).Events.ShouldBeGreaterThanOrEqualTo(800);
    }

    public void Dispose()
    {
        Masters.Dispose();
        folder.Delete(recursive: true);
    }
}
