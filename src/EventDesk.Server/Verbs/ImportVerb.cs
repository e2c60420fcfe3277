using System.Globalization;
using EventDesk.Service.Importing;

namespace EventDesk.Server.Verbs;

static class ImportVerb
{
    public static readonly Verb Verb = new(
        "import", "FILE", "Bring the history of another help desk or an event log into tickets",
        [
            new Option("--mapping", "M", "how the file reads: a mapping file, or the name of one in ops/mappings"),
            new Option("--recorded-at", "TIME", "recorded time of all events in place of now, to compare two databases"),
            new Option("--limit", "N", "only the N earliest cases"),
            new Option("--report", "FILE", "write the reconciliation report as JSON"),
        ],
        Run,
        """
        FILE is CSV or XES, packed with gzip or not. Killed at any instant, the same command goes on where it stopped and ends in the same
        tickets; done twice it adds nothing. Exit code 1: the file or mapping is wrong (then nothing of it was stored), or some cases were
        not applied because their old rows changed.
        """);

    static async Task<int> Run(Invocation call)
    {
        if (call.Last("--mapping") is not { } mapping || !TryTime(call.Last("--recorded-at"), out var recordedAt) || !TryLimit(call.Last("--limit"), out var limit))
        {
            await call.Error.WriteLineAsync("import needs --mapping; --recorded-at is a time such as 2026-01-31T12:00:00Z, --limit a number from 1.");
            return Exit.Usage;
        }
        try
        {
            var request = new ImportRequest(call.Operands[0], Mapping.Parse(await File.ReadAllBytesAsync(FindMapping(mapping), call.Stop)), recordedAt, limit);
            await using var services = ServerHost.Services(call.Settings);
            await ServerHost.Prepare(services, call.Stop);
            var report = await services.GetRequiredService<Importer>().Run(request, new ImportProgressBar(call.Error), call.Stop);
            if (call.Last("--report") is { } path)
                await File.WriteAllTextAsync(path, report.ToJson() + "\n", call.Stop);
            await call.Out.WriteLineAsync(report.ToText());
            return report.Cases.NotApplied == 0 ? Exit.Ok : Exit.Failed;
        }
        catch (Exception e) when (e is MappingException or SourceException or ImportException or IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync(e.Message);
            return Exit.Failed;
        }
    }

    static string FindMapping(string mapping)
    {
        var named = Path.Combine("ops", "mappings", $"{mapping}.json");
        return !File.Exists(mapping) && !mapping.Contains('.') && File.Exists(named) ? named : mapping;
    }

    static bool TryTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return true;
        var good = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        time = read;
        return good;
    }

    static bool TryLimit(string? text, out int? limit)
    {
        limit = null;
        if (text is null) return true;
        var good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read) && read > 0;
        limit = read;
        return good;
    }
}

/// <summary>A bar that moves on a terminal; elsewhere a line for every tenth.</summary>
sealed class ImportProgressBar(TextWriter error) : IProgress<ImportProgress>
{
    const int Width = 30;

    readonly bool terminal = !Console.IsErrorRedirected;
    readonly long started = TimeProvider.System.GetTimestamp();
    int tenths;

    public void Report(ImportProgress value)
    {
        if (value.OfCases == 0)
            error.Write(terminal ? "reading the file…" : "Reading the file.\n");
        else if (terminal)
            error.Write(Bar(value));
        else if (value.Cases * 10L / value.OfCases is var tenth && tenth > tenths)
        {
            tenths = (int)tenth;
            error.WriteLine($"{value.Cases:N0} of {value.OfCases:N0} cases, {value.Events:N0} events");
        }
    }

    string Bar(ImportProgress value)
    {
        var full = (int)((long)Width * value.Cases / value.OfCases);
        var rate = value.Events / Math.Max(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.001);
        return $"\r[{new string('█', full)}{new string('·', Width - full)}] {value.Cases:N0} of {value.OfCases:N0} cases, {value.Events:N0} events, {rate:N0}/s "
            + (value.Cases == value.OfCases ? "\n" : "");
    }
}
