using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Server.Verbs;

static class LedgerVerbs
{
    public static readonly IReadOnlyList<Verb> All =
    [
        new("ledger checkpoint", "", "Print the newest signed checkpoint", [], Checkpoint,
            "Keep it where nobody who can write to the database can write; \"eventdesk verify --since FILE\" proves later that history continues it."),
        new("ledger key", "", "Print the ledger's public keys, the newest first", [], Key),
        new("ledger rotate-key", "", "Sign with a new key from now on", [new("--at-once", null, "the old key signs nothing more: when it may be in wrong hands")], Rotate,
            "The old key signs along until the next rotation. Running services take the new key with their next checkpoint."),
        new("ledger export", "FILE", "Write all that \"eventdesk verify --export\" needs, without a single text", [], Export,
            "One JSON object a line: keys, checkpoints, tiles, then each event with its texts as their digests. Written from one snapshot, up to the newest checkpoint."),
    ];

    static async Task<int> Checkpoint(Invocation call)
    {
        await using var database = Database(call);
        if (await new LedgerTables(database).Last(call.Stop) is not { } last)
        {
            await call.Error.WriteLineAsync("No checkpoint has been signed yet.");
            return Exit.Failed;
        }
        await call.Out.WriteAsync(last.Text);
        return Exit.Ok;
    }

    static async Task<int> Key(Invocation call)
    {
        using var keys = LedgerKeys.Load(call.Settings.LedgerKeyFile);
        if (keys is null)
            return await NoKey(call);
        foreach (var key in keys.Verifiers)
            await call.Out.WriteLineAsync(key.ToString());
        return Exit.Ok;
    }

    static async Task<int> Rotate(Invocation call)
    {
        using var keys = LedgerKeys.Load(call.Settings.LedgerKeyFile);
        if (keys is null)
            return await NoKey(call);
        using var rotated = keys.Rotate(call.Has("--at-once"));
        await call.Error.WriteLineAsync("The new public key; tell it to whoever verifies:");
        await call.Out.WriteLineAsync(rotated.Verifiers[0].ToString());
        return Exit.Ok;
    }

    static async Task<int> Export(Invocation call)
    {
        using var keys = LedgerKeys.Load(call.Settings.LedgerKeyFile);
        await using var database = Database(call);
        await using var file = new FileStream(call.Operands[0], FileMode.CreateNew, FileAccess.Write);
        var events = await LedgerExport.Write(database, keys?.Verifiers ?? [], file, call.Stop);
        await call.Out.WriteLineAsync($"{events:N0} events. Verify with: eventdesk verify --export {call.Operands[0]} --key KEY");
        return Exit.Ok;
    }

    static async Task<int> NoKey(Invocation call)
    {
        await call.Error.WriteLineAsync($"There is no key file at {call.Settings.LedgerKeyFile}; the service makes it with the first checkpoint.");
        return Exit.Failed;
    }

    static NpgsqlDataSource Database(Invocation call) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(call.Settings.RequiredDatabase()) { SearchPath = new EventStoreOptions { ConnectionString = "" }.Schema });
}
