using System.Diagnostics;
using System.Text.Json;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>F7 through the command line: the real process, killed with -9 where it may hurt.</summary>
public sealed class ImportCommandTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-import-").FullName;
    readonly List<TestDatabase> databases = [];

    static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("EVENTDESK_CRASH_ROUNDS"), out var n) ? n : 5;

    /// <summary>Small logs in every run of the tests; <c>make crash</c> takes the real one, where it stands beside the checkout.</summary>
    [Fact]
    public async Task F7_killed_with_minus_9_at_random_instants_the_import_ends_in_the_same_tickets_as_undisturbed()
    {
        var real = Rounds > 5 && RealLogs.AreThere;
        var log = real ? RealLogs.File("bpi2013_incidents/VINST-new.csv.gz") : Write("incidents.csv", SmallLogs.Csv(SmallLogs.Incidents(2_000)));
        var cases = real ? 7_554 : 2_000;
        var report = Path.Combine(folder, "report.json");
        string[] import = ["import", log, "--mapping", Checkout.Mapping("vinst-incidents-csv"), "--recorded-at", "2026-01-01T00:00:00Z", "--report", report];
        var straight = await NewDatabase();
        var watch = Stopwatch.StartNew();
        (await Run(straight, import)).ShouldBe(0, errors);
        var (took, expected) = (watch.Elapsed, await Fingerprint(straight));
        var told = JsonDocument.Parse(await File.ReadAllTextAsync(report)).RootElement;
        told.GetProperty("cases").GetProperty("imported").GetInt32().ShouldBe(cases);
        told.GetProperty("eventsWritten").GetInt64().ShouldBe(await Scalar<long>(straight, "select count(*) from mt_events join mt_streams s on s.id = stream_id where s.type = 'ticket'"));

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {Rounds} kills, an undisturbed import takes {took.TotalSeconds:0.0} s");
        var (random, kills, inTheMiddle) = (new Random(seed), 0, 0);
        while (kills < Rounds)
        {
            var disturbed = await NewDatabase();
            // Every other instant is a number of cases later, so that it falls while they are stored, however fast the machine is.
            while (kills < Rounds && await Killed(disturbed, kills % 2 == 0 ? More(disturbed, random.Next(1, cases / 3), cases) : Task.Delay(took * random.NextDouble()), import))
            {
                kills++;
                inTheMiddle += await Stored(disturbed) is var done && done > 0 && done < cases ? 1 : 0;
            }
            (await Run(disturbed, import)).ShouldBe(0, errors);
            (await Fingerprint(disturbed)).ShouldBe(expected, $"after {kills} kills, seed {seed}");
            (await Run(disturbed, "verify")).ShouldBe(0);
            (await Stored(disturbed)).ShouldBe(cases);
        }
        output.WriteLine($"{inTheMiddle} kills left a part of the cases stored");
        inTheMiddle.ShouldBePositive("a kill must have left a part of the cases stored");
    }

    [Fact]
    public async Task F7_the_same_log_gives_the_same_tickets_as_CSV_and_as_XES_and_imported_again_adds_nothing()
    {
        const int cases = 100;
        var incidents = SmallLogs.Incidents(cases);
        var report = Path.Combine(folder, "report.json");
        string[] csv = Import(Write("incidents.csv", SmallLogs.Csv(incidents)), "vinst-incidents-csv"), xes = Import(Write("incidents.xes", SmallLogs.Xes(incidents)), "vinst-incidents-xes");
        var (one, other) = (await NewDatabase(), await NewDatabase());
        (await Run(one, csv)).ShouldBe(0, errors);
        var expected = await Fingerprint(one);
        (await Run(other, xes)).ShouldBe(0, errors);
        (await Fingerprint(other)).ShouldBe(expected);
        foreach (var again in new[] { csv, xes })
        {
            (await Run(one, again)).ShouldBe(0, errors);
            (await Fingerprint(one)).ShouldBe(expected);
            var told = JsonDocument.Parse(await File.ReadAllTextAsync(report)).RootElement;
            (told.GetProperty("eventsWritten").GetInt64(), told.GetProperty("cases").GetProperty("alreadyThere").GetInt32()).ShouldBe((0, cases));
        }

        string[] Import(string log, string mapping) => ["import", log, "--mapping", Checkout.Mapping(mapping), "--recorded-at", "2026-01-01T00:00:00Z", "--report", report];
    }

    [Fact]
    public async Task F7_a_wrong_call_a_wrong_mapping_and_a_wrong_file_end_with_a_sentence_and_their_exit_code()
    {
        var database = await NewDatabase();
        var log = Write("bad.csv", "SR Number\n1\n"u8.ToArray());
        (await Run(database, "import", log)).ShouldBe(2);
        (await Run(database, "import", log, "--mapping", Checkout.Mapping("vinst-incidents-csv"), "--limit", "0")).ShouldBe(2);
        (await Run(database, "import", log, "--mapping", Write("bad.json", "{}"u8.ToArray()))).ShouldBe(1);
        errors.ShouldContain("'source'");
        (await Run(database, "import", log, "--mapping", Checkout.Mapping("vinst-incidents-csv"))).ShouldBe(1);
        errors.ShouldContain("The mapping speaks of \"Status\"");
        (await Run(database, "import", Path.Combine(folder, "none.csv"), "--mapping", Checkout.Mapping("vinst-incidents-csv"))).ShouldBe(1);
        errors.ShouldContain("none.csv");
        (await Scalar<long>(database, "select count(*) from import_run")).ShouldBe(0);
    }

    string errors = "";

    string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <returns>False where it had ended before.</returns>
    async Task<bool> Killed(TestDatabase database, Task instant, string[] arguments)
    {
        const int ByKill = 128 + 9;
        using var process = Start(database, arguments);
        var told = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await await Task.WhenAny(process.WaitForExitAsync(), instant);
        process.Kill();
        await told;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBeOneOf(0, ByKill);
        return process.ExitCode == ByKill;
    }

    /// <summary>Ends when so many more cases are stored, or all.</summary>
    static async Task More(TestDatabase database, int cases, int all)
    {
        var until = Math.Min(await Stored(database) + cases, all);
        await Eventually.Be(async () => await Stored(database) >= until, $"{until} cases are stored", TimeSpan.FromMinutes(2));
    }

    /// <summary>A case is planned before its rows are stored.</summary>
    static Task<long> Stored(TestDatabase database) => Scalar<long>(database, "select count(*) from import_case where rows > 0");

    async Task<int> Run(TestDatabase database, params string[] arguments)
    {
        using var process = Start(database, arguments);
        var told = process.StandardOutput.ReadToEndAsync();
        errors = await process.StandardError.ReadToEndAsync();
        await told;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    Process Start(TestDatabase database, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eventdesk.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["EVENTDESK_DATABASE"] = database.ConnectionString;
        start.Environment["EVENTDESK_MASTER_KEY_FILE"] = Path.Combine(folder, "master.key");
        start.Environment["EVENTDESK_ORGANISATION"] = Path.Combine(AppContext.BaseDirectory, "organisation");
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    static Task<string> Fingerprint(TestDatabase database) => Scalar<string>(database, """
        select md5(string_agg(concat_ws('|', e.id, e.stream_id, e.version, e.headers ->> 'digest', t.number, t.state), e'\n' order by e.seq_id))
        from mt_events e join ticket t on t.id = e.stream_id
        """);

    static async Task<T> Scalar<T>(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = "eventdesk" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    async Task<TestDatabase> NewDatabase()
    {
        var database = await TestDatabase.CreateEmpty();
        databases.Add(database);
        (await Run(database, "migrate")).ShouldBe(0, errors);
        return database;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases) await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
