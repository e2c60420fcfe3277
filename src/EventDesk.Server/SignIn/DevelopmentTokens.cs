using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;

namespace EventDesk.Server.SignIn;

/// <summary>Sample people and one token for each role, made on the first start in development and kept beside the master key, readable by its owner only.</summary>
public static class DevelopmentTokens
{
    const string FileName = "dev-tokens.json";
    static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>By these names the sample people are known.</summary>
    internal static readonly IReadOnlyList<(string Handle, Role Role)> Sample =
    [
        ("customer", Role.Customer), ("ann", Role.Agent), ("cora", Role.Coordinator), ("mia", Role.Manager), ("abe", Role.Auditor), ("ana", Role.Analyst),
        ("pia", Role.PrivacyOfficer), ("adam", Role.Administrator),
    ];

    /// <summary>The tokens by role, those of an earlier start where they still open this database.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Ensure(Settings settings, IServiceProvider services, CancellationToken ct)
    {
        if (!settings.Development)
            throw new InvalidOperationException("Sample tokens exist in development only.");
        var (tokens, callers, people) = (services.GetRequiredService<ApiTokens>(), services.GetRequiredService<Callers>(), services.GetRequiredService<DevelopmentPeople>());
        var path = PathOf(settings);
        var kept = Read(path);
        var all = new Dictionary<string, string>();
        foreach (var (handle, role) in Sample)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
            var person = role == Role.Customer ? (Guid?)null : await people.Ensure(handle, role, ct);
            all[name] = kept.GetValueOrDefault(name) is { } text && TokenText.TryHash(text, out var hash)
                && await callers.Find(new Credential(CredentialKind.Token, hash), ct) is { } caller && caller.Person == person
                ? text
                : (await tokens.Issue(new NewToken(handle, [role], Life, CustomerEmail: role == Role.Customer ? $"{handle}@example.com" : null, Person: person), Actor.System, null, ct)).Text!;
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
