using System.Diagnostics;
using EventDesk.Benchmarks.Filling;
using EventDesk.Benchmarks.Load;
using EventDesk.Domain.Sla;
using EventDesk.Server;
using EventDesk.Service.Timing;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>
/// What the timer costs while clocks run and none is due: processor time of the server and of its backends in PostgreSQL, against the same server
/// without its timer, each warmed up in a process of its own and on the same database.
/// </summary>
sealed class Idling(string root, Cluster cluster, Settings settings, Report report)
{
    const string Database = "bench_idle";
    const int Year = 365 * 24 * 3600;

    static readonly TimeSpan Warming = TimeSpan.FromSeconds(12);
    static readonly ClockTarget Target = new(2 * Year, WarnSeconds: Year);

    public async Task Run()
    {
        var clocks = Math.Min(100_000, settings.Tickets);
        var product = await Product.Create(root, cluster, Database);
        using var masters = MasterKeys.LoadOrCreate(product.MasterKeyFile, mayCreate: false);
        var due = TimeProvider.System.GetUtcNow().AddSeconds(2.0 * Year);
        await new Filler(product.ConnectionString, masters).Fill(clocks, n => Clocking.Story(n, due, Target));
        await cluster.Execute(Database, "vacuum analyze");
        await ReadHoursOnce(product);
        List<(double Server, double Backends)> costs = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            var (without, with) = (await Measure(product, "without-timer"), await Measure(product, "with-timer"));
            costs.Add((with.Server - without.Server, with.Backends - without.Backends));
            Console.WriteLine(
                $"  idle: {clocks:N0} clocks; the whole server {with.Server:0.00} % of a core and {with.Backends:0.00} % in PostgreSQL, without its timer {without.Server:0.00} % and {without.Backends:0.00} %");
        }
        report["idle.clocks"] = clocks;
        report["idle.timer_server_percent"] = Median.Of(costs.Select(c => c.Server));
        report["idle.timer_postgresql_percent"] = Median.Of(costs.Select(c => c.Backends));
        report["idle.timer_percent_of_core"] = Median.Of(costs.Select(c => c.Server + c.Backends));
        Console.WriteLine($"  idle: the timer alone {report["idle.timer_percent_of_core"]:0.00} % of a core");
    }

    /// <summary>A timer that finds an organisation it has not seen reads every running clock anew, twice; that is not idling.</summary>
    async Task ReadHoursOnce(Product product)
    {
        await using var server = await product.Serve();
        while (await cluster.Ask<long>(Database, "select count(*) from eventdesk.mt_event_progression where name = 'ClockHours'") == 0)
            await Task.Delay(TimeSpan.FromSeconds(1));
    }

    /// <summary>Percent of a core over a while: the process of the server, and its backends.</summary>
    async Task<(double Server, double Backends)> Measure(Product product, string which)
    {
        await using var server = await product.Serve(typeof(Idling).Assembly.Location, "serve", which);
        await Following.CatchUp(cluster.ConnectionString(Database));
        await Task.Delay(Warming);
        var (process, backends, started) = (server.ProcessorTime, await cluster.BackendTime(Database), Stopwatch.GetTimestamp());
        await Task.Delay(settings.Slice * 2);
        var (cpu, postgres, took) = (server.ProcessorTime - process, await cluster.BackendTime(Database) - backends, Stopwatch.GetElapsedTime(started));
        return (cpu / took * 100, postgres / took * 100);
    }
}

/// <summary>The product's server in the benchmark's program, whole or without its timer.</summary>
static class IdleServer
{
    public static async Task Serve(bool timer)
    {
        await using var app = ServerHost.Build(Server.Settings.From(Environment.GetEnvironmentVariable), builder =>
        {
            if (!timer && !builder.Services.Remove(builder.Services.Single(IsTimer)))
                throw new BenchException("The server has no timer to leave out.");
        });
        await ServerHost.Prepare(app.Services, CancellationToken.None);
        await app.RunAsync();
    }

    static bool IsTimer(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.GetType().GenericTypeArguments[^1] == typeof(TicketTimer);
}
