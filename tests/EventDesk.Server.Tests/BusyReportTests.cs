using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>A server that makes one report of a moment at a time and keeps nobody waiting.</summary>
public sealed class NarrowServer : RunningServer
{
    protected override void Register(IServiceCollection services) =>
        services.AddSingleton(s => new ReportSource(s.GetRequiredService<EventStore>(), atOnce: 1, patience: TimeSpan.Zero));
}

public sealed class BusyReportTests(NarrowServer server) : IClassFixture<NarrowServer>
{
    const string Then = "knownUntil=2026-03-02T09:30:00Z";

    [Fact]
    public async Task E7_who_finds_no_place_for_a_report_of_a_moment_is_told_when_to_come_again()
    {
        var analyst = await server.As(Role.Analyst);
        string[] reports = [.. (await OfMoments()).Select(o => o.Path)];
        reports.Length.ShouldBe(20);
        using (await server.Services.GetRequiredService<ReportSource>().Take(default))
        {
            foreach (var report in reports)
            {
                var busy = (await analyst.Get($"{report}?{Then}")).ShouldBe(HttpStatusCode.ServiceUnavailable);
                (busy.Code, busy.Headers["Retry-After"], busy.Headers["Content-Type"]).ShouldBe(("reports_busy", "5", "application/problem+json"), report);
                (await analyst.Get(report)).ShouldBe(HttpStatusCode.OK);
            }
            var page = (await analyst.Get("/reports/csat?knownUntil=2026-03-02")).ShouldBe(HttpStatusCode.ServiceUnavailable);
            page.Text.ShouldContain("Too many reports as of a moment are asked for at once. Try again in a few seconds.");
            page.Headers["Retry-After"].ShouldBe("5");
        }
        foreach (var report in reports)
            (await analyst.Get($"{report}?{Then}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task F8_the_document_says_which_reports_may_find_no_place()
    {
        var ofMoments = (await OfMoments()).Select(o => o.Id).ToHashSet();
        foreach (var operation in (await ApiOperation.All(server)).Where(o => o.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            var unavailable = operation.Described.GetProperty("responses").GetProperty("503");
            var isBusy = unavailable.GetProperty("content").GetProperty("application/problem+json").GetProperty("example").GetProperty("type").GetString() == "urn:eventdesk:reports_busy";
            isBusy.ShouldBe(ofMoments.Contains(operation.Id), operation.Id);
            unavailable.GetProperty("description").GetString()!.Contains("too many reports", StringComparison.Ordinal).ShouldBe(isBusy, operation.Id);
        }
    }

    /// <summary>Response clocks carry the times of what is known of them, and are read as of a moment like now.</summary>
    async Task<List<ApiOperation>> OfMoments() =>
        [.. (await ApiOperation.All(server)).Where(o => o.Path.StartsWith("/api/reports/", StringComparison.Ordinal) && o.Parameters.Contains("knownUntil") && !o.Path.StartsWith("/api/reports/sla", StringComparison.Ordinal))];
}
