using System.IO.Compression;
using System.Text;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Demo;
using EventDesk.Server.Verbs;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>The sample that <c>make demo</c> shows: of everything something, and nothing that could be taken for real.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    readonly string keys = Path.Combine(Path.GetTempPath(), $"eventdesk-demo-{Guid.CreateVersion7():N}.key");
    readonly List<TestDatabase> databases = [];

    [Fact]
    public async Task The_same_seed_fills_the_same_desk_with_all_desks_VIP_breaches_incidents_and_feedback_all_marked_as_sample()
    {
        var (one, other) = (await Filled(), await Filled());
        const string life = "select md5(string_agg(e.type || e.timestamp::text, ',' order by t.number, e.version)) from mt_events e join ticket t on t.id = e.stream_id";
        (await Ask<string>(one, life)).ShouldBe(await Ask<string>(other, life));

        (await Ask<long>(one, "select count(distinct data ->> 'product' || '/' || (data ->> 'language')) from mt_events where type = 'ticket_opened'")).ShouldBe(24);
        foreach (var type in new[]
        {
            "sla_warned", "sla_breached", "ticket_escalated", "management_evaluated", "waiting_started", "ticket_reopened", "feedback_given", "feedback_reviewed", "ticket_closed",
            "incident_declared", "incident_linked", "incident_published",
        })
            (await Ask<long>(one, $"select count(*) from mt_events where type = '{type}'")).ShouldBeGreaterThan(0, type);
        (await Ask<long>(one, "select count(*) from mt_events where type = 'ticket_opened' and data ->> 'contract' = 'vip'")).ShouldBeGreaterThan(0);
        (await Ask<long>(one, "select count(*) from ticket where not exists (select from mt_events where stream_id = ticket.id and type = 'ticket_tagged')")).ShouldBe(0);
        (await Ask<DateTime>(one, "select max(timestamp) from mt_events")).ShouldBeLessThanOrEqualTo(new DateTime(2026, 11, 20, 15, 0, 0, DateTimeKind.Utc));
        (await Run(one, "verify")).Code.ShouldBe(Exit.Ok);

        await Customers_read_no_notes(one);

        var again = await Run(one, "demo");
        (again.Code, again.Error).ShouldBe((Exit.Failed, "There are tickets in this database already; demo fills an empty one.\n"));
    }

    /// <summary>What is said when a ticket is resolved is said to them.</summary>
    async Task Customers_read_no_notes(TestDatabase database)
    {
        var says = Phrases.ByLanguage["en"];
        var read = new StringBuilder();
        foreach (var customer in (string[])["en1@example.com", "en2@example.com", "en3@example.com"])
        {
            var file = Path.Combine(Path.GetTempPath(), $"eventdesk-demo-{Guid.CreateVersion7():N}.zip");
            var (code, error) = await Run(database, "subject", "export", customer, "--for", "person", "--out", file);
            code.ShouldBe(Exit.Ok, error);
            using (var zip = ZipFile.OpenRead(file))
            using (var data = new StreamReader(zip.GetEntry("readable.html")!.Open()))
                read.Append(await data.ReadToEndAsync());
            File.Delete(file);
        }
        read.ToString().ShouldContain(says.Summaries[Resolution.Fixed]);
        read.ToString().ShouldNotContain(says.Note);
    }

    [Fact]
    public async Task Outside_development_nothing_is_invented()
    {
        var (code, error) = await Run(await New(), ["demo"], "Production");
        code.ShouldBe(Exit.Failed);
        error.ShouldContain("demo is for development");
    }

    async Task<TestDatabase> Filled()
    {
        var database = await New();
        var (code, error) = await Run(database, "demo", "--weeks", "2", "--until", "2026-11-20T15:00:00Z");
        code.ShouldBe(Exit.Ok, error);
        return database;
    }

    async Task<TestDatabase> New()
    {
        var database = await TestDatabase.CreateEmpty();
        databases.Add(database);
        return database;
    }

    Task<(int Code, string Error)> Run(TestDatabase database, params string[] args) => Run(database, args, "Development");

    async Task<(int Code, string Error)> Run(TestDatabase database, string[] args, string environment)
    {
        Dictionary<string, string?> variables = new()
        {
            [Settings.DatabaseVariable] = database.ConnectionString,
            ["EVENTDESK_MASTER_KEY_FILE"] = keys,
            ["EVENTDESK_ORGANISATION"] = Path.Combine(Checkout.Root, "ops", "organisation"),
            ["DOTNET_ENVIRONMENT"] = environment,
        };
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.Run(args, variables.GetValueOrDefault, output, error, CancellationToken.None), error.ToString());
    }

    static async Task<T> Ask<T>(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = "eventdesk" }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases)
            await database.DisposeAsync();
        File.Delete(keys);
    }
}
