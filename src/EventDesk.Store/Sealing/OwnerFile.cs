namespace EventDesk.Store.Sealing;

/// <summary>Files that only their owner may read (mode 0600), and that appear whole or not at all.</summary>
static class OwnerFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="KeyFileException">Other users of the machine can reach it.</exception>
    public static void RefuseOpen(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            throw new KeyFileException($"The key file {path} can be reached by other users of this machine. Run: chmod 600 {path}");
    }

    /// <summary>Of two processes that race, both end up with the winner's file.</summary>
    public static void Create(string path, Action<Stream> write)
    {
        var draft = Draft(path, write);
        try
        {
            File.Move(draft, Path.GetFullPath(path), overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    /// <summary>A reader sees the old content or the new one.</summary>
    public static void Replace(string path, Action<Stream> write) => File.Move(Draft(path, write), Path.GetFullPath(path), overwrite: true);

    static string Draft(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var draft = $"{full}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(draft, options);
        write(file);
        file.Flush(flushToDisk: true);
        return draft;
    }
}
