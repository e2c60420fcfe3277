using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>One token for each role, made on the first start in development and kept beside the master key, readable by its owner only.</summary>
public static class DevelopmentTokens
{
    const string FileName = "dev-tokens.json";
    static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>By these names the sample people are known.</summary>
    static readonly IReadOnlyList<NewToken> Sample =
    [
        new("customer", [Role.Customer], Life, CustomerEmail: "customer@example.com"),
        new("ann", [Role.Agent], Life),
        new("cora", [Role.Coordinator], Life),
        new("mia", [Role.Manager], Life),
        new("abe", [Role.Auditor], Life),
        new("ana", [Role.Analyst], Life),
        new("pia", [Role.PrivacyOfficer], Life),
        new("adam", [Role.Administrator], Life),
    ];

    /// <summary>The tokens by role, those of an earlier start where they still open this database.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Ensure(Settings settings, ApiTokens tokens, CancellationToken ct)
    {
        if (!settings.Development)
            throw new InvalidOperationException("Sample tokens exist in development only.");
        var path = PathOf(settings);
        var kept = Read(path);
        var all = new Dictionary<string, string>();
        foreach (var wanted in Sample)
        {
            var role = JsonNamingPolicy.CamelCase.ConvertName(wanted.Roles[0].ToString());
            all[role] = kept.GetValueOrDefault(role) is { } text && TokenText.TryHash(text, out var hash) && await tokens.Find(hash, ct) is not null
                ? text
                : (await tokens.Issue(wanted, Actor.System, null, ct)).Text;
        }
        if (!all.SequenceEqual(kept))
            Write(path, all);
        return all;
    }

    public static string PathOf(Settings settings) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(settings.MasterKeyFile))!, FileName);

    static Dictionary<string, string> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    static void Write(string path, Dictionary<string, string> tokens)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var (role, text) in tokens)
            json.WriteString(role, text);
        json.WriteEndObject();
    }
}
