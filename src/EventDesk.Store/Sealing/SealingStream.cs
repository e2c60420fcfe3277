using System.Security.Cryptography;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Write plain bytes in, sealed ones go on to <paramref name="output"/>. Only <see cref="Complete"/> makes the content whole:
/// what was abandoned before it does not open. The output stays open.
/// </summary>
public sealed class SealingStream(Stream output, StreamKey key, string name) : Stream
{
    readonly SealedChunks chunks = SealedChunks.Create(key, name);
    readonly byte[] plain = new byte[SealedChunks.PlainLength], sealedBytes = new byte[SealedChunks.SealedLength];
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    int filled;
    uint number;
    bool begun;

    /// <summary>Plain bytes taken so far.</summary>
    public long PlainLength { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        PlainLength += buffer.Length;
        while (buffer.Length > 0)
        {
            // A full buffer waits until more comes, since only then is it known not to be the last chunk.
            if (filled == plain.Length)
                await Put(last: false, cancellationToken);
            var part = Math.Min(buffer.Length, plain.Length - filled);
            buffer.Span[..part].CopyTo(plain.AsSpan(filled));
            filled += part;
            buffer = buffer[part..];
        }
    }

    /// <summary>Writes the last chunk.</summary>
    /// <returns>SHA-256 of everything written to the output.</returns>
    public async Task<byte[]> Complete(CancellationToken ct)
    {
        await Put(last: true, ct);
        await output.FlushAsync(ct);
        return hash.GetHashAndReset();
    }

    async ValueTask Put(bool last, CancellationToken ct)
    {
        if (!begun)
        {
            begun = true;
            hash.AppendData(chunks.Header.Span);
            await output.WriteAsync(chunks.Header, ct);
        }
        var length = chunks.Seal(number, last, plain.AsSpan(0, filled), sealedBytes);
        number = checked(number + 1);
        filled = 0;
        hash.AppendData(sealedBytes, 0, length);
        await output.WriteAsync(sealedBytes.AsMemory(0, length), ct);
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(plain);
        hash.Dispose();
        base.Dispose(disposing);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");
}
