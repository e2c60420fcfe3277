using System.Diagnostics;
using EventDesk.Benchmarks.Filling;
using EventDesk.Benchmarks.Floors;
using EventDesk.Benchmarks.Load;
using EventDesk.Benchmarks.Scenarios;
using EventDesk.Store.Sealing;

namespace EventDesk.Benchmarks;

/// <summary>The order of a run: one server process from the first request to the last, its database growing from empty to the large one.</summary>
sealed class Bench(string root, Cluster cluster, Settings settings)
{
    const string Database = "bench";
    const int Histories = 1_000;

    readonly Report report = new();

    public static async Task Run(Settings settings)
    {
        var root = Root();
        await Product.Publish(root);
        var cluster = await Cluster.Start(root);
        await new Bench(root, cluster, settings).Run();
    }

    async Task Run()
    {
        var took = Stopwatch.StartNew();
        var product = await Product.Create(root, cluster, Database, settings.Keep);
        if (settings.Wants("start")) await Start(product);
        using var masters = MasterKeys.LoadOrCreate(product.MasterKeyFile, mayCreate: false);
        var filler = new Filler(product.ConnectionString, masters);
        await using (var server = await product.Serve())
            await Serve(product, server, filler);
        if (settings.Wants("rebuild")) await Step("rebuild", () => new Background(product, cluster, Database, settings, report).Rebuild());
        if (settings.Wants("import")) await Step("import", () => new Importing(root, cluster, settings, report).Run());
        var proving = new Proving(root, cluster, settings, report);
        if (settings.Wants("seal")) await Step("seal", proving.Seal);
        if (settings.Wants("verify"))
            await Step("verify", async () =>
            {
                var proved = await Product.Create(root, cluster, "verify");
                using var own = MasterKeys.LoadOrCreate(proved.MasterKeyFile, mayCreate: false);
                await proving.Verify(proved, new Filler(proved.ConnectionString, own));
            });
        if (settings.Wants("idle")) await Step("idle", () => new Idling(root, cluster, settings, report).Run());
        if (settings.Wants("screens")) await Step("screens", () => new Screens(root, cluster, settings, report).Run());
        if (settings.Wants("clocks")) await Step("clocks", () => new Clocking(root, cluster, settings, report).Run());
        report["took_s"] = took.Elapsed.TotalSeconds;
        report.Print(Console.Out);
        await report.Write(Path.Combine(root, "artifacts", "bench.json"));
    }

    async Task Start(Product product)
    {
        List<double> seconds = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            await using var server = await product.Serve();
            seconds.Add(server.ReadyAfter.TotalSeconds);
        }
        report["start"] = Median.Of(seconds);
        Console.WriteLine($"  start: {report["start"]:0.00} s");
    }

    async Task Serve(Product product, ServerProcess server, Filler filler)
    {
        var reading = new Reading(product, server, settings, report);
        await cluster.Recreate("floor");
        using var inserts = new PgBench(cluster, "floor");
        await inserts.Prepare();
        var writing = new Writing(product, server, inserts, settings, report);
        report["memory.idle"] = server.ResidentMegabytes;
        if (settings.Wants("queue"))
        {
            await FillTo(filler, settings.BaseTickets);
            await Step("queue in the small database", () => reading.Queue("queue.small.c64"));
        }
        if (settings.Wants("history"))
        {
            var tickets = await filler.Fill(Histories, events: 20);
            await Step("history", () => reading.History(tickets));
        }
        if (settings.Wants("open")) await Step("open", async () => { await writing.Open(64); await writing.Open(256); });
        if (settings.Wants("reply")) await Step("reply", () => writing.Reply(64));
        if (settings.Wants("follow")) await Step("follow", () => new Background(product, cluster, Database, settings, report).Follow(server));
        if (settings.Wants("queue")) await LargeQueue(filler, reading);
        else if (settings.Wants("rebuild") || settings.Wants("monitor") || settings.Wants("search") || settings.Wants("page")) await FillTo(filler, settings.Tickets);
        if (settings.Wants("page")) await Step("queue page", () => new Paging(product, server, settings, report).Run());
        if (settings.Wants("monitor")) await Step("monitor", () => new Monitoring(product, server, settings, report).Run());
        if (settings.Wants("search")) await Step("search", () => new Searching(product, server, cluster, Database, settings, report).Run());
        report["memory.before_long"] = server.ResidentMegabytes;
        if (settings.Wants("long"))
            await Step("long run", () => new LongRun(product, server, settings, report).Run(report.Has("open.c64.per_s") ? report["open.c64.per_s"] : 2_000));
        report["memory"] = server.ResidentMegabytes;
    }

    async Task LargeQueue(Filler filler, Reading reading)
    {
        await FillTo(filler, settings.Tickets);
        await Step("queue in the large database", () => reading.Queue("queue.c64"));
        // Each against the floor measured beside it, so that a machine that was busy for a while does not count as growth.
        report["queue.growth"] = report["queue.small.c64"] / report["queue.c64"];
        report["queue.tickets"] = await cluster.Ask<long>(Database, "select count(*) from eventdesk.ticket");
    }

    async Task FillTo(Filler filler, int tickets)
    {
        var missing = tickets - (int)await cluster.Ask<long>(Database, "select count(*) from eventdesk.ticket");
        if (missing > 0) await Fill(filler, missing);
    }

    Task Fill(Filler filler, int tickets) => Step($"filling {tickets:N0} tickets", async () =>
    {
        var started = Stopwatch.GetTimestamp();
        await filler.Fill(tickets);
        report["fill.events_per_s"] = tickets * (double)Stories.Events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Following.CatchUp(cluster.ConnectionString(Database));
        if (!settings.Wants("search")) await LeaveOutOfTheSearch();
        await cluster.Execute(Database, "vacuum analyze");
        await cluster.Execute(Database, "checkpoint");
    });

    /// <summary>
    /// The words of what was filled are not searched for, and its index, which a desk makes over the years, would be made here beside everything that is measured next.
    /// </summary>
    async Task LeaveOutOfTheSearch()
    {
        // Until the step that is under way has moved back no more.
        while (await cluster.Ask<long>(Database, "select (select max(seq_id) from eventdesk.mt_events) - (select seq_id from eventdesk.search_state)") > 0)
        {
            await cluster.Execute(Database, "update eventdesk.search_state set seq_id = (select max(seq_id) from eventdesk.mt_events)");
            await Task.Delay(1_000);
        }
    }

    static async Task Step(string name, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        Console.WriteLine(name);
        await work();
        Console.WriteLine($"  {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
    }

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EventDesk.sln"))) return folder.FullName;
        throw new BenchException("The checkout cannot be found above the program.");
    }
}
