using System.Net;
using EventDesk.Domain.Access;
using EventDesk.Service.Views;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

public sealed class TelemetryTests(TelemetryTests.Observed server) : IClassFixture<TelemetryTests.Observed>
{
    public sealed class Observed : RunningServer, IAsyncLifetime
    {
        public OtlpSink Sink { get; private set; } = null!;

        protected override Settings Adjust(Settings settings) => settings with { OtlpEndpoint = Sink.Address };

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            Sink = await OtlpSink.Start();
            await InitializeAsync();
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            await Sink.DisposeAsync();
        }
    }

    [Fact]
    public async Task P5_one_trace_leads_from_the_callers_request_over_command_and_commit_to_a_followed_view_and_metrics_and_logs_arrive()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        const string caller = "00f067aa0ba902b7";
        var agent = await server.As(Role.Agent);
        var opened = await agent.Send(
            HttpMethod.Post, "/api/tickets",
            new StringContent("""{"product":"billing","language":"en","requester":{"email":"traced@example.com"},"subject":"traced-subject","body":"traced-body"}""", null, "application/json"),
            ("traceparent", $"00-{trace}-{caller}-01"));
        opened.ShouldBe(HttpStatusCode.Created);
        (await agent.Post($"/api/tickets/{opened.Ticket}/escalations", new { reason = "up" }, opened.Version)).ShouldBe(HttpStatusCode.Conflict);
        (await agent.Post($"/api/tickets/{opened.Ticket}/management-evaluations", new { escalate = true, reason = "yes" }, opened.Version)).ShouldBe(HttpStatusCode.Forbidden);
        (await server.Scalar($"select count(*) from mt_events where stream_id = '{opened.Ticket}' and correlation_id = '{trace}'")).ShouldBe(3);

        // All at once on one version: one is stored, and who lost is a conflict.
        var races = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => agent.Post($"/api/tickets/{opened.Ticket}/notes", new { body = $"note {i}" }, opened.Version)));
        races.Count(r => r.Status == HttpStatusCode.OK).ShouldBe(1);
        await Eventually.Be(
            async () => await server.Scalar($"""
                select count(*) from mt_event_progression where name in ({string.Join(", ", ViewCatalog.Followed.Select(v => $"'{v.ProgressionName}'"))})
                  and last_seq_id >= (select max(seq_id) from mt_events where stream_id = '{opened.Ticket}')
                """) == ViewCatalog.Followed.Count,
            "every followed view has read it");

        // What is measured when somebody looks is gone with the followers.
        server.Services.GetRequiredService<Telemetry>().SendMetrics().ShouldBeTrue();
        // Stopping sends what has not been sent yet.
        await server.Stop();

        var spans = server.Sink.Spans.Where(s => s.Trace == trace).ToList();
        var request = spans.Single(s => s.Source == "Microsoft.AspNetCore");
        (request.Name, request.Parent).ShouldBe(("POST /api/tickets", caller));
        var command = spans.Single(s => s.Name == "OpenTicket");
        (command.Source, command.Parent).ShouldBe(("EventDesk", request.Span));
        var append = spans.Single(s => s.Name == "append");
        (append.Source, append.Parent).ShouldBe(("EventDesk.Store", command.Span));
        // One commit serves many appends: it links to each of them.
        var commit = server.Sink.Spans.Single(s => s.Name == "commit batch" && s.Links.Contains(append.Span));
        var followers = server.Sink.Spans.Where(s => s.Name == "follow" && s.Links.Contains(commit.Span)).Select(s => s.Tags["eventdesk.view"]).Distinct();
        followers.ShouldNotBeEmpty("a followed view that names the commit");
        server.Sink.Spans.ShouldContain(s => s.Source == "Npgsql");
        server.Sink.Spans.ShouldNotContain(s => s.Raw.Contains("traced-", StringComparison.Ordinal) || s.Raw.Contains("traced@", StringComparison.Ordinal));

        string[] expected =
        [
            "eventdesk.commands", "eventdesk.refusals", "eventdesk.store.appends", "eventdesk.store.events", "eventdesk.store.batch.size", "eventdesk.store.commit.duration",
            "eventdesk.store.conflicts", "eventdesk.store.view.lag.events", "eventdesk.store.view.lag.seconds",
            "http.server.request.duration", "kestrel.active_connections", "dotnet.gc.collections", "dotnet.process.memory.working_set",
        ];
        expected.Except(server.Sink.Metrics.Keys).ShouldBeEmpty(string.Join(", ", server.Sink.Metrics.Keys.Order()));
        var asked = Dashboard.Labels().Where(m => server.Sink.Metrics.ContainsKey(m.Key)).ToList();
        asked.Select(m => m.Key).ShouldContain("eventdesk.commands");
        foreach (var (metric, labels) in asked)
            labels.ShouldBeSubsetOf(server.Sink.Metrics[metric], $"the labels by which the dashboard asks for {metric}");
        server.Sink.Logs.ShouldContain(l => l.Contains("Denied: ", StringComparison.Ordinal));
        server.Sink.Logs.ShouldNotContain(l => l.Contains("traced-", StringComparison.Ordinal));
    }
}
