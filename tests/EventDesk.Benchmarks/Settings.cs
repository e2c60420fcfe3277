using System.Globalization;
using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks;

/// <summary>How much is measured, and what.</summary>
sealed record Settings
{
    /// <summary>Tickets of the large database; five events each.</summary>
    public int Tickets { get; init; } = 1_000_000;

    /// <summary>Tickets of the small database that the growth of a page's cost is measured from.</summary>
    public int BaseTickets { get; init; } = 10_000;

    public int Rounds { get; init; } = 3;
    public TimeSpan Slice { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan Long { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Scenarios to run; empty: all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>();

    /// <summary>An event log and its mapping beside the checkout; null: one is made.</summary>
    public (string Log, string Mapping)? Log { get; init; }

    /// <summary>The database of the last run and what it was filled with, instead of a new one.</summary>
    public bool Keep { get; init; }

    public bool Wants(string scenario) => Only.Count == 0 || Only.Contains(scenario);

    public static Settings From(string[] args)
    {
        var s = args.Contains("--small")
            ? new Settings { Tickets = 10_000, BaseTickets = 1_000, Slice = TimeSpan.FromSeconds(3), Long = TimeSpan.FromSeconds(20) }
            : new Settings();
        for (var i = 0; i < args.Length; i++)
            s = args[i] switch
            {
                "--small" => s,
                "--keep" => s with { Keep = true },
                "--tickets" => s with { Tickets = Number(args, ++i) },
                "--base" => s with { BaseTickets = Number(args, ++i) },
                "--rounds" => s with { Rounds = Number(args, ++i) },
                "--seconds" => s with { Slice = TimeSpan.FromSeconds(Number(args, ++i)) },
                "--long-seconds" => s with { Long = TimeSpan.FromSeconds(Number(args, ++i)) },
                "--only" => s with { Only = Value(args, ++i).Split(',').ToHashSet() },
                "--log" => s with { Log = (Value(args, ++i), Value(args, ++i)) },
                _ => throw new BenchException($"unknown argument {args[i]}\n{Usage}"),
            };
        return s;
    }

    public const string Usage = """
        bench [--small] [--keep] [--only a,b] [--tickets N] [--base N] [--rounds N] [--seconds N] [--long-seconds N] [--log FILE MAPPING]
          scenarios: start open reply queue history follow import rebuild long seal verify idle clocks monitor search screens
          --keep goes on with the database of the last run; writes artifacts/bench.json
        """;

    static int Number(string[] args, int i) => int.Parse(Value(args, i), CultureInfo.InvariantCulture);

    static string Value(string[] args, int i) => i < args.Length ? args[i] : throw new BenchException(Usage);
}
