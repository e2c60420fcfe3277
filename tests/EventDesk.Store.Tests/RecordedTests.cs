namespace EventDesk.Store.Tests;

/// <summary>The log asked by recorded times, which its order follows only nearly.</summary>
public sealed class RecordedTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    static readonly DateTimeOffset Start = Some.Time;

    readonly EventStore store = database.Store;

    async Task Append(DateTimeOffset recorded) => (await store.Append(
        new Append { Stream = Guid.CreateVersion7(), StreamType = "ticket", ExpectedVersion = 0, Recorded = recorded, Events = [Some.Event()] }, default)).ShouldBeOfType<AppendResult.Appended>();

    async Task<List<DateTimeOffset>> Fill(params IEnumerable<int> minutes)
    {
        await database.Execute("""
            alter table mt_events disable trigger eventdesk_keep_events;
            delete from mt_events;
            alter table mt_events enable always trigger eventdesk_keep_events;
            alter sequence mt_events_sequence restart;
            """);
        List<DateTimeOffset> times = [.. minutes.Select(m => Start.AddMinutes(m))];
        foreach (var time in times)
        {
            await Append(time);
            await database.Scalar<long>("select nextval('mt_events_sequence')"); // a number that nobody uses
        }
        return times;
    }

    /// <summary>Forwards and back, page by page.</summary>
    async Task<(List<DateTimeOffset> Forwards, List<DateTimeOffset> Back)> Read(RecordedSpan span)
    {
        List<DateTimeOffset> forwards = [], back = [];
        for (var after = 0L; await store.ReadRecorded(after, span, 3, default) is { Count: > 0 } page; after = page[^1].SeqId)
            forwards.AddRange(page.Select(e => e.Timestamp));
        for (long? before = long.MaxValue; before is not null;)
        {
            var page = await store.ReadBack(new(before, Recorded: span), 3, default);
            back.AddRange(page.Rows.Select(r => r.Event.Timestamp));
            before = page.Next;
        }
        return (forwards, back);
    }

    [Fact]
    public async Task Every_span_has_exactly_its_events_however_times_and_places_are_out_of_order()
    {
        var chance = new Random(5);
        var times = await Fill(Enumerable.Range(0, 60).Select(i => (i * 10) - chance.Next(40)));
        for (var from = -50; from < 620; from += 37)
            foreach (var length in new[] { 1, 45, 700 })
            {
                var span = new RecordedSpan(Start.AddMinutes(from), Start.AddMinutes(from + length), TimeSpan.FromMinutes(40));
                var wanted = times.Where(t => t >= span.From && t < span.Before).ToList();
                var (forwards, back) = await Read(span);
                forwards.ShouldBe(wanted, $"{span}");
                back.ShouldBe(wanted.AsEnumerable().Reverse(), $"{span}");
            }
        (await Read(new(null, null, TimeSpan.Zero))).Forwards.ShouldBe(times);
        (await Read(new(Start.AddMinutes(300), null, TimeSpan.FromMinutes(40)))).Forwards.ShouldBe(times.Where(t => t >= Start.AddMinutes(300)));
        (await Read(new(null, Start.AddMinutes(300), TimeSpan.FromMinutes(40)))).Forwards.ShouldBe(times.Where(t => t < Start.AddMinutes(300)));
        (await Read(new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, TimeSpan.MaxValue))).Forwards.ShouldBe(times);
    }

    [Fact]
    public async Task What_stands_outside_of_the_places_found_is_not_looked_at()
    {
        var times = await Fill(5, 10, 20, 30, 40, 50, 5, 60); // the second 5 stands where nothing of its time is looked for
        (await Read(new(Start.AddMinutes(5), Start.AddMinutes(30), TimeSpan.Zero))).Forwards.ShouldBe([times[0], times[1], times[2]]);
        (await Read(new(Start.AddMinutes(5), Start.AddMinutes(30), TimeSpan.FromMinutes(45)))).Forwards.ShouldBe([times[0], times[1], times[2], times[6]]);
    }

    [Fact]
    public async Task A_log_without_events_has_none_of_any_time()
    {
        await Fill();
        (await Read(new(Start, Start.AddDays(1), TimeSpan.Zero))).ShouldSatisfyAllConditions(r => r.Forwards.ShouldBeEmpty(), r => r.Back.ShouldBeEmpty());
    }
}
