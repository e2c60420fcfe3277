using System.Globalization;
using EventDesk.Service.Importing;
using EventDesk.Store.Ledger;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Importing;

/// <summary>The public logs give the figures that were published of them, case by case; only where they stand beside the checkout.</summary>
public sealed class RealLogTests(ITestOutputHelper output)
{
    /// <summary>Source rows, each told by its first event and what the row's events did.</summary>
    const string RowsSql = """
        select c.case_id, e.version, e.type, (e.headers ->> 'occurred')::timestamptz at time zone 'UTC', e.headers ->> 'state', e.headers ->> 'activity', e.headers ? 'row', e.headers ->> 'actor', e.data::text
        from mt_events e join import_case c on c.stream_id = e.stream_id
        order by c.case_id, e.version
        """;

    sealed record Stored(string Case, string Type, DateTime At, string? State, string? Activity, bool Row, string Actor, string Data);

    async Task<(List<IGrouping<string, Stored>> Cases, string Fingerprint, ImportReport Report)> Import(string file, string mapping)
    {
        Assert.SkipUnless(RealLogs.AreThere, RealLogs.Missing);
        await using var desk = await ImportDesk.Start();
        var report = await desk.Importer(1500).Run(new ImportRequest(RealLogs.File(file), ImportFiles.Mapping(mapping), ImportDesk.Recorded), null, default);
        output.WriteLine(report.ToText());
        report.UnknownStates.ShouldBeEmpty();
        report.UnknownValues.ShouldBeEmpty();
        (await Verify.Database(desk.Test.Store.DataSource, null, default)).Intact.ShouldBeTrue();
        return (await Read(desk), await desk.Fingerprint(), report);
    }

    static async Task<List<IGrouping<string, Stored>>> Read(ImportDesk desk)
    {
        await using var command = desk.Test.Store.DataSource.CreateCommand(RowsSql);
        await using var rows = await command.ExecuteReaderAsync();
        List<Stored> stored = [];
        while (await rows.ReadAsync())
            stored.Add(new(
                rows.GetString(0), rows.GetString(2), rows.GetDateTime(3), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5),
                rows.GetBoolean(6), rows.GetString(7), rows.GetString(8)));
        return [.. stored.GroupBy(s => s.Case)];
    }

    [Fact]
    public async Task The_incident_log_gives_its_truth_case_by_case_from_either_rendering()
    {
        var (cases, fingerprint, report) = await Import("bpi2013_incidents/VINST-new.csv.gz", "vinst-incidents-csv");
        var (_, fromXes, _) = await Import("bpi2013_incidents/bpi_challenge_2013_incidents.xes.gz", "vinst-incidents-xes");
        fromXes.ShouldBe(fingerprint);
        (report.Rows.Read, report.Rows.Imported, report.Cases.Imported).ShouldBe((65_533, 65_533, 7_554));
        var truth = RealLogs.Truth("bpi2013_incidents");
        cases.Count.ShouldBe(truth.Count);
        foreach (var c in cases)
        {
            var expected = truth[c.Key];
            var rows = c.Where(e => e.Row).ToList();
            var opened = c.First().Data;
            var lines = Lines(c);
            new Dictionary<string, string>
            {
                ["case"] = c.Key,
                ["events"] = $"{rows.Count}",
                ["first_utc"] = Utc(rows[0].At),
                ["last_utc"] = Utc(rows[^1].At),
                ["first_line"] = $"{lines[0]}",
                ["highest_line"] = $"{lines.Max()}",
                ["last_line"] = $"{lines[^1]}",
                ["team_handovers"] = $"{Count(c, "ticket_transferred") + Count(c, "ticket_escalated") + Count(c, "ticket_de_escalated")}",
                ["line_ups"] = $"{Count(c, "ticket_escalated")}",
                ["line_downs"] = $"{Count(c, "ticket_de_escalated")}",
                ["reopens"] = $"{Count(c, "ticket_reopened")}",
                ["impact"] = opened.Contains("\"severity\": \"critical\"") ? "Major" : opened.Contains("\"severity\": \"high\"") ? "High" : opened.Contains("\"severity\": \"standard\"") ? "Medium" : "Low",
                ["aba_pingpongs"] = $"{PingPongs(c)}",
                ["last_status"] = rows[^1].State!,
                ["last_substatus"] = rows[^1].Activity!.Split('/')[1],
            }.ShouldAllBe(f => expected[f.Key] == f.Value, $"case {c.Key}");
        }
        cases.Sum(c => Count(c, "waiting_started")).ShouldBe(3_883);
        cases.Sum(c => Count(c, "ticket_reopened")).ShouldBe(580);
        cases.SelectMany(c => c).Count(e => e.Row && e.Activity == "Accepted/Wait - User").ShouldBe(4_217);
    }

    [Fact]
    public async Task The_help_desk_log_gives_its_truth_case_by_case()
    {
        var (cases, _, report) = await Import("helpdesk/helpdesk_utc.xes.gz", "helpdesk");
        (report.Rows.Imported, report.Cases.Imported).ShouldBe((21_348, 4_580));
        var truth = RealLogs.Truth("helpdesk");
        foreach (var c in cases)
        {
            var expected = truth[c.Key];
            var rows = c.Where(e => e.Row).ToList();
            new Dictionary<string, string>
            {
                ["events"] = $"{rows.Count}",
                ["first_utc"] = Utc(rows[0].At),
                ["last_utc"] = Utc(rows[^1].At),
                ["first_activity"] = rows[0].State!,
                ["last_activity"] = rows[^1].State!,
                ["reopens"] = $"{Count(c, "ticket_reopened")}",
                ["resource_handovers"] = $"{rows.Zip(rows.Skip(1)).Count(p => p.First.Actor != p.Second.Actor)}",
                ["waits"] = $"{rows.Count(r => r.State == "Wait")}",
            }.ShouldAllBe(f => expected[f.Key] == f.Value, $"case {c.Key}");
        }
        cases.Sum(c => Count(c, "ticket_reopened")).ShouldBe(164);
    }

    [Fact]
    public async Task Both_renderings_of_the_help_desk_log_give_identical_streams()
    {
        var (_, utc, _) = await Import("helpdesk/helpdesk_utc.xes.gz", "helpdesk-plain");
        var (_, local, _) = await Import("helpdesk/Helpdesk_disco_local.xes.gz", "helpdesk-plain");
        local.ShouldBe(utc);
    }

    [Fact]
    public async Task The_ServiceNow_sample_gives_its_truth_case_by_case()
    {
        var (cases, _, report) = await Import("uci_sample/incident_event_log_first200.csv.gz", "servicenow");
        (report.Rows.Imported, report.Cases.Imported).ShouldBe((1_285, 200));
        var truth = RealLogs.Truth("uci_sample");
        foreach (var c in cases)
        {
            var expected = truth[c.Key];
            var rows = c.Where(e => e.Row).ToList();
            new Dictionary<string, string>
            {
                ["events"] = $"{rows.Count}",
                ["opened"] = Utc(c.First().At),
                ["resolved"] = expected["resolved"].Length == 0 ? "" : Utc(rows.Last(r => r.State == "Resolved").At),
                ["closed"] = Utc(rows.Last(r => r.State == "Closed").At),
                ["reassignment_count"] = $"{Count(c, "ticket_transferred")}",
                ["reopen_count"] = $"{Count(c, "ticket_reopened")}",
                ["first_state"] = rows[0].State!,
                ["priority_changes"] = $"{Count(c, "severity_changed")}",
            }.ShouldAllBe(f => expected[f.Key] == f.Value, $"case {c.Key}");
        }
    }

    static int Count(IEnumerable<Stored> events, string type) => events.Count(e => e.Type == type);

    static string Utc(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The lines a ticket was on, in order.</summary>
    static List<int> Lines(IEnumerable<Stored> events) =>
        [.. from e in events where e.Type is "ticket_opened" or "ticket_escalated" or "ticket_de_escalated" select Line(e)];

    static int Line(Stored e) =>
        System.Text.Json.JsonDocument.Parse(e.Data).RootElement.GetProperty(e.Type == "ticket_opened" ? "line" : "to").GetString()![1] - '0';

    /// <summary>A-B-A on the teams, as often as it happens.</summary>
    static int PingPongs(IEnumerable<Stored> events)
    {
        List<string?> teams =
        [
            .. from e in events
               where e.Type is "ticket_opened" or "ticket_escalated" or "ticket_de_escalated" or "ticket_transferred"
               select System.Text.Json.JsonDocument.Parse(e.Data).RootElement.GetProperty("team").GetString(),
        ];
        return Enumerable.Range(0, Math.Max(0, teams.Count - 2)).Count(i => teams[i] == teams[i + 2]);
    }
}
