using System.Net;
using EventDesk.Domain.Access;
using Npgsql;

namespace EventDesk.Server.Tests;

public sealed class HealthTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task P5_the_process_says_that_it_lives_and_that_it_is_ready()
    {
        var anyone = new Api(server.Http, null);
        (await anyone.Get("/health/live")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("""{"status":"live"}""");
        (await anyone.Get("/health/ready")).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("""{"status":"ready"}""");
    }
}

public sealed class OutageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task P2_while_the_database_is_away_requests_are_told_to_come_back_and_nothing_is_stored()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var before = await server.EventCount();
        var name = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database!;
        await Maintenance($"alter database {name} allow_connections false");
        await Maintenance($"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{name}'");

        var anyone = new Api(server.Http, null);
        (await anyone.Get("/health/live")).ShouldBe(HttpStatusCode.OK);
        (await anyone.Get("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable).Code.ShouldBe("unavailable");
        var read = (await agent.Get($"/api/tickets/{opened.Ticket}")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        read.Code.ShouldBe("unavailable");
        read.Headers["Retry-After"].ShouldBe("1");
        (await agent.Post($"/api/tickets/{opened.Ticket}/notes", new { body = "n" }, opened.Version)).ShouldBe(HttpStatusCode.ServiceUnavailable);

        await Maintenance($"alter database {name} allow_connections true");
        await Testing.Eventually.Be(async () => (await anyone.Get("/health/ready")).Status == HttpStatusCode.OK, "the server is ready again");
        (await agent.Post($"/api/tickets/{opened.Ticket}/notes", new { body = "n" }, opened.Version)).ShouldBe(HttpStatusCode.OK);
        (await server.EventCount()).ShouldBe(before + 1);
    }

    static async Task Maintenance(string sql)
    {
        await using var connection = new NpgsqlConnection((await Testing.PostgresServer.Shared).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
