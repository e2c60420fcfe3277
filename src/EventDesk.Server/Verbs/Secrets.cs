namespace EventDesk.Server.Verbs;

/// <summary>
/// Keeps secrets off the command line: every user of the machine sees the arguments of its processes, and the shell writes them into its history.
/// </summary>
static class Secrets
{
    public const string Told =
        "A secret does not belong on the command line: every user of this machine can read it there. Nothing was done; take it for known and change it. "
        + "Give secrets in the environment, or in a file it names: EVENTDESK_DATABASE_FILE, EVENTDESK_MASTER_KEY_FILE, EVENTDESK_OIDC_CLIENT_SECRET_FILE.";

    /// <summary>Names under which secrets are given elsewhere; none of them is an option here.</summary>
    static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "--database", "--connection", "--connection-string", "--password", "--token", "--secret", "--client-secret", "--master-key", "--private-key", "--api-key",
    };

    /// <summary>The beginnings of what is secret wherever it stands, our own tokens and sessions among it.</summary>
    static readonly string[] Beginnings = ["postgres://", "postgresql://", "-----BEGIN", "PRIVATE+KEY+", "Bearer ", "edk_", "eds_"];

    public static bool AreIn(IEnumerable<string> args) => args.Any(IsOne);

    static bool IsOne(string arg)
    {
        if (Names.Contains(arg.Split('=', 2)[0]))
            return true;
        var value = arg.StartsWith("--", StringComparison.Ordinal) && arg.Split('=', 2) is [_, var given] ? given : arg;
        return Beginnings.Any(b => value.StartsWith(b, StringComparison.OrdinalIgnoreCase)) || IsConnection(value) || IsSignedToken(value);
    }

    /// <summary>Npgsql's <c>Host=…;Password=…</c>, in any order.</summary>
    static bool IsConnection(string value) => value.Split(';').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
        .Any(p => p[0].Trim().ToLowerInvariant() is "host" or "server" or "password" or "pwd" or "username" or "user id");

    /// <summary>A JWT: its first part is the Base64url of a brace and a quotation mark.</summary>
    static bool IsSignedToken(string value) => value.StartsWith("eyJ", StringComparison.Ordinal) && value.Count(c => c == '.') == 2;
}
