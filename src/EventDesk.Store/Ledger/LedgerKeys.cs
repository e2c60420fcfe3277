using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Ledger;

/// <summary>
/// The ledger's files outside the database: its keys, <c>{ "origin": …, "seeds": [base64, …], "retired": [public key, …] }</c> (mode 0600; all seeds
/// sign, the first one is the newest), and the checkpoint this machine signed last, which a database set back to an older state cannot take along.
/// </summary>
public sealed class LedgerKeys : IDisposable
{
    const int SeedLength = 32;

    readonly string path;
    readonly IReadOnlyList<byte[]> seeds;

    LedgerKeys(string path, string origin, IReadOnlyList<byte[]> seeds, IReadOnlyList<LedgerVerifier> retired)
    {
        (this.path, Origin, this.seeds) = (path, origin, seeds);
        Signers = [.. seeds.Select(s => new LedgerSigner(origin, s))];
        Verifiers = [.. Signers.Select(s => s.Verifier), .. retired];
    }

    public string Origin { get; }

    /// <summary>All of them sign each checkpoint.</summary>
    public IReadOnlyList<LedgerSigner> Signers { get; }

    /// <summary>Every key this ledger was ever signed with, the newest first.</summary>
    public IReadOnlyList<LedgerVerifier> Verifiers { get; }

    /// <summary>Null when there is no file.</summary>
    /// <exception cref="KeyFileException">Malformed, or readable by others.</exception>
    public static LedgerKeys? Load(string path)
    {
        if (!File.Exists(path))
            return null;
        OwnerFile.RefuseOpen(path);
        var bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var signing = root.GetProperty("seeds").EnumerateArray().Select(s => s.GetBytesFromBase64()).ToList();
            var retired = root.GetProperty("retired").EnumerateArray().Select(k => LedgerVerifier.Parse(k.GetString()!) ?? throw new FormatException("a retired key is no public key")).ToList();
            if (signing.Count == 0 || signing.Exists(s => s.Length != SeedLength))
                throw new FormatException($"it needs at least one seed, each of {SeedLength} bytes in base64");
            return new(path, root.GetProperty("origin").GetString()!, signing, retired);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new KeyFileException($"The ledger's key file {path} cannot be read: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>A first key under a new origin. Where a file is already, it stays.</summary>
    public static LedgerKeys Create(string path)
    {
        var origin = $"eventdesk/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        OwnerFile.Create(path, file => Write(file, origin, [RandomNumberGenerator.GetBytes(SeedLength)], []));
        return Load(path)!;
    }

    /// <summary>
    /// Adds a new key. The one used so far signs along until the next rotation, so that who knows only that one can learn of the new one from what both
    /// have signed; those before it become public keys that nothing is signed with any more.
    /// </summary>
    /// <param name="atOnce">The key used so far signs nothing more either: when it may be in wrong hands.</param>
    public LedgerKeys Rotate(bool atOnce)
    {
        var kept = atOnce ? 0 : 1;
        OwnerFile.Replace(path, file => Write(file, Origin, [RandomNumberGenerator.GetBytes(SeedLength), .. seeds.Take(kept)], Verifiers.Skip(kept)));
        return Load(path)!;
    }

    static void Write(Stream file, string origin, IEnumerable<byte[]> seeds, IEnumerable<LedgerVerifier> retired)
    {
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("origin", origin);
        json.WriteStartArray("seeds");
        foreach (var seed in seeds)
            json.WriteBase64StringValue(seed);
        json.WriteEndArray();
        json.WriteStartArray("retired");
        foreach (var key in retired)
            json.WriteStringValue(key.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static string KeptPath(string keyFile) => Path.ChangeExtension(keyFile, ".checkpoint");

    /// <summary>What this machine signed last; null when it has signed nothing.</summary>
    /// <param name="keyFile">The checkpoint lies beside it, with the extension <c>.checkpoint</c>.</param>
    /// <exception cref="KeyFileException">The file is there and holds no checkpoint.</exception>
    public static SignedCheckpoint? LastSigned(string keyFile)
    {
        var kept = KeptPath(keyFile);
        return !File.Exists(kept) ? null
            : SignedCheckpoint.Parse(File.ReadAllText(kept)) ?? throw new KeyFileException($"The file {kept} holds no checkpoint; it is the proof of what was signed last. Restore it.");
    }

    /// <summary>Keeps what was signed, for <see cref="LastSigned"/>.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Keep(string keyFile, SignedCheckpoint signed) => OwnerFile.Replace(KeptPath(keyFile), file => file.Write(Encoding.UTF8.GetBytes(signed.Text)));

    public void Dispose()
    {
        foreach (var signer in Signers)
            signer.Dispose();
        foreach (var seed in seeds)
            CryptographicOperations.ZeroMemory(seed);
    }
}
