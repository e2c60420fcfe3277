using System.Runtime.InteropServices;

namespace EventDesk.Benchmarks;

/// <summary>EventDesk as installed: published as its image is, a database, a key file, tokens; each verb a process of its own.</summary>
sealed class Product
{
    readonly string root;
    readonly string program;
    readonly string folder;
    readonly Dictionary<string, string> environment;

    Product(string root, string program, string folder, Dictionary<string, string> environment) =>
        (this.root, this.program, this.folder, this.environment) = (root, program, folder, environment);

    /// <summary>Authorization of an agent for every desk and line.</summary>
    public string Agent { get; private set; } = "";

    public string MasterKeyFile => environment["EVENTDESK_MASTER_KEY_FILE"];
    public string ConnectionString => environment["EVENTDESK_DATABASE"];

    /// <summary>Compiles the server for this machine, as ops/docker does for the image's.</summary>
    public static Task Publish(string root) => Command.Run(
        "dotnet",
        [
            "publish", Path.Combine(root, "src", "EventDesk.Server"), "-c", "Release", "-a", $"{RuntimeInformation.OSArchitecture}".ToLowerInvariant(), "--self-contained", "false",
            "-o", Published(root), "-p:RunAnalyzers=false", "-p:DebugType=none",
        ],
        []);

    static string Published(string root) => Path.Combine(root, "artifacts", "server");
    static string Program(string root) => Path.Combine(Published(root), "eventdesk.dll");

    /// <summary>A database of its own, migrated, with a token for an agent.</summary>
    /// <param name="keep">What an earlier run left in it, and its keys.</param>
    public static async Task<Product> Create(string root, Cluster cluster, string database, bool keep = false)
    {
        var own = Path.Combine(root, ".data", "bench", database);
        if (!keep) await cluster.Recreate(database);
        if (!keep && Directory.Exists(own)) Directory.Delete(own, recursive: true);
        Directory.CreateDirectory(own);
        var product = new Product(root, Program(root), own, new Dictionary<string, string>
        {
            ["EVENTDESK_DATABASE"] = cluster.ConnectionString(database),
            ["EVENTDESK_MASTER_KEY_FILE"] = Path.Combine(own, "master.key"),
            ["EVENTDESK_ORGANISATION"] = Path.Combine(root, "ops", "organisation"),
            ["EVENTDESK_RATE_PER_SECOND"] = "0",
        });
        // Only development makes a key file by itself.
        product.environment["DOTNET_ENVIRONMENT"] = "Development";
        await product.Verb("migrate");
        var token = await product.Verb("token", "create", $"bench-{Guid.NewGuid():N}", "--role", "agent");
        product.Agent = $"Authorization: Bearer {token.Trim().Split('\n')[^1].Trim()}";
        product.environment["DOTNET_ENVIRONMENT"] = "Production";
        return product;
    }

    /// <summary>Runs one verb to its end and gives its output.</summary>
    public Task<string> Verb(params string[] arguments) => Command.Run("dotnet", [program, .. arguments], [.. environment]);

    public Task<ServerProcess> Serve() => Serve(program, "serve");

    /// <summary>Another program in the server's place, with its environment.</summary>
    public Task<ServerProcess> Serve(params string[] arguments) =>
        ServerProcess.Start(arguments, "/health/ready", [.. environment, new("EVENTDESK_URLS", "http://127.0.0.1:{port}")], root);

    public string File(string name) => Path.Combine(folder, name);
}
