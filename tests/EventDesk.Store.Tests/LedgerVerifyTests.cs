using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Tests;

/// <summary>Someone with every right on the database changes something; the walk must find it and say where.</summary>
public sealed class LedgerVerifyTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    const int Streams = 4, Events = 6;

    // $1 is the victim's stream, $2 another one.
    public static TheoryData<string, string, BreakKind, long> Tampering => new()
    {
        { "its id", "update mt_events set id = $2 where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its type", "update mt_events set type = 'ticket_closed' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its .NET type", "update mt_events set mt_dotnet_type = 'Other' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { ".NET type to null", "update mt_events set mt_dotnet_type = null where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its time by a microsecond", "update mt_events set timestamp = timestamp + interval '1 microsecond' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its time to infinity", "update mt_events set timestamp = 'infinity' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its tenant", "update mt_events set tenant_id = 'other' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its correlation", "update mt_events set correlation_id = 'x' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "correlation to null", "update mt_events set correlation_id = null where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its causation", "update mt_events set causation_id = '' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its user", "update mt_events set user_name = 'bob' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "a header", """update mt_events set headers = headers || '{"role": "manager"}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "one more header", """update mt_events set headers = headers || '{"rule": "1"}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "a header less", "update mt_events set headers = headers - 'role' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "its digest", """update mt_events set headers = headers || '{"digest": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "its digest removed", "update mt_events set headers = headers - 'digest' where stream_id = $1 and version = 3", BreakKind.Inserted, 3 },
        { "all headers removed", "update mt_events set headers = null where stream_id = $1 and version = 3", BreakKind.Inserted, 3 },
        { "a plain field", """update mt_events set data = data || '{"status": "closed"}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "a number to a fraction", """update mt_events set data = data || '{"severity": 3.5}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "a field less", "update mt_events set data = data - 'severity' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "one more field", """update mt_events set data = data || '{"x": null}' where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "a binary payload", "update mt_events set bdata = 'x' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "a ciphertext", """update mt_events set data = jsonb_set(data, '{subject,sealed}', '"eHh4"') where stream_id = $1 and version = 3""", BreakKind.SealChanged, 3 },
        { "a sealed value's digest", """update mt_events set data = jsonb_set(data, '{subject,digest}', '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="') where stream_id = $1 and version = 3""", BreakKind.Changed, 3 },
        { "a sealed value to its digest", "update mt_events set data = jsonb_set(data, '{subject}', data #> '{subject,digest}') where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "a sealed value removed", "update mt_events set data = data - 'subject' where stream_id = $1 and version = 3", BreakKind.Changed, 3 },
        { "the first event", """update mt_events set data = '{}' where stream_id = $1 and version = 1""", BreakKind.Changed, 1 },
        { "the last event", """update mt_events set data = '{}' where stream_id = $1 and version = 6""", BreakKind.Changed, 6 },
        { "the contents of two swapped", "update mt_events e set data = o.data from mt_events o where e.stream_id = $1 and o.stream_id = $1 and e.version + o.version = 5 and e.version in (2, 3)", BreakKind.Changed, 2 },

        { "the first removed", "delete from mt_events where stream_id = $1 and version = 1", BreakKind.Removed, 1 },
        { "one removed", "delete from mt_events where stream_id = $1 and version = 3", BreakKind.Removed, 3 },
        { "two removed", "delete from mt_events where stream_id = $1 and version in (3, 4)", BreakKind.Removed, 3 },
        { "the last removed", "delete from mt_events where stream_id = $1 and version = 6", BreakKind.TailCut, 6 },
        { "three at the end removed", "delete from mt_events where stream_id = $1 and version > 3", BreakKind.TailCut, 4 },
        { "all removed", "delete from mt_events where stream_id = $1", BreakKind.EventsRemoved, 1 },
        { "one removed and the rest renumbered", "with gone as (delete from mt_events where stream_id = $1 and version = 3) update mt_events set version = version - 1 where stream_id = $1 and version > 3", BreakKind.Changed, 3 },
        { "the stream row set back", "update mt_streams set version = 4 where id = $1", BreakKind.StreamRowChanged, 5 },
        { "the stream row's kind", "update mt_streams set type = 'incident' where id = $1", BreakKind.Changed, 1 },
        { "the stream row removed", "delete from mt_streams where id = $1", BreakKind.StreamRowRemoved, 1 },

        { "two versions swapped", "update mt_events set version = 5 - version where stream_id = $1 and version in (2, 3)", BreakKind.Reordered, 2 },
        { "two places in the log swapped", "update mt_events e set seq_id = -o.seq_id from mt_events o where e.stream_id = $1 and o.stream_id = $1 and e.version + o.version = 5 and e.version in (2, 3)", BreakKind.Reordered, 2 },

        { "one inserted at the end", Insert("$1", "7"), BreakKind.Inserted, 7 },
        { "one inserted with another's headers", Insert("$1", "7", "headers"), BreakKind.Changed, 7 },
        { "one inserted in the middle", "with moved as (update mt_events set version = version + 1 where stream_id = $1 and version > 3) " + Insert("$1", "4"), BreakKind.Inserted, 4 },
        { "one inserted before the first", Insert("$1", "0"), BreakKind.Inserted, 0 },
        { "one doubled", Insert("$1", "3", "headers"), BreakKind.Duplicate, 3 },
        { "one doubled under an older number", Insert("$1", "3", "headers", "-seq_id"), BreakKind.Reordered, 3 },
    };

    static string Insert(string stream, string version, string headers = "null::jsonb", string seq = "nextval('mt_events_sequence')") => $"""
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select {seq}, id, {stream}, {version}, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, {headers}, user_name
        from mt_events where stream_id = {stream} and version = 3
        """;

    [Theory, MemberData(nameof(Tampering))]
    public async Task T2_verify_finds_and_names_what_was_tampered_with(string what, string sql, BreakKind kind, long version)
    {
        var streams = await database.Fill(Streams, Events);
        (await database.Verify()).Intact.ShouldBeTrue();

        object[] values = sql.Contains("$2", StringComparison.Ordinal) ? [streams[1], streams[2]] : [streams[1]];
        (await database.Execute(sql, values)).ShouldBeGreaterThan(0, what);

        var report = await database.Verify();
        report.BrokenStreams.ShouldBe(1, report.ToString());
        report.First.ShouldNotBeNull();
        (report.First.Kind, report.First.Stream, report.First.Version).ShouldBe((kind, streams[1], version), report.ToString());
        report.ToString().ShouldContain($"BROKEN: 1 of the streams. First, event {version} of stream {streams[1]}");
    }

    [Fact]
    public async Task T2_an_event_moved_to_another_stream_breaks_both()
    {
        var streams = await database.Fill(Streams, Events);
        await database.Execute("update mt_events set stream_id = $2, version = 7 where stream_id = $1 and version = 3", streams[1], streams[2]);
        var report = await database.Verify();
        report.Breaks.Select(b => (b.Kind, b.Stream, b.Version)).ShouldBe(
            [(BreakKind.Reordered, streams[2], 7L), (BreakKind.Removed, streams[1], 3L)], ignoreOrder: true);
    }

    [Fact]
    public async Task T2_events_without_any_stream_are_found()
    {
        var streams = await database.Fill(Streams, Events);
        await database.Execute("update mt_events set stream_id = null where stream_id = $1 and version = 6", streams[1]);
        var report = await database.Verify();
        report.Breaks.Select(b => (b.Kind, b.Stream)).ShouldBe([(BreakKind.TailCut, streams[1]), (BreakKind.StreamRowRemoved, Guid.Empty)], ignoreOrder: true);
    }

    [Fact]
    public async Task T2_of_several_broken_streams_the_lowest_seq_id_is_named_first_and_all_are_counted()
    {
        var streams = await database.Fill(Streams, Events);
        await database.Execute("update mt_events set user_name = 'x' where (stream_id = $1 and version = 5) or (stream_id = $2 and version = 2)", streams[0], streams[3]);
        var report = await database.Verify();
        report.BrokenStreams.ShouldBe(2);
        (report.First!.Stream, report.First.Version).ShouldBe((streams[3], 2));
        report.Breaks.Count.ShouldBe(2);
    }

    [Fact]
    public async Task T2_more_breaks_than_a_report_holds_are_still_counted_and_the_first_is_among_those_told()
    {
        var streams = await database.Fill(3 * ChainWalk.MaxBreaks, 1);
        await database.Execute("update mt_events set user_name = 'x'");
        var report = await database.Verify();
        (report.BrokenStreams, report.Breaks.Count).ShouldBe((3L * ChainWalk.MaxBreaks, ChainWalk.MaxBreaks));
        report.First!.Stream.ShouldBe(streams[0]);
    }

    [Fact]
    public async Task T2_untouched_histories_of_any_content_are_intact_also_after_erasing_what_was_sealed()
    {
        await database.Execute("truncate mt_events, mt_streams");
        var random = new Random(20260802);
        var events = 0;
        for (var i = 0; i < 60; i++)
        {
            var end = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
            using var key = StreamKey.Create(end.Stream);
            for (var left = 1 + random.Next(12); left > 0;)
            {
                var together = Math.Min(left, 1 + random.Next(4));
                var version = end.Version;
                end = await database.Append(end, [.. Enumerable.Range(1, together).Select(n => LedgerDatabase.Data(key, version + n, RandomJson.Object(random)))], 0);
                left -= together;
                events += together;
            }
        }
        var before = await database.Verify();
        (before.Intact, before.Events, before.Streams, before.Sealed, before.Erased, before.ClockSteps).ShouldBe((true, events, 60, events, 0, 0), before.ToString());

        var erased = await database.Execute("update mt_events set data = jsonb_set(data, '{subject,sealed}', 'null') where seq_id % 3 = 0");
        var after = await database.Verify();
        (after.Intact, after.Events, after.Sealed, after.Erased).ShouldBe((true, events, events - erased, erased), after.ToString());
        after.ToString().ShouldContain("Intact");
    }

    [Fact]
    public async Task T2_a_clock_set_back_is_a_warning_and_no_break()
    {
        await database.Execute("truncate mt_events, mt_streams");
        var end = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
        end = await database.Append(end, ["{}"u8.ToArray()], minute: 10);
        await database.Append(end, ["{}"u8.ToArray()], minute: 5);
        var report = await database.Verify();
        (report.Intact, report.ClockSteps).ShouldBe((true, 1L));
        report.ToString().ShouldContain("Warning: 1 events");
    }

    [Fact]
    public async Task T2_an_empty_database_is_intact()
    {
        await database.Execute("truncate mt_events, mt_streams");
        var report = await database.Verify();
        (report.Intact, report.Events, report.Streams).ShouldBe((true, 0L, 0L));
    }

    [Fact]
    public async Task T2_events_larger_than_the_reading_buffer_are_checked_too()
    {
        await database.Execute("truncate mt_events, mt_streams");
        var end = ChainEnd.Start(Guid.CreateVersion7(), "ticket");
        var large = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 900_000)}}"}""");
        end = await database.Append(end, [large, "{}"u8.ToArray(), large], 1);
        (await database.Verify()).ToString().ShouldContain("3 events in 1 streams checked");
        await database.Execute("""update mt_events set data = data || '{"a": 1}' where stream_id = $1 and version = 3""", end.Stream);
        (await database.Verify()).First!.Version.ShouldBe(3);
    }
}
