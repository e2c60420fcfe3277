using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace EventDesk.Store.Ledger;

/// <summary>The state of the tree at one size (C2SP tlog-checkpoint).</summary>
/// <param name="Origin">Names the ledger; no two ledgers share one.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root)
{
    /// <summary>What is signed.</summary>
    public string Body => $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root.Span)}\n";
}

/// <summary>A checkpoint with its signatures (C2SP signed-note).</summary>
public sealed class SignedCheckpoint
{
    readonly IReadOnlyList<(string Name, byte[] Bytes)> signatures;

    SignedCheckpoint(Checkpoint checkpoint, string text, IReadOnlyList<(string, byte[])> signatures) =>
        (Checkpoint, Text, this.signatures) = (checkpoint, text, signatures);

    public Checkpoint Checkpoint { get; }

    /// <summary>The note as published.</summary>
    public string Text { get; }

    public long Size => Checkpoint.Size;

    public static SignedCheckpoint Sign(Checkpoint checkpoint, IReadOnlyList<LedgerSigner> signers) => Parse(SignedNote.Sign(checkpoint.Body, signers))!;

    /// <summary>Null when the text is no checkpoint. Signatures are not checked.</summary>
    public static SignedCheckpoint? Parse(string text)
    {
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !text.EndsWith('\n'))
            return null;
        var lines = text[..split].Split('\n');
        var root = new byte[Digests.Length];
        if (lines.Length != 3 || lines[0].Length == 0 || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !Digests.TryRead(Encoding.UTF8.GetBytes(lines[2]), root))
            return null;
        List<(string, byte[])> signed = [];
        foreach (var line in text[(split + 2)..^1].Split('\n'))
        {
            var bytes = new byte[line.Length];
            if (!line.StartsWith(SignedNote.Mark, StringComparison.Ordinal) || line.Split(' ') is not [_, var name, var base64]
                || !Convert.TryFromBase64String(base64, bytes, out var length) || length < 5)
                return null;
            signed.Add((name, bytes[..length]));
        }
        var checkpoint = new Checkpoint(lines[0], size, root);
        return checkpoint.Body == text[..(split + 1)] ? new(checkpoint, text, signed) : null;
    }

    /// <summary>True when one of the keys signed it.</summary>
    public bool IsSignedBy(IEnumerable<LedgerVerifier> keys)
    {
        var body = Encoding.UTF8.GetBytes(Checkpoint.Body);
        return keys.Any(k => k.Name == Checkpoint.Origin && signatures.Any(s => s.Name == k.Name && k.Verify(body, s.Bytes)));
    }
}

/// <summary>A public key in C2SP's form, <c>name+hash+base64</c>.</summary>
public sealed class LedgerVerifier
{
    const byte Ed25519 = 1;
    readonly byte[] id;
    readonly PublicKey key;

    internal LedgerVerifier(string name, PublicKey key)
    {
        (Name, this.key) = (name, key);
        id = SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', .. Typed])[..4];
    }

    /// <summary>The ledger's origin.</summary>
    public string Name { get; }

    byte[] Typed => [Ed25519, .. key.Export(KeyBlobFormat.RawPublicKey)];

    /// <summary>Null for what is no Ed25519 key, or whose hash does not fit.</summary>
    public static LedgerVerifier? Parse(string text)
    {
        var bytes = new byte[text.Length];
        if (text.Split('+', 3) is not [{ Length: > 0 } name, _, var base64] || !Convert.TryFromBase64String(base64, bytes, out var length) || length != 33 || bytes[0] != Ed25519
            || !PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes.AsSpan(1, 32), KeyBlobFormat.RawPublicKey, out var key))
            return null;
        var verifier = new LedgerVerifier(name, key!);
        return verifier.ToString() == text ? verifier : null;
    }

    /// <param name="signature">The key's hash and the signature, as in a note.</param>
    internal bool Verify(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature) =>
        signature.Length == 68 && signature[..4].SequenceEqual(id) && SignatureAlgorithm.Ed25519.Verify(key, body, signature[4..]);

    internal byte[] Signature(ReadOnlySpan<byte> raw) => [.. id, .. raw];

    public override string ToString() => $"{Name}+{BinaryPrimitives.ReadUInt32BigEndian(id):x8}+{Convert.ToBase64String(Typed)}";
}

/// <summary>A private key of the ledger.</summary>
public sealed class LedgerSigner : IDisposable
{
    readonly Key key;

    /// <param name="seed">32 bytes.</param>
    public LedgerSigner(string origin, ReadOnlySpan<byte> seed)
    {
        key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        Verifier = new(origin, key.PublicKey);
    }

    public LedgerVerifier Verifier { get; }

    internal byte[] Sign(ReadOnlySpan<byte> body) => Verifier.Signature(SignatureAlgorithm.Ed25519.Sign(key, body));

    public void Dispose() => key.Dispose();
}
