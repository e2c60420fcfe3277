using System.Net;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>The index of the search is lost with the database's process, and comes back by itself.</summary>
public sealed class SearchCrashTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-search-").FullName;

    [Fact]
    public async Task D4_after_a_crash_of_the_database_the_search_reads_the_tickets_again_by_itself()
    {
        await using var machine = new CrashMachine(folder);
        await machine.Start();
        for (var i = 0; i < 3; i++)
            await Open(machine, $"Cassowary {i}");
        await Eventually.Be(async () => await Found(machine) == 3, "found before the crash", TimeSpan.FromSeconds(30));
        await machine.KillPostgres();
        await machine.Raise();
        await Eventually.Be(async () => await Found(machine) == 3, "found after the crash", TimeSpan.FromSeconds(60));
        await Open(machine, "Cassowary 4");
        await Eventually.Be(async () => await Found(machine) == 4, "and what came later", TimeSpan.FromSeconds(30));
        (await machine.Ask<long>("select count(*) from search_entry")).ShouldBe(4);
    }

    static async Task Open(CrashMachine machine, string subject) => (await new Api(machine.Http, null).Post("/api/tickets", new
    {
        product = "billing", language = "en", channel = "api", requester = new { email = "kim@example.com" }, subject, body = "Where is it?",
    })).ShouldBe(HttpStatusCode.Created);

    /// <summary>-1 while it cannot be asked.</summary>
    static async Task<int> Found(CrashMachine machine) =>
        await new Api(machine.Http, null).Get("/api/search?q=cassowary") is { Status: HttpStatusCode.OK } answer ? answer.Json.GetProperty("hits").GetArrayLength() : -1;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
