namespace EventDesk.Server.Verbs;

static class MigrateVerb
{
    public static readonly Verb Verb = new(
        "migrate", "", "Bring the database to this program's schema", [], Run,
        "Safe to repeat and to run from several places at once; serve does the same on its start.");

    static async Task<int> Run(Invocation call)
    {
        await using var services = ServerHost.Services(call.Settings);
        await ServerHost.Prepare(services, call.Stop);
        await call.Out.WriteLineAsync("The database is at this program's schema.");
        return Exit.Ok;
    }
}
