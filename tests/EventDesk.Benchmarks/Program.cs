using System.Globalization;
using EventDesk.Benchmarks;
using EventDesk.Benchmarks.Floors;
using EventDesk.Benchmarks.Load;
using EventDesk.Benchmarks.Scenarios;

try
{
    switch (args)
    {
        case ["static", var port, var file]:
            await StaticServer.Serve(int.Parse(port, CultureInfo.InvariantCulture), file);
            return 0;
        case ["serve", "with-timer" or "without-timer"]:
            await IdleServer.Serve(timer: args[1] == "with-timer");
            return 0;
        case ["serve", "collecting"]:
            await CollectingServer.Serve();
            return 0;
        case ["-h" or "--help"]:
            Console.WriteLine(Settings.Usage);
            return 0;
        default:
            await Bench.Run(Settings.From(args));
            return 0;
    }
}
catch (BenchException e)
{
    await Console.Error.WriteLineAsync($"bench: {e.Message}");
    return 1;
}
