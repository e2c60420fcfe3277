namespace EventDesk.Store.Tests;

/// <summary>Two streams in one append.</summary>
public sealed class PairTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    readonly EventStore store = database.Store;

    static Append Pair(Guid stream, long expected, Guid other, long otherExpected, string? key = null) => new()
    {
        Stream = stream,
        StreamType = "ticket",
        ExpectedVersion = expected,
        Recorded = Some.Time,
        Events = [Some.Event()],
        Idempotency = Some.Append(stream, expected, key: key).Idempotency,
        With = Some.Append(other, otherExpected),
    };

    async Task<(Guid A, Guid B)> Two()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append(Some.Append(a, 0), default);
        await store.Append(Some.Append(b, 0), default);
        return (a, b);
    }

    async Task<(int A, int B)> Lengths(Guid a, Guid b) => ((await store.ReadStream(a, 1, null, default)).Count, (await store.ReadStream(b, 1, null, default)).Count);

    [Fact]
    public async Task A9_Both_streams_move_or_neither_does()
    {
        var (a, b) = await Two();
        (await store.Append(Pair(a, 1, b, 1), default)).ShouldBeOfType<AppendResult.Appended>().Version.ShouldBe(2);
        (await store.Append(Pair(a, 2, b, 1), default)).ShouldBe(new AppendResult.Conflict(2, OfOther: true));
        (await store.Append(Pair(a, 1, b, 2), default)).ShouldBe(new AppendResult.Conflict(2));
        (await Lengths(a, b)).ShouldBe((2, 2));
        (await database.Rows($"select version from mt_streams where id in ('{a}', '{b}')")).ShouldBe(["2", "2"]);
    }

    [Fact]
    public async Task A10_A_refused_pair_leaves_its_key_free_and_a_repeated_one_is_recognised()
    {
        var (a, b) = await Two();
        (await store.Append(Pair(a, 1, b, 9, "k1"), default)).ShouldBeOfType<AppendResult.Conflict>();
        (await store.Append(Pair(a, 1, b, 1, "k1"), default)).ShouldBeOfType<AppendResult.Appended>();
        (await store.Append(Pair(a, 1, b, 1, "k1"), default)).ShouldBeOfType<AppendResult.Repeated>();
        (await Lengths(a, b)).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A9_Pairs_that_meet_between_two_processes_are_stored_one_after_the_other_and_never_by_half()
    {
        await using var second = database.NewStore();
        for (var round = 0; round < 15; round++)
        {
            var (a, b) = await Two();
            var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
                (i % 2 == 0 ? store : second).Append(
                    (i % 3) switch { 0 => Pair(a, 1, b, 1), 1 => Pair(b, 1, a, 1), _ => Some.Append(i % 2 == 0 ? a : b, 1) }, default).AsTask()));
            var stored = results.OfType<AppendResult.Appended>().Count();
            var (ofA, ofB) = await Lengths(a, b);
            // Either one pair, or one plain append on each side.
            (stored, ofA + ofB - 2).ShouldBeOneOf((1, 2), (2, 2), (1, 1));
            ofA.ShouldBeLessThanOrEqualTo(2);
            ofB.ShouldBeLessThanOrEqualTo(2);
        }
    }
}
