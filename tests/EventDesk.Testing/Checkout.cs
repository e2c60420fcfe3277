namespace EventDesk.Testing;

/// <summary>The checkout these tests were built from.</summary>
public static class Checkout
{
    public static string Root { get; } = PostgresServer.RepositoryRoot();

    /// <summary>A shipped mapping file.</summary>
    public static string Mapping(string name) => Path.Combine(Root, "ops", "mappings", $"{name}.json");
}
