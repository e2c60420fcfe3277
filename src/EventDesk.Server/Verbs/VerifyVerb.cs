using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Server.Verbs;

static class VerifyVerb
{
    public static readonly Verb Verb = new(
        "verify", "", "Prove that no stored event was changed, removed or reordered", [], Run,
        "Walks every stream's chain of digests in one snapshot; needs no key. Exit code 1 names the first event that is not as it was recorded.");

    static async Task<int> Run(Invocation call)
    {
        var connection = new NpgsqlConnectionStringBuilder(call.Settings.RequiredDatabase()) { SearchPath = new EventStoreOptions { ConnectionString = "" }.Schema };
        await using var database = NpgsqlDataSource.Create(connection);
        var progress = Console.IsErrorRedirected ? null : new Progress<long>(n => call.Error.Write($"\r{n:N0} events"));
        var report = await Verify.Database(database, progress, call.Stop);
        if (progress is not null)
            await call.Error.WriteAsync("\r");
        await call.Out.WriteLineAsync(report.ToString());
        return report.Intact ? Exit.Ok : Exit.Failed;
    }
}
