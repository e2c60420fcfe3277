using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Server.Verbs;

static class VerifyVerb
{
    public static readonly Verb Verb = new(
        "verify", "", "Prove that no stored event was changed, removed, reordered or cut off", [
            new("--export", "FILE", "verify an export of \"eventdesk ledger export\" instead of the database; needs no database"),
            new("--key", "KEY", "public key that must have signed, or a file with such keys; may be repeated (default: those of the ledger's key file)"),
            new("--since", "FILE", "a checkpoint kept from earlier, which the history must continue; may be repeated"),
        ], Run,
        """
        Follows every stream's chain of digests, compares each event with its leaf in the ledger's tree and the tree with every signed checkpoint, in one
        snapshot beside live traffic. The checkpoint this machine signed last is taken into account where it lies beside the key file. Exit code 1 names
        what is not as it was recorded.
        """);

    static async Task<int> Run(Invocation call)
    {
        var export = call.Last("--export");
        var (keys, strange) = Keys(call, export is null);
        if (strange is not null)
        {
            await call.Error.WriteLineAsync(strange);
            return Exit.Usage;
        }
        List<KeptCheckpoint> kept = [];
        // Read before the snapshot is taken: it can then not be ahead of it.
        if (export is null && LedgerKeys.LastSigned(call.Settings.LedgerKeyFile) is { } last)
            kept.Add(new(last, "the checkpoint this machine signed last"));
        foreach (var file in call.Options["--since"])
        {
            if (SignedCheckpoint.Parse(await File.ReadAllTextAsync(file, call.Stop)) is not { } since)
            {
                await call.Error.WriteLineAsync($"{file} holds no checkpoint.");
                return Exit.Usage;
            }
            kept.Add(new(since, $"the checkpoint in {file}"));
        }
        var report = await Told(call, progress => export is null ? Database(call, new(keys, kept), progress) : LedgerExport.Verify(export, new(keys, kept), progress, call.Stop));
        await call.Out.WriteLineAsync(report.ToString());
        return report.Intact ? Exit.Ok : Exit.Failed;
    }

    /// <summary>The keys to go by, or what was wrong with one that was given.</summary>
    static (IReadOnlyList<LedgerVerifier> Keys, string? Strange) Keys(Invocation call, bool own)
    {
        List<LedgerVerifier> keys = [];
        foreach (var given in call.Options["--key"])
        {
            var lines = File.Exists(given) ? File.ReadAllLines(given).Where(l => l.Length > 0) : [given];
            foreach (var line in lines)
                if (LedgerVerifier.Parse(line) is { } key)
                    keys.Add(key);
                else
                    return ([], $"\"{line}\" is no public key of a ledger; /ledger/key and \"eventdesk ledger key\" give them.");
        }
        if (keys.Count > 0 || !own)
            return (keys, null);
        using var file = LedgerKeys.Load(call.Settings.LedgerKeyFile);
        return (file?.Verifiers ?? [], null);
    }

    static async Task<VerifyReport> Database(Invocation call, LedgerTrust trust, IProgress<long>? progress)
    {
        var connection = new NpgsqlConnectionStringBuilder(call.Settings.RequiredDatabase()) { SearchPath = new EventStoreOptions { ConnectionString = "" }.Schema };
        await using var database = NpgsqlDataSource.Create(connection);
        return await Verify.Database(database, trust, progress, call.Stop);
    }

    static async Task<VerifyReport> Told(Invocation call, Func<IProgress<long>?, Task<VerifyReport>> verify)
    {
        var progress = Console.IsErrorRedirected ? null : new Progress<long>(n => call.Error.Write($"\r{n:N0} events"));
        var report = await verify(progress);
        if (progress is not null)
            await call.Error.WriteAsync("\r");
        return report;
    }
}
