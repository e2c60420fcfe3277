using EventDesk.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EventDesk.Server.Api;

/// <summary>For whoever starts and watches the process; open to all and telling nothing else.</summary>
public static class HealthEndpoints
{
    const string Tag = "Health";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).WithName("live").WithTags(Tag)
            .WithSummary("Whether the process runs").WithDescription("Answers as long as the process can answer at all; restart it when it does not.");
        routes.MapGet("/health/ready", Ready).WithName("ready").WithTags(Tag)
            .WithSummary("Whether requests can be served").WithDescription("Asks the database; send no traffic while it does not answer 200.");
    }

    static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    static async Task<Results<Ok<HealthAnswer>, Problem>> Ready(EventStore store, CancellationToken ct)
    {
        try
        {
            await using var command = store.DataSource.CreateCommand("select 1");
            await command.ExecuteScalarAsync(ct);
            return TypedResults.Ok(new HealthAnswer("ready"));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return Problems.Unavailable();
        }
    }
}
