using System.Net;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Importing;
using EventDesk.Service.Views;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>
/// The public logs, imported, followed and asked for over HTTP, give the figures that were published of them or computed from them by others;
/// only where they stand beside the checkout.
/// </summary>
public sealed class TruthTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly JsonElement Truth = RealLogs.AreThere ? JsonDocument.Parse(File.ReadAllText(RealLogs.File("ground_truth_dev.json"))).RootElement : default;

    [Fact]
    public async Task F7_E3_E4_E5_the_incident_log_gives_its_published_figures()
    {
        var ask = await Imported("bpi2013_incidents/VINST-new.csv.gz", "vinst-incidents-csv");
        var truth = Truth.GetProperty("bpi2013_incidents");
        const string of = "cohort=openedIn&source=vinst-incidents";

        var firstLine = await ask($"first-line?{of}&window=ever");
        foreach (var line in new[] { "1", "2", "3" })
            foreach (var (ours, theirs) in new[] { ("highest", "highest_line"), ("first", "first_line"), ("last", "last_line") })
                Number(firstLine, ours, $"l{line}").ShouldBe(Number(truth, theirs, line), $"{ours} {line}");
        (Number(firstLine, "tickets"), Number(firstLine, "resolved"), Number(firstLine, "firstLine")).ShouldBe((7554, 7546, 4264));
        Percent(Number(firstLine, "shareOfTickets")).ShouldBe(56.45);
        foreach (var (line, share) in new[] { ("l1", 60.18), ("l2", 32.62), ("l3", 7.20) })
            Percent(Number(firstLine, "highest", line) / Number(firstLine, "tickets")).ShouldBe(share, line);

        var moves = await ask($"escalations?{of}");
        (Number(moves, "handovers"), Number(moves, "ups"), Number(moves, "downs"), Number(moves, "sameLine")).ShouldBe(
            (Number(truth, "team_handovers"), Number(truth, "line_ups"), Number(truth, "line_downs"), 4454));
        (Number(moves, "teamReturnCases"), Number(moves, "teamReturns")).ShouldBe((Number(truth, "aba_cases"), Number(truth, "aba_occurrences")));

        var reopens = await ask($"reopens?{of}");
        (Number(reopens, "reopened"), Number(reopens, "transitions")).ShouldBe((Number(truth, "reopened_cases"), Number(truth, "reopen_transitions")));

        var times = await ask($"response-times?{of}&unit=days");
        Number(times, "lifetime", "mean").ShouldBe(Number(truth, "mean_first_to_last_days"), 1e-12);
        Number(times, "lifetime", "median").ShouldBe(Number(truth, "median_first_to_last_days"), 1e-12);
        Number(times, "firstResolution", "n").ShouldBe(Number(truth, "ends_completed"));
        Math.Round(Number(times, "firstResolution", "mean"), 4).ShouldBe(7.3518);
        Math.Round(Number(times, "firstResolution", "median"), 4).ShouldBe(0.2511);

        await LongerThan240Hours(ask, of, truth);
        await CalendarHours(ask, of, truth);

        var severities = (await Rows($"volume?{of}&groupBy=severity")).ToDictionary(r => r.Group, r => r.Tickets);
        severities.ShouldBe(new Dictionary<string, double> { ["critical"] = 3, ["high"] = 261, ["standard"] = 4045, ["defect"] = 3245 }, ignoreOrder: true);
        var waits = (await ask($"waiting?{of}")).GetProperty("customer");
        (Number(waits, "entries"), Number(waits, "tickets")).ShouldBe((3883, 2495));
        (await Rows($"activities?{of}", "rows")).Where(r => r.Group.EndsWith("/Wait - User", StringComparison.Ordinal)).Sum(r => r.Tickets).ShouldBe(4217);

        await SnapshotsEqual(truth.GetProperty("queue_snapshots_status_line"), "state,line", "incidents", key => key.Replace("|L", "|l", StringComparison.Ordinal));
    }

    /// <summary>Major 4 h, High 8 h, Medium 24 h, Low 72 h to the first completion, with the clock running on and stopped in Wait - User.</summary>
    static async Task CalendarHours(Func<string, Task<JsonElement>> ask, string of, JsonElement truth)
    {
        foreach (var (impact, severity) in new[] { ("Major", "critical"), ("High", "high"), ("Medium", "standard"), ("Low", "defect") })
        {
            var met = await ask($"response-times?{of}&severity={severity}&target={Number(truth, "sla_calendar_hours_targets", impact)}h");
            Number(met, "firstResolution", "n").ShouldBe(Number(truth, "sla_population", impact));
            Longer(met, "firstResolution").ShouldBe(Number(truth, "sla_breached_first_event_to_first_completed", impact), impact);
            Longer(met, "firstResolutionLessCustomer").ShouldBe(Number(truth, "sla_breached_same_minus_wait_user", impact), impact);
        }
    }

    /// <summary>31.0 % of the complete cases, as published.</summary>
    static async Task LongerThan240Hours(Func<string, Task<JsonElement>> ask, string of, JsonElement truth)
    {
        var times = await ask($"response-times?{of}&target=240h");
        Longer(times, "firstResolution").ShouldBe(Number(truth, "over_240h_first_to_first_completed"));
        Longer(times, "firstResolutionLessCustomer").ShouldBe(Number(truth, "over_240h_minus_wait_user"));
        var complete = await ask($"response-times?{of}&target=240h&state=Completed");
        (Number(complete, "lifetime", "n"), Longer(complete, "lifetime")).ShouldBe((Number(truth, "ends_completed"), Number(truth, "over_240h_first_to_last_completed_cases")));
        Math.Round(100 * (1 - Number(complete, "lifetime", "shareWithin")), 1).ShouldBe(31.0);
    }

    [Fact]
    public async Task F7_E4_E5_the_help_desk_log_gives_its_figures()
    {
        var ask = await Imported("helpdesk/helpdesk_utc.xes.gz", "helpdesk");
        var truth = Truth.GetProperty("helpdesk");
        var times = await ask("response-times?cohort=openedIn&source=helpdesk&unit=days");
        Number(times, "lifetime", "n").ShouldBe(Number(truth, "cases"));
        Number(times, "lifetime", "mean").ShouldBe(Number(truth, "mean_first_to_last_days"), 1e-12);
        Number(times, "lifetime", "median").ShouldBe(Number(truth, "median_first_to_last_days"), 1e-12);
        (Number(times, "firstResolution", "n"), Math.Round(Number(times, "firstResolution", "mean"), 4), Math.Round(Number(times, "firstResolution", "median"), 4))
            .ShouldBe((4569, 11.1225, 5.9831));
        var reopens = await ask("reopens?cohort=openedIn&source=helpdesk");
        (Number(reopens, "reopened"), Number(reopens, "transitions")).ShouldBe((Number(truth, "reopened_cases"), Number(truth, "reopen_transitions")));
        Number(await ask("escalations?cohort=openedIn&source=helpdesk"), "changesOfPerson").ShouldBe(Number(truth, "resource_handovers"));
        Number(await ask("volume?cohort=openedIn&source=helpdesk"), "sourceRows").ShouldBe(Number(truth, "events"));
        Number(await ask("activities?cohort=openedIn&source=helpdesk"), "variants").ShouldBe(Number(truth, "variants"));
        (await Rows("activities?cohort=openedIn&source=helpdesk")).Count.ShouldBe(14);
        await SnapshotsEqual(truth.GetProperty("queue_snapshots_last_activity"), "activity", "helpdesk", key => key);
    }

    [Fact]
    public async Task F7_E5_the_ServiceNow_sample_gives_its_figures()
    {
        var ask = await Imported("uci_sample/incident_event_log_first200.csv.gz", "servicenow");
        var truth = Truth.GetProperty("uci_sample_first200");
        var reopens = await ask("reopens?cohort=openedIn&source=servicenow");
        (Number(reopens, "reopened"), Number(reopens, "transitions")).ShouldBe((Number(truth, "reopened_cases"), Number(truth, "reopen_transitions")));
        var volume = await ask("volume?cohort=openedIn&source=servicenow");
        (Number(volume, "tickets"), Number(volume, "sourceRows"), Number(volume, "severityChanges"))
            .ShouldBe((Number(truth, "cases"), Number(truth, "events"), Number(truth, "priority_change_events")));
        var moves = await ask("escalations?cohort=openedIn&source=servicenow");
        // One of the reassignments gave a team to a ticket that had none, which is no move between teams.
        (Number(moves, "sameLineTickets"), Number(moves, "sameLine")).ShouldBe((Number(truth, "reassigned_cases"), Number(truth, "reassignments_total") - 1));
        const string byFirstState = "volume?cohort=openedIn&source=servicenow&groupBy=firstState";
        (await Rows(byFirstState)).ToDictionary(r => r.Group, r => r.Tickets).ShouldBe(
            truth.GetProperty("first_state").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble()), ignoreOrder: true);
        // Who was born resolved has no time of resolution in the log.
        (await Rows(byFirstState, "everResolved")).Where(r => r.Group != "Resolved").Sum(r => r.Tickets).ShouldBe(Number(truth, "resolved_cases"));
        var closed = (await Rows("activities?cohort=openedIn&source=servicenow")).Where(r => r.Group.StartsWith("Closed", StringComparison.Ordinal));
        closed.ToDictionary(r => r.Group, r => r.Tickets).ShouldBe(
            new Dictionary<string, double> { ["Closed"] = Number(truth, "made_sla_true"), ["Closed, SLA missed"] = Number(truth, "made_sla_false") }, ignoreOrder: true);
        var last = truth.GetProperty("priority_last");
        (await Rows("volume?cohort=openedIn&source=servicenow&groupBy=severity")).ToDictionary(r => r.Group, r => r.Tickets).ShouldBe(
            new Dictionary<string, double>
            {
                ["critical"] = Number(last, "1 - Critical"), ["high"] = Number(last, "2 - High"),
                ["standard"] = Number(last, "3 - Moderate"), ["defect"] = Number(last, "4 - Low"),
            }, ignoreOrder: true);
    }

    /// <summary>Imports as the command line does, waits for the followers, and gives what asks a report for its total.</summary>
    async Task<Func<string, Task<JsonElement>>> Imported(string log, string mapping)
    {
        Assert.SkipUnless(RealLogs.AreThere, RealLogs.Missing);
        var report = await server.Services.GetRequiredService<Importer>()
            .Run(new ImportRequest(RealLogs.File(log), Mapping.Parse(File.ReadAllBytes(Checkout.Mapping(mapping))), null), null, default);
        report.Rows.Imported.ShouldBe(report.Rows.Read);
        foreach (var view in ViewCatalog.Followed)
            await Eventually.Be(
                async () => await server.Scalar($"select count(*) from mt_event_progression where name = '{view.ProgressionName}' and last_seq_id >= (select max(seq_id) from mt_events)") == 1,
                $"{view.Name} has followed the import", TimeSpan.FromMinutes(2));
        return async path => (await Report(path)).GetProperty("total");
    }

    async Task<JsonElement> Report(string path) =>
        (await (await server.As(Role.Analyst)).Get($"/api/reports/{path}")).ShouldBe(HttpStatusCode.OK).Json;

    /// <summary>A report's rows: what they are grouped by, joined by |, and one figure.</summary>
    async Task<List<(string Group, double Tickets)>> Rows(string path, string figure = "tickets") =>
        [.. (await Report(path)).GetProperty("rows").EnumerateArray().Select(r =>
            (string.Join('|', r.GetProperty("group").EnumerateObject().Select(g => g.Value.GetString())), Number(r.GetProperty("figures"), figure)))];

    async Task SnapshotsEqual(JsonElement snapshots, string groupBy, string product, Func<string, string> key)
    {
        foreach (var snapshot in snapshots.EnumerateObject())
            (await Rows($"backlog?asOf={snapshot.Name}&include=all&product={product}&groupBy={groupBy}")).ToDictionary(r => r.Group, r => r.Tickets).ShouldBe(
                snapshot.Value.EnumerateObject().ToDictionary(c => key(c.Name), c => c.Value.GetDouble()), ignoreOrder: true, snapshot.Name);
    }

    /// <summary>How many took longer than the target.</summary>
    static double Longer(JsonElement of, string time) => Number(of, time, "n") - Number(of, time, "within");

    static double Percent(double share) => Math.Round(100 * share, 2);

    static double Number(JsonElement of, params string[] path) => path.Aggregate(of, (e, name) => e.GetProperty(name)).GetDouble();
}
