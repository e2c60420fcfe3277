using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

/// <summary>An export is proved without the database it came from, and tells who tampered with it.</summary>
public sealed class LedgerExportTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>, IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-export-");

    async Task<(string Path, SignedCheckpoint Older, Guid[] Streams)> Export()
    {
        var streams = await database.Fill(20, 15);
        var older = await database.Grow();
        var end = ChainEnd.Start(Guid.CreateVersion7(), "incident");
        await database.Append(ChainEnd.Start(Guid.CreateVersion7(), "ticket"), [.. Enumerable.Repeat("{}"u8.ToArray(), 9)], 16);
        await database.Grow();
        await database.Append(ChainEnd.Start(Guid.CreateVersion7(), "ticket"), ["{}"u8.ToArray()], 17); // not in the tree yet
        var path = Path.Combine(folder.FullName, $"{end.Stream:N}.ndjson");
        await using var file = File.Create(path);
        (await LedgerExport.Write(database.Source, database.Trust().Keys, file, default)).ShouldBe(309);
        return (path, older, streams);
    }

    Task<VerifyReport> Verify(string path, params KeptCheckpoint[] kept) => LedgerExport.Verify(path, database.Trust(kept), null, default);

    [Fact]
    public async Task T2_an_export_is_proved_offline_and_against_an_older_checkpoint_and_holds_no_text()
    {
        var (path, older, _) = await Export();
        var report = await Verify(path, new KeptCheckpoint(older, "an older checkpoint"));
        report.Intact.ShouldBeTrue(report.ToString());
        (report.Events, report.Ledger!.Size, report.Ledger.Checkpoints, report.Ledger.KeysFromExport).ShouldBe((309, 309, 3, false));
        var own = await LedgerExport.Verify(path, LedgerTrust.None, null, default);
        own.Intact.ShouldBeTrue(own.ToString());
        own.ToString().ShouldContain("the keys are those the export itself brought");
        var text = await File.ReadAllTextAsync(path);
        text.ShouldContain("\"sealed\":null");
        text.ShouldNotContain("\"sealed\":\"");
    }

    /// <summary>Which line is changed (the last that holds this), what in it (what stands behind this), into what.</summary>
    public static TheoryData<string, string, string, string> Tampering => new()
    {
        { "\"user\":\"ann\"", "\"user\":\"", "b", "changed: it does not fit its digest" },
        { "\"leaf\":", "\"leaf\":{\"digest\":\"", "!", "changed: it does not fit its digest" },
        { "\"leaf\":", "\"leaf\":{\"", "D", "is no event" },
        { "\"leaf\":", "\"recorded\":\"2026-08-01T0", "9", "changed: it does not fit its digest" },
        { "\"n\":0,\"seqs\"", "{\"hashes\":\"", "AAAAAA", "tile 0/000 was altered" },
        { "{\"checkpoint\"", "\\n309\\n", "AAAAAA", "the checkpoint of 309 leaves was altered" },
    };

    [Theory, MemberData(nameof(Tampering))]
    public async Task T2_what_is_changed_in_an_export_is_named(string line, string behind, string into, string named)
    {
        var (path, older, _) = await Export();
        var lines = await File.ReadAllLinesAsync(path);
        var at = Array.FindLastIndex(lines, l => l.Contains(line, StringComparison.Ordinal));
        var place = lines[at].IndexOf(behind, StringComparison.Ordinal) + behind.Length;
        lines[at] = lines[at][..place] + into + lines[at][(place + into.Length)..];
        await File.WriteAllLinesAsync(path, lines);
        var report = await Verify(path, new KeptCheckpoint(older, "an older checkpoint"));
        report.Intact.ShouldBeFalse();
        report.ToString().ShouldContain(named, Case.Sensitive);
    }

    [Fact]
    public async Task T2_events_removed_from_an_export_are_named_also_where_a_whole_stream_is_gone()
    {
        var (path, _, streams) = await Export();
        var lines = await File.ReadAllLinesAsync(path);
        var gone = lines.Where(l => l.StartsWith("{\"envelope\"", StringComparison.Ordinal) && l.Contains(streams[3].ToString(), StringComparison.Ordinal)).ToList();
        gone.Count.ShouldBe(15);
        await File.WriteAllLinesAsync(path, lines.Except(gone));
        var report = await Verify(path);
        report.Ledger!.FaultCount.ShouldBe(15, report.ToString());
        report.Ledger.Faults.ShouldAllBe(f => f.Kind == LedgerFaultKind.EventRemoved);
    }

    [Fact]
    public async Task T2_an_export_of_a_shorter_history_does_not_continue_a_kept_checkpoint()
    {
        await database.Fill(5, 10);
        await database.Grow();
        var short_ = Path.Combine(folder.FullName, "short.ndjson");
        await using (var file = File.Create(short_))
            await LedgerExport.Write(database.Source, [], file, default);
        await database.Append(ChainEnd.Start(Guid.CreateVersion7(), "ticket"), ["{}"u8.ToArray()], 11);
        var later = await database.Grow();
        var report = await Verify(short_, new KeptCheckpoint(later, "the auditor's checkpoint"));
        report.ToString().ShouldContain("the auditor's checkpoint was signed for 51 leaves, 50 are there: the end was cut off");
    }

    [Fact]
    public async Task T2_what_is_no_export_is_said_to_be_none()
    {
        var path = Path.Combine(folder.FullName, "other");
        foreach (var text in (string[])["{}", "x", "{\"a\":1}\n"])
        {
            await File.WriteAllTextAsync(path, text);
            await Should.ThrowAsync<IOException>(() => Verify(path));
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
