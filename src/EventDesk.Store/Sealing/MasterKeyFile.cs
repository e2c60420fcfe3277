using System.Security.Cryptography;
using System.Text.Json;

namespace EventDesk.Store.Sealing;

/// <summary>The key file cannot be used; the message says why and what to do.</summary>
public sealed class KeyFileException : Exception
{
    public KeyFileException(string message) : base(message) { }
    public KeyFileException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>What a key file holds: <c>{ "current": [1, 2, …], "keys": { "1": base64, … }, "destroyed": [], "index": base64 }</c>.</summary>
/// <param name="Current">The keys that wrap new data keys, each those of its share of the streams; one number stands for a single share.</param>
/// <param name="Keys">32 bytes each; one that is not current stays until every data key is wrapped anew.</param>
/// <param name="Destroyed">Keys that were taken out for good: what only they can open was erased.</param>
/// <param name="Index">32 bytes, never rotated: pseudonyms made with it must stay findable.</param>
sealed record MasterKeyFile(IReadOnlyList<int> Current, IReadOnlyDictionary<int, byte[]> Keys, IReadOnlySet<int> Destroyed, byte[] Index)
{
    const int KeyLength = 32;

    /// <summary>Destroying one key means wrapping its share of a million data keys anew: some 15,000, a fraction of a second.</summary>
    const int Shares = 64;

    public static MasterKeyFile Read(string path)
    {
        OwnerFile.RefuseOpen(path);
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
        var current = root.GetProperty("current") is { ValueKind: JsonValueKind.Array } shares ? Numbers(shares) : [root.GetProperty("current").GetInt32()];
        if (current.Count == 0)
            throw new KeyFileException($"The key file {path} names no current key.");
        foreach (var id in current.Where(id => !keys.ContainsKey(id)))
            throw new KeyFileException($"The key file {path} names {id} as its current key, but holds no such key.");
        return new(current, keys, root.TryGetProperty("destroyed", out var gone) ? Numbers(gone).ToHashSet() : [], Key(path, "index", root.GetProperty("index")));
    }

    static List<int> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetInt32())];

    static byte[] Key(string path, string name, JsonElement value) =>
        value.GetBytesFromBase64() is { Length: KeyLength } key
            ? key
            : throw new KeyFileException($"The key '{name}' in {path} must be {KeyLength} bytes in base64.");

    static MasterKeyFile New()
    {
        var ids = Enumerable.Range(1, Shares).ToList();
        return new(ids, ids.ToDictionary(id => id, _ => RandomNumberGenerator.GetBytes(KeyLength)), new HashSet<int>(), RandomNumberGenerator.GetBytes(KeyLength));
    }

    /// <summary>The same shares, those of these keys under new ones from now on.</summary>
    public MasterKeyFile Renewed(IReadOnlyCollection<int> ids)
    {
        var next = Keys.Keys.Concat(Destroyed).Max() + 1;
        var keys = new Dictionary<int, byte[]>(Keys);
        var current = Current.Select(id =>
        {
            if (!ids.Contains(id))
                return id;
            keys[next] = RandomNumberGenerator.GetBytes(KeyLength);
            return next++;
        }).ToList();
        return this with { Current = current, Keys = keys };
    }

    /// <summary>Without these keys; none of them may be current.</summary>
    public MasterKeyFile Without(IReadOnlyCollection<int> ids) =>
        this with { Keys = Keys.Where(k => !ids.Contains(k.Key)).ToDictionary(), Destroyed = Destroyed.Union(ids).ToHashSet() };

    /// <summary>Where a file is already, it stays.</summary>
    public static void Create(string path) => OwnerFile.Create(path, New().Write);

    /// <summary>Takes the place of the file, all at once. The blocks of the old one are overwritten then, as far as the file system does so in place.</summary>
    public void Replace(string path)
    {
        using var previous = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        OwnerFile.Replace(path, Write);
        previous.Write(new byte[previous.Length]);
        previous.Flush(flushToDisk: true);
    }

    void Write(Stream file)
    {
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        Write(json, "current", Current);
        json.WriteStartObject("keys");
        foreach (var (id, key) in Keys.OrderBy(k => k.Key))
            json.WriteBase64String($"{id}", key);
        json.WriteEndObject();
        Write(json, "destroyed", Destroyed.Order());
        json.WriteBase64String("index", Index);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
