using System.Reflection;
using System.Runtime.InteropServices;
using EventDesk.Store;
using EventDesk.Store.Schema;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Server.Verbs;

/// <summary>Finds the verb, reads its options and says what went wrong in one sentence.</summary>
public static class CommandLine
{
    static readonly IReadOnlyList<Verb> Verbs =
    [
        ServeVerb.Verb,
        MigrateVerb.Verb,
        ImportVerb.Verb,
        VerifyVerb.Verb,
        .. LedgerVerbs.All,
        .. ViewsVerbs.All,
        .. TokenVerbs.All,
        .. SubjectVerbs.All,
        DemoVerb.Verb,
    ];

    public static async Task<int> Run(string[] args)
    {
        using var stop = new CancellationTokenSource();
        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        return await Run(args, Environment.GetEnvironmentVariable, Console.Out, Console.Error, stop.Token);
    }

    public static async Task<int> Run(IReadOnlyList<string> args, Func<string, string?> variable, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (args.Count == 0 || args[0] is "help" or "-h" or "--help")
            return Help(output);
        if (args[0] is "--version")
        {
            await output.WriteLineAsync(Version);
            return Exit.Ok;
        }
        if (Secrets.AreIn(args))
        {
            await error.WriteLineAsync(Secrets.Told); // and not which: it would stand in a log once more
            return Exit.Usage;
        }
        var verb = Verbs.FirstOrDefault(v => args.Take(Words(v)).SequenceEqual(v.Name.Split(' ')));
        if (verb is null)
            return await Unknown(args, output, error);
        var rest = args.Skip(Words(verb)).ToList();
        if (rest.Contains("--help") || rest.Contains("-h"))
            return Help(verb, output);
        if (Parse(verb, rest, out var operands, out var options) is { } fault)
        {
            await error.WriteLineAsync($"{fault}\nusage: {Usage(verb)}\n\"eventdesk {verb.Name} --help\" tells more.");
            return Exit.Usage;
        }
        return await Guarded(error, () => verb.Run(new Invocation
        {
            Settings = Settings.From(variable), Operands = operands, Options = options, Out = output, Error = error, Stop = stop,
        }));
    }

    internal static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>What a broken environment throws is told in a sentence; anything else is a bug and keeps its trace.</summary>
    static async Task<int> Guarded(TextWriter error, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is SettingsException or KeyFileException or SchemaTooNewException or StoreUnavailableException or NpgsqlException or IOException)
        {
            await error.WriteLineAsync(e is NpgsqlException ? $"The database does not answer: {e.Message}" : e.Message);
            return Exit.Unavailable;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.");
            return Exit.Failed;
        }
    }

    static string? Parse(Verb verb, List<string> rest, out List<string> operands, out ILookup<string, string> options)
    {
        operands = [];
        List<(string Name, string Value)> found = [];
        options = found.ToLookup(f => f.Name, f => f.Value);
        for (var i = 0; i < rest.Count; i++)
        {
            if (!rest[i].StartsWith("--", StringComparison.Ordinal))
            {
                operands.Add(rest[i]);
                continue;
            }
            var (name, value) = rest[i].Split('=', 2) is [var n, var v] ? (n, v) : (rest[i], null);
            if (verb.Options.FirstOrDefault(o => o.Name == name) is not { } option)
                return $"\"eventdesk {verb.Name}\" has no option {name}.";
            if (option.Value is null && value is not null)
                return $"{name} takes no value.";
            if (option.Value is not null && value is null && ++i == rest.Count)
                return $"{name} needs a value.";
            found.Add((name, value ?? (option.Value is null ? "" : rest[i])));
        }
        options = found.ToLookup(f => f.Name, f => f.Value);
        return verb.Takes(operands.Count) ? null
            : verb.Operands.Length == 0 ? $"\"eventdesk {verb.Name}\" takes no operand, but was given \"{operands[0]}\"."
            : $"\"eventdesk {verb.Name}\" takes {verb.Operands}.";
    }

    static async Task<int> Unknown(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var family = Verbs.Where(v => v.Name.StartsWith(args[0] + " ", StringComparison.Ordinal)).ToList();
        var askedForHelp = family.Count > 0 && args.Contains("--help");
        var to = askedForHelp ? output : error;
        if (family.Count == 0)
            await to.WriteLineAsync($"There is no verb \"{args[0]}\". \"eventdesk help\" lists them.");
        else
            await to.WriteLineAsync($"eventdesk {args[0]} is one of:\n" + string.Join('\n', family.Select(v => $"  {Usage(v)}")));
        return askedForHelp ? Exit.Ok : Exit.Usage;
    }

    static int Help(TextWriter output)
    {
        output.WriteLine("EventDesk: an event-sourced ticket service.\n\nusage: eventdesk VERB [OPTIONS]\n");
        var width = Verbs.Max(v => $"{v.Name} {v.Operands}".Length) + 2;
        foreach (var verb in Verbs)
            output.WriteLine($"  {$"{verb.Name} {verb.Operands}".PadRight(width)}{verb.Summary}");
        output.WriteLine($$"""

            "eventdesk VERB --help" tells more. The environment configures it:
              {{Settings.DatabaseVariable}}           connection string of PostgreSQL (or EVENTDESK_DATABASE_FILE: a file holding it)
              EVENTDESK_MASTER_KEY_FILE    key file outside the database (.data/master.key; made only in Development)
              EVENTDESK_LEDGER_KEY_FILE    the ledger's signing keys (beside the master key; made with the first checkpoint)
              EVENTDESK_URLS               addresses to serve on (http://127.0.0.1:8080)
              EVENTDESK_ORGANISATION       products, languages, desks (ops/organisation)
              EVENTDESK_RATE_PER_SECOND    requests a token may make per second (2000; 0: no limit)
              EVENTDESK_MAX_ATTACHMENT_BYTES
              OTEL_EXPORTER_OTLP_ENDPOINT  where traces, metrics and logs go
              EVENTDESK_PUBLIC_URL         where browsers find the service (https)
              EVENTDESK_OIDC_ISSUER, EVENTDESK_OIDC_CLIENT_ID, EVENTDESK_OIDC_CLIENT_SECRET_FILE
                                           the OpenID provider people sign in at; more in the README
              EVENTDESK_JWT_AUDIENCE       for whom signed tokens of programs must be made
              DOTNET_ENVIRONMENT           Development, or anything else for production

            exit codes: 0 done, 1 found something wrong, 2 called wrongly, 3 something it needs is not there
            """);
        return Exit.Ok;
    }

    static int Help(Verb verb, TextWriter output)
    {
        output.WriteLine($"{verb.Summary}\n\nusage: {Usage(verb)}");
        if (verb.Options.Count > 0)
            output.WriteLine();
        var width = verb.Options.Select(o => $"{o.Name} {o.Value}".Length).DefaultIfEmpty().Max() + 2;
        foreach (var option in verb.Options)
            output.WriteLine($"  {$"{option.Name} {option.Value}".PadRight(width)}{option.Summary}");
        if (verb.Details is not null)
            output.WriteLine($"\n{verb.Details}");
        return Exit.Ok;
    }

    static string Usage(Verb verb) =>
        $"eventdesk {verb.Name}{(verb.Options.Count > 0 ? " [OPTIONS]" : "")}{(verb.Operands.Length > 0 ? " " + verb.Operands : "")}";

    static int Words(Verb verb) => verb.Name.Split(' ').Length;
}
