using System.Globalization;

namespace EventDesk.Server;

/// <summary>What the process is told by its environment. Nothing else is read: no file of settings, no hidden defaults.</summary>
public sealed record Settings
{
    public const string DatabaseVariable = "EVENTDESK_DATABASE";

    /// <summary>Npgsql connection string; null when it was not given.</summary>
    public string? Database { get; init; }

    public string MasterKeyFile { get; init; } = Path.Combine(".data", "master.key");

    /// <summary>The ledger's signing keys; beside the master key unless told. The checkpoint signed last is kept beside it.</summary>
    public string LedgerKeyFile { get => field ?? Path.ChangeExtension(MasterKeyFile, ".ledger.key"); init; }

    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>A folder of JSON files, or one file.</summary>
    public string Organisation { get; init; } = Path.Combine("ops", "organisation");

    /// <summary>Development makes keys and sample tokens by itself and explains itself; everything else is production.</summary>
    public bool Development { get; init; }

    /// <summary>Requests a token may make per second, with twice that in one burst; 0: no limit.</summary>
    public int RatePerSecond { get; init; } = 2_000;

    /// <summary>Largest attachment in bytes.</summary>
    public long MaxAttachmentBytes { get; init; } = 25L << 20;

    /// <summary>Where telemetry is sent (OTLP); null: nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public SignIn.SignInSettings SignIn { get; init; } = new();

    /// <param name="variable">Looks one up, such as <see cref="System.Environment.GetEnvironmentVariable(string)"/>.</param>
    /// <exception cref="SettingsException">A value that cannot be understood.</exception>
    public static Settings From(Func<string, string?> variable)
    {
        var given = new Settings();
        string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;
        string? Secret(string name) => Text(name) ?? FromFile($"{name}_FILE", Text($"{name}_FILE"));
        var development = string.Equals(Text("DOTNET_ENVIRONMENT"), "Development", StringComparison.OrdinalIgnoreCase);
        return given with
        {
            Database = Secret(DatabaseVariable),
            MasterKeyFile = Text("EVENTDESK_MASTER_KEY_FILE") ?? given.MasterKeyFile,
            LedgerKeyFile = Text("EVENTDESK_LEDGER_KEY_FILE")!, // null: beside the master key
            Urls = Text("EVENTDESK_URLS") ?? given.Urls,
            Organisation = Text("EVENTDESK_ORGANISATION") ?? given.Organisation,
            Development = development,
            SignIn = global::EventDesk.Server.SignIn.SignInSettings.From(Text, Secret, development),
            RatePerSecond = (int)Number("EVENTDESK_RATE_PER_SECOND", Text("EVENTDESK_RATE_PER_SECOND"), given.RatePerSecond, 1_000_000),
            MaxAttachmentBytes = Number("EVENTDESK_MAX_ATTACHMENT_BYTES", Text("EVENTDESK_MAX_ATTACHMENT_BYTES"), given.MaxAttachmentBytes, 10L << 30),
            OtlpEndpoint = Address("OTEL_EXPORTER_OTLP_ENDPOINT", Text("OTEL_EXPORTER_OTLP_ENDPOINT")),
        };
    }

    /// <exception cref="SettingsException">It was not given.</exception>
    public string RequiredDatabase() => Database
        ?? throw new SettingsException($"{DatabaseVariable} is not set: give the connection string of a PostgreSQL 15 or later, such as \"Host=127.0.0.1;Database=eventdesk;Username=eventdesk\".");

    static string? FromFile(string name, string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{name} names {path}, which cannot be read: {e.Message}");
        }
    }

    internal static long Number(string name, string? text, long otherwise, long most) =>
        text is null ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
        : throw new SettingsException($"{name} is \"{text}\"; it must be a whole number from 0 to {most}.");

    internal static Uri? Address(string name, string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw new SettingsException($"{name} is \"{text}\"; it must be an http or https address.");
}

/// <summary>The environment asks for something that cannot be; the message says what to change.</summary>
public sealed class SettingsException(string message) : Exception(message);
