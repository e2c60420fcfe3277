using System.Security.Cryptography;
using System.Text.Json;

namespace EventDesk.Store.Sealing;

/// <summary>The key file cannot be used; the message says why and what to do.</summary>
public sealed class KeyFileException : Exception
{
    public KeyFileException(string message) : base(message) { }
    public KeyFileException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>What a key file holds: <c>{ "current": 1, "keys": { "1": base64 }, "index": base64 }</c>.</summary>
/// <param name="Current">The generation that wraps new keys.</param>
/// <param name="Keys">32 bytes each; old generations stay until every stream key is wrapped anew.</param>
/// <param name="Index">32 bytes, never rotated: pseudonyms made with it must stay findable.</param>
sealed record MasterKeyFile(int Current, IReadOnlyDictionary<int, byte[]> Keys, byte[] Index)
{
    const int KeyLength = 32;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static MasterKeyFile Read(string path)
    {
        RefuseOpenFile(path);
        var bytes = File.ReadAllBytes(path);
        try
        {
            return Parse(path, bytes);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new KeyFileException($"The key file {path} cannot be read: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    static MasterKeyFile Parse(string path, byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        var keys = root.GetProperty("keys").EnumerateObject()
            .ToDictionary(k => int.Parse(k.Name), k => Key(path, k.Name, k.Value));
        var current = root.GetProperty("current").GetInt32();
        if (!keys.ContainsKey(current))
            throw new KeyFileException($"The key file {path} names {current} as its current key, but holds no such key.");
        return new(current, keys, Key(path, "index", root.GetProperty("index")));
    }

    static byte[] Key(string path, string name, JsonElement value) =>
        value.GetBytesFromBase64() is { Length: KeyLength } key
            ? key
            : throw new KeyFileException($"The key '{name}' in {path} must be {KeyLength} bytes in base64.");

    static void RefuseOpenFile(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            throw new KeyFileException($"The key file {path} can be reached by other users of this machine. Run: chmod 600 {path}");
    }

    /// <summary>A new file appears whole or not at all; of two processes that race, both end up with the winner's keys.</summary>
    public static void Create(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var draft = $"{full}.{Guid.CreateVersion7():N}";
        try
        {
            WriteNew(draft);
            File.Move(draft, full, overwrite: false);
        }
        catch (IOException) when (File.Exists(full))
        {
            File.Delete(draft);
        }
    }

    static void WriteNew(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("current", 1);
            json.WriteStartObject("keys");
            json.WriteBase64String("1", RandomNumberGenerator.GetBytes(KeyLength));
            json.WriteEndObject();
            json.WriteBase64String("index", RandomNumberGenerator.GetBytes(KeyLength));
            json.WriteEndObject();
        }
        file.Flush(flushToDisk: true);
    }
}
