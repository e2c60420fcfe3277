using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Importing;
using EventDesk.Service.Tickets;
using EventDesk.Store.Ledger;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Importing;

/// <summary>F7: logs into a database, once, twice, broken off and beside live traffic.</summary>
public sealed class ImporterTests
{
    static readonly Mapping Csv = ImportFiles.Mapping("vinst-incidents-csv"), Xes = ImportFiles.Mapping("vinst-incidents-xes");

    [Fact]
    public async Task Both_renderings_of_a_log_give_identical_streams_down_to_the_digests()
    {
        var incidents = SmallLogs.Incidents(40);
        await using var one = await ImportDesk.Start();
        await using var other = await ImportDesk.Start();
        await one.Import(SmallLogs.Csv(incidents), Csv);
        await other.Import(SmallLogs.Xes(incidents), Xes);
        (await one.Fingerprint()).ShouldBe(await other.Fingerprint());
        (await Verify.Database(one.Test.Store.DataSource, null, default)).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_import_adds_nothing_whichever_rendering_it_reads()
    {
        var incidents = SmallLogs.Incidents(30);
        await using var desk = await ImportDesk.Start();
        var first = await desk.ImportCsv(incidents);
        var before = await desk.Fingerprint();
        foreach (var (log, mapping) in new[] { (SmallLogs.Csv(incidents), Csv), (SmallLogs.Xes(incidents), Xes) })
        {
            var again = await desk.Import(log, mapping);
            (again.EventsWritten, again.Cases.AlreadyThere, again.Rows.AlreadyThere).ShouldBe((0, 30, incidents.Count));
            (await desk.Fingerprint()).ShouldBe(before);
        }
        first.EventsWritten.ShouldBe(await desk.EventCount());
    }

    [Fact]
    public async Task Broken_off_after_any_chunk_and_begun_again_it_ends_as_if_nothing_had_happened()
    {
        var log = SmallLogs.Csv(SmallLogs.Incidents(40));
        await using var straight = await ImportDesk.Start();
        var whole = await straight.Import(log, Csv);
        var chunks = 0;
        await using (var counting = await ImportDesk.Start())
            await counting.Import(log, Csv, progress: new Steps(_ => chunks++));
        foreach (var after in new[] { 1, 2, chunks / 2, chunks })
        {
            await using var desk = await ImportDesk.Start();
            using var stop = new CancellationTokenSource();
            var seen = 0;
            await Should.ThrowAsync<OperationCanceledException>(() => desk.Import(log, Csv, progress: new Steps(_ => { if (++seen == after) stop.Cancel(); }), ct: stop.Token));
            var resumed = await desk.Import(log, Csv);
            (await desk.Fingerprint()).ShouldBe(await straight.Fingerprint());
            (resumed.Resumed, resumed.Cases.Imported, resumed.EventsWritten).ShouldBe((after > 1, 40, whole.EventsWritten));
            resumed.EventsByType.ShouldBe(whole.EventsByType);
        }
    }

    [Fact]
    public async Task What_a_limit_left_out_follows_with_the_same_numbers()
    {
        var log = SmallLogs.Csv(SmallLogs.Incidents(30));
        await using var straight = await ImportDesk.Start();
        await using var bit_by_bit = await ImportDesk.Start();
        await straight.Import(log, Csv);
        var first = await bit_by_bit.Import(log, Csv, limit: 7);
        (first.Cases.Imported, first.Cases.Beyond).ShouldBe((7, 23));
        first.Rows.Read.ShouldBe(first.Rows.Imported + first.Rows.Beyond);
        await bit_by_bit.Import(log, Csv);
        (await bit_by_bit.Fingerprint()).ShouldBe(await straight.Fingerprint());
    }

    [Fact]
    public async Task A_longer_log_adds_its_new_rows_and_ends_as_if_it_had_been_read_at_once()
    {
        var incidents = SmallLogs.Incidents(30);
        var firstHalf = incidents.GroupBy(i => i.Case).SelectMany(g => g.Take((g.Count() + 1) / 2)).ToList();
        await using var desk = await ImportDesk.Start();
        await using var straight = await ImportDesk.Start();
        await desk.ImportCsv(firstHalf);
        await straight.ImportCsv(incidents);
        var longer = await desk.ImportCsv(incidents);
        (longer.Cases.Imported, longer.Cases.NotApplied, longer.Rows.Imported).ShouldBe((0, 0, incidents.Count - firstHalf.Count));
        longer.Cases.Extended.ShouldBe(incidents.GroupBy(i => i.Case).Count(g => g.Count() > 1));
        const string Digests = "select md5(string_agg(stream_id::text || version || (headers ->> 'digest'), ',' order by stream_id, version)) from mt_events";
        (await desk.Scalar<string>(Digests)).ShouldBe(await straight.Scalar<string>(Digests));
        const string States = "select md5(string_agg(id::text || version || state, ',' order by id)) from ticket";
        (await desk.Scalar<string>(States)).ShouldBe(await straight.Scalar<string>(States));
    }

    [Fact]
    public async Task A_case_whose_old_rows_changed_is_reported_and_not_touched()
    {
        var incidents = SmallLogs.Incidents(10);
        await using var desk = await ImportDesk.Start();
        await desk.ImportCsv(incidents);
        var before = await desk.Fingerprint();
        var victim = incidents[0].Case;
        var report = await desk.ImportCsv([incidents[0] with { Impact = incidents[0].Impact == "Low" ? "Major" : "Low" }, .. incidents.Skip(1)]);
        report.NotApplied.ShouldBe([victim]);
        (report.EventsWritten, report.Cases.AlreadyThere).ShouldBe((0, 9));
        report.Rows.NotApplied.ShouldBe(incidents.Count(i => i.Case == victim));
        (await desk.Fingerprint()).ShouldBe(before);
    }

    [Fact]
    public async Task New_rows_of_a_ticket_that_was_worked_on_here_since_are_reported_and_not_added()
    {
        var incidents = SmallLogs.Incidents(10).GroupBy(i => i.Case).First(g => g.Count() > 3).ToList();
        await using var desk = await ImportDesk.Start();
        await desk.ImportCsv(incidents.Take(2));
        var ticket = await desk.TicketOf(incidents[0].Case);
        (await desk.Test.Do(ticket, new AddNote(Guid.CreateVersion7(), "Looked at it."), operation: Operation.AddNote)).ShouldBeOfType<Outcome.Done>();
        var report = await desk.ImportCsv(incidents);
        report.NotApplied.ShouldBe([incidents[0].Case]);
        report.EventsWritten.ShouldBe(0);
    }

    [Fact]
    public async Task Numbers_follow_those_already_given_and_live_tickets_follow_the_imported_ones()
    {
        await using var desk = await ImportDesk.Start();
        await desk.Test.Open();
        await desk.ImportCsv(SmallLogs.Incidents(20));
        for (var i = 0; i < 40; i++) await desk.Test.Open();
        (await desk.Scalar<long>("select count(distinct number) from ticket")).ShouldBe(61);
        (await desk.Scalar<long>("select max(number) - min(number) from import_case")).ShouldBe(19);
        (await desk.Scalar<bool>("""
            select bool_and(earlier <= opened)
            from (select opened, lag(opened) over (order by number) earlier
                  from (select number, (state::jsonb ->> 'openedAt')::timestamptz opened from ticket join import_case using (number)) t) pairs
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_state_of_every_ticket_and_the_queue_counts_are_what_a_replay_gives()
    {
        await using var desk = await ImportDesk.Start();
        await desk.ImportCsv(SmallLogs.Incidents(30));
        await using var ids = desk.Test.Store.DataSource.CreateCommand("select id from ticket");
        List<Guid> tickets = [];
        await using (var rows = await ids.ExecuteReaderAsync())
            while (await rows.ReadAsync()) tickets.Add(rows.GetGuid(0));
        var open = 0;
        foreach (var ticket in tickets)
        {
            var stored = await desk.Test.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default);
            var replayed = await desk.Test.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default);
            JsonSerializer.Serialize(replayed!.Value.Entry.Ticket).ShouldBe(JsonSerializer.Serialize(stored!.Ticket));
            if (stored.Ticket.Status == Status.Open) open++;
        }
        (await desk.Scalar<decimal>("select sum(n) from queue_count")).ShouldBe(open);
    }

    [Fact]
    public async Task One_import_of_a_source_runs_at_a_time_and_the_lock_ends_with_it()
    {
        await using var desk = await ImportDesk.Start();
        await using (await new ImportLedger(desk.Test.Store.DataSource, Csv.File.Source).Hold(TimeSpan.FromSeconds(1), default))
            (await Should.ThrowAsync<ImportException>(() => desk.ImportCsv(SmallLogs.Incidents(1)))).Message.ShouldContain("is running");
        (await desk.ImportCsv(SmallLogs.Incidents(1))).Cases.Imported.ShouldBe(1);
        (await desk.ImportCsv(SmallLogs.Incidents(2))).Cases.Read.ShouldBe(2);
    }

    [Fact]
    public async Task An_unfinished_run_goes_on_with_its_own_recorded_time_only()
    {
        var log = SmallLogs.Csv(SmallLogs.Incidents(20));
        await using var desk = await ImportDesk.Start();
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => desk.Import(log, Csv, progress: new Steps(p => { if (p.Cases > 0) stop.Cancel(); }), ct: stop.Token));
        (await Should.ThrowAsync<ImportException>(() => desk.Import(log, Csv, ImportDesk.Recorded.AddDays(1)))).Message.ShouldContain("2026-01-01");
        (await desk.Import(log, Csv)).Recorded.ShouldBe(ImportDesk.Recorded);
    }

    [Theory]
    [InlineData("SR Number\n1\n", "The mapping speaks of \"Status\"")]
    [InlineData("", "The file is empty.")]
    [InlineData("SR Number,Change Date+Time,Status,Sub Status,Involved ST,SR Latest Impact,Product,Country,Owner First Name\n1,2012-01-01T00:00:00Z,Queued,A,G,Low,P,se,Ann\n1,now,Queued,A,G,Low,P,se,Ann\n", "Line 3: the time \"now\"")]
    public async Task Of_a_bad_file_nothing_is_stored(string log, string told)
    {
        await using var desk = await ImportDesk.Start();
        (await Should.ThrowAsync<SourceException>(() => desk.Import(System.Text.Encoding.UTF8.GetBytes(log), Csv))).Message.ShouldStartWith(told);
        (await desk.EventCount() + await desk.Scalar<long>("select count(*) from import_run") + await desk.Scalar<long>("select count(*) from import_case")).ShouldBe(0);
    }

    [Fact]
    public async Task Packed_files_are_known_by_their_bytes_and_cut_ones_are_refused()
    {
        await using var desk = await ImportDesk.Start();
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(SmallLogs.Csv(SmallLogs.Incidents(20)));
        await Should.ThrowAsync<SourceException>(() => desk.Import(packed.ToArray()[..^30], Csv));
        (await desk.EventCount()).ShouldBe(0);
        (await desk.Import(packed.ToArray(), Csv)).Cases.Imported.ShouldBe(20);
    }

    [Fact]
    public async Task The_report_balances_names_what_it_did_not_know_and_is_kept()
    {
        var rows = Telling.Parse(Telling.Desk);
        await using var desk = await ImportDesk.Start();
        var report = await desk.Import("case,at,status,owner,team,prio,count\n7,2020-01-01T10:00Z,open,ann,A,P9,\n7,2020-01-01T11:00Z,lost,ann,A,P3,\n8,2020-01-02T11:00Z,test,,,,\n"u8.ToArray(), rows);
        report.Rows.Read.ShouldBe(3);
        report.Rows.Imported.ShouldBe(2);
        report.Rows.Skipped.ShouldBe(new Dictionary<string, long> { ["a test"] = 1 });
        report.UnknownStates.ShouldBe(new Dictionary<string, long> { ["lost"] = 1 });
        report.UnknownValues["severity"].ShouldBe(new Dictionary<string, long> { ["P9"] = 1 });
        (report.First, report.Last).ShouldBe((new DateTimeOffset(2020, 1, 1, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2020, 1, 1, 11, 0, 0, TimeSpan.Zero)));
        report.EventsByType.Values.Sum().ShouldBe(await desk.EventCount());
        var kept = JsonDocument.Parse(await desk.Scalar<string>("select report::text from import_run where finished is not null")).RootElement;
        kept.GetProperty("eventsWritten").GetInt64().ShouldBe(report.EventsWritten);
        report.ToText().ShouldContain("1 rows of state \"lost\", kept as activities");
    }

    [Fact]
    public async Task Commands_beside_an_import_succeed_and_both_histories_are_whole()
    {
        await using var desk = await ImportDesk.Start();
        var incidents = SmallLogs.Incidents(150);
        var import = desk.ImportCsv(incidents);
        var opened = 0;
        do
        {
            var ticket = await desk.Test.Open();
            (await desk.Test.Do(ticket, new AddNote(Guid.CreateVersion7(), "Beside."), operation: Operation.AddNote)).ShouldBeOfType<Outcome.Done>();
            opened++;
        }
        while (!import.IsCompleted);
        (await import).Cases.Imported.ShouldBe(150);
        (await desk.Scalar<long>("select count(*) from ticket")).ShouldBe(150 + opened);
        (await Verify.Database(desk.Test.Store.DataSource, null, default)).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task Names_addresses_and_texts_are_sealed_and_the_person_is_the_one_who_writes_from_the_address()
    {
        await using var desk = await ImportDesk.Start();
        var log = "case,at,status,owner,team,prio,count\n7,2020-01-01T10:00Z,open,ann,canary name,P1,\n7,2020-01-01T11:00Z,seen,ann,canary name,P1,\n"u8.ToArray();
        await desk.Import(log, Telling.Parse(SealedDesk));
        var ticket = await desk.TicketOf("7");
        var (entry, events) = (await desk.Test.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
        entry.Ticket.Requester.ShouldBe(desk.Test.Desk.CustomerOf("bob@example.org"));
        (await desk.Test.Desk.SubjectOf(entry, default)).ShouldBe("canary open");
        events.Select(e => e.Event).OfType<CustomerMessageReceived>().Single().Body.Text.ShouldBe("canary text");
        events.Select(e => e.Event).OfType<TicketOpened>().Single().Requester.Name!.Text.ShouldBe("canary name");
        foreach (var table in new[] { "mt_events", "mt_streams", "ticket", "import_case", "import_run", "stream_key" })
            (await desk.Scalar<long>($"select count(*) from {table} t where t::text like '%canary%'")).ShouldBe(0);
        var again = await desk.Import(log, Telling.Parse(SealedDesk));
        again.Cases.AlreadyThere.ShouldBe(1);
    }

    static readonly string SealedDesk = Telling.Desk
        .Replace("\"team\": \"team\",", "", StringComparison.Ordinal)
        .Replace(
            "\"product\":",
            "\"requesterName\": \"team\", \"requesterEmail\": { \"value\": \"Bob@Example.org\" }, \"subject\": { \"template\": \"canary {status}\" }, \"body\": { \"value\": \"canary body\" }, \"product\":",
            StringComparison.Ordinal)
        .Replace("\"emit\": \"nothing\"", "\"emit\": \"customerMessage\", \"text\": { \"value\": \"canary text\" }", StringComparison.Ordinal);

    sealed class Steps(Action<ImportProgress> step) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => step(value);
    }
}
