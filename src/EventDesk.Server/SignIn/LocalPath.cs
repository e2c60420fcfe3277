namespace EventDesk.Server.SignIn;

/// <summary>Where browsers are sent back to: paths of ours alone, never where a link from elsewhere wants them.</summary>
static class LocalPath
{
    /// <summary>The path, or the front page where it is none of ours.</summary>
    public static string Of(string? path) => IsOurs(path) ? path! : "/";

    /// <summary>A path on this host: not another host in disguise (<c>//</c>, <c>/\</c>), and nothing that could break out of a header.</summary>
    static bool IsOurs(string? path) =>
        path is { Length: > 0 and <= 2048 } && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && !path.AsSpan().ContainsAnyExceptInRange('\x21', '\x7e')
        && !path.Contains('\\', StringComparison.Ordinal);
}
