using System.Globalization;
using EventDesk.Server.Demo;
using EventDesk.Store;

namespace EventDesk.Server.Verbs;

static class DemoVerb
{
    const int Weeks = 4, MostWeeks = 52;

    public static readonly Verb Verb = new(
        "demo", "", "Fill an empty database with a believable sample, in development only",
        [
            new Option("--weeks", "N", $"how many weeks back it begins; {Weeks} unless told"),
            new Option("--seed", "N", "another number gives other tickets; 1 unless told"),
            new Option("--until", "TIME", "where it ends, instead of now"),
        ],
        Run,
        "Every ticket carries the tag \"sample\", every address ends in example.com. The same seed and end give the same tickets.");

    static async Task<int> Run(Invocation call)
    {
        if (!TryNumber(call.Last("--weeks"), Weeks, MostWeeks, out var weeks) || !TryNumber(call.Last("--seed"), 1, 100_000, out var seed) || !TryTime(call.Last("--until"), out var until))
        {
            await call.Error.WriteLineAsync($"demo takes --weeks from 1 to {MostWeeks}, --seed from 1 to 100000, and --until a time such as 2026-01-31T12:00:00Z.");
            return Exit.Usage;
        }
        if (!call.Settings.Development)
        {
            await call.Error.WriteLineAsync("demo is for development: it would put invented tickets among real ones. Set DOTNET_ENVIRONMENT=Development.");
            return Exit.Failed;
        }
        var clock = new DemoClock(until.AddDays(-7 * weeks));
        await using var services = ServerHost.Services(call.Settings, with => with.AddSingleton<TimeProvider>(clock).AddSingleton<SignIn.DevelopmentPeople>());
        await ServerHost.Prepare(services, call.Stop);
        if (await HasTickets(services.GetRequiredService<EventStore>(), call.Stop))
        {
            await call.Error.WriteLineAsync("There are tickets in this database already; demo fills an empty one.");
            return Exit.Failed;
        }
        var written = await new Simulation(services, clock, seed, call.Stop).Run(7 * weeks, until, day => call.Error.Write(Console.IsErrorRedirected ? "" : $"\rday {day + 1} of {7 * weeks} "));
        await call.Out.WriteLineAsync($"{written.Tickets} sample tickets of {written.Days} days, each with the tag \"{Simulation.Tag}\".");
        return Exit.Ok;
    }

    static async Task<bool> HasTickets(EventStore store, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand("select exists (select from ticket)");
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static bool TryNumber(string? text, int unlessTold, int most, out int number)
    {
        number = unlessTold;
        return text is null || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
    }

    static bool TryTime(string? text, out DateTimeOffset time)
    {
        time = TimeProvider.System.GetUtcNow();
        return text is null || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
