using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>A PostgreSQL cluster and a server of its own, both of which die by SIGKILL and rise again.</summary>
sealed class CrashMachine(string folder) : IAsyncDisposable
{
    readonly PrivatePostgres postgres = new(Path.Combine(folder, "postgres"));
    readonly InstalledServer server = new(folder, Path.Combine(folder, "master.key"));

    public HttpClient Http => server.Http;

    public async Task Start()
    {
        await StartPostgres();
        (await Verb("migrate")).Code.ShouldBe(0);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", await server.Token("crash", "agent"));
        await server.Start();
    }

    public Task KillPostgres() => postgres.Kill();

    public Task KillService() => server.Kill();

    /// <summary>Brings back whatever is dead; ready when it answers.</summary>
    public async Task Raise()
    {
        await StartPostgres();
        if (!server.Runs) await server.Start();
        await Eventually.Be(server.IsReady, "the service is ready again", TimeSpan.FromSeconds(60));
    }

    public Task<T> Ask<T>(string sql) => postgres.Ask<T>(sql);

    public Task<(int Code, string Output)> Verb(params string[] arguments) => server.Verb(arguments);

    /// <summary>Backends of a killed server may outlive it for a moment and keep its memory: then the start is tried again.</summary>
    async Task StartPostgres()
    {
        await Eventually.Be(async () =>
        {
            try
            {
                await postgres.Start();
                server.Database = postgres.ConnectionString;
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }, "PostgreSQL runs", TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await postgres.Remove();
    }
}
