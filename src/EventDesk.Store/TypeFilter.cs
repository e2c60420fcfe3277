namespace EventDesk.Store;

/// <summary>Some of the types of events by their stored names: a condition in SQL, and the same one at hand.</summary>
public sealed class TypeFilter
{
    readonly HashSet<string> names;
    readonly bool isListed;

    TypeFilter(IEnumerable<string> names, bool isListed) => (this.names, this.isListed) = ([.. names], isListed);

    public static TypeFilter All { get; } = AllBut([]);

    public static TypeFilter Only(params IEnumerable<string> names) => new(names, isListed: true);

    public static TypeFilter AllBut(params IEnumerable<string> names) => new(names, isListed: false);

    public bool Contains(string type) => names.Contains(type) == isListed;

    /// <summary>What one of the two contains, or both.</summary>
    public TypeFilter Or(TypeFilter other) => (isListed, other.isListed) switch
    {
        (true, true) => Only(names.Union(other.names)),
        (true, false) => AllBut(other.names.Except(names)),
        (false, true) => AllBut(names.Except(other.names)),
        (false, false) => AllBut(names.Intersect(other.names)),
    };

    /// <summary>What both contain.</summary>
    public TypeFilter And(TypeFilter other) => Not(Not(this).Or(Not(other)));

    static TypeFilter Not(TypeFilter filter) => new(filter.names, !filter.isListed);

    /// <summary>The same in the log, which also holds them under their names of old.</summary>
    internal TypeFilter In(Upcasts upcasts) => new(upcasts.Stored(names), isListed);

    /// <summary>On <c>mt_events</c>.</summary>
    public string Sql => names.Count == 0 ? (isListed ? "false" : "true") : $"type {(isListed ? "" : "not ")}in ({string.Join(", ", names.Select(Quoted))})";

    static string Quoted(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}
