namespace EventDesk.Server.Verbs;

/// <summary>How a verb ended, for the shell.</summary>
public static class Exit
{
    public const int Ok = 0;

    /// <summary>It ran and found something wrong, or was refused.</summary>
    public const int Failed = 1;

    /// <summary>It was called wrongly.</summary>
    public const int Usage = 2;

    /// <summary>Something it needs is not there: settings, keys, the database.</summary>
    public const int Unavailable = 3;
}

/// <summary>One thing the command line can do.</summary>
/// <param name="Name">One or two words: <c>token create</c>.</param>
/// <param name="Operands">As shown in the usage line: <c>FILE</c>; each is required unless in brackets; one that ends with … may come several times.</param>
/// <param name="Details">Shown by <c>--help</c> below the options.</param>
public sealed record Verb(string Name, string Operands, string Summary, IReadOnlyList<Option> Options, Func<Invocation, Task<int>> Run, string? Details = null)
{
    int Least => Operands.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(o => !o.StartsWith('['));
    int Most => Operands.Contains('…', StringComparison.Ordinal) ? int.MaxValue : Operands.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public bool Takes(int operands) => operands >= Least && operands <= Most;
}

/// <param name="Name">With its dashes: <c>--mapping</c>.</param>
/// <param name="Value">What follows it, such as <c>FILE</c>; null: nothing does.</param>
public sealed record Option(string Name, string? Value, string Summary);

/// <summary>A verb as it was called.</summary>
public sealed class Invocation
{
    public required Settings Settings { get; init; }
    public required IReadOnlyList<string> Operands { get; init; }
    public required ILookup<string, string> Options { get; init; }
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Ctrl-C, or the service manager's request to stop.</summary>
    public required CancellationToken Stop { get; init; }

    public bool Has(string option) => Options.Contains(option);
    public string? Last(string option) => Options[option].LastOrDefault();
}
