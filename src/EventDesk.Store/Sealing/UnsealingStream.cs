using System.Security.Cryptography;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Reads the plain bytes of what a <see cref="SealingStream"/> wrote. Throws <see cref="InvalidDataException"/> at the first piece that was changed,
/// moved or cut off; whatever was read before that is authentic. The input stays open.
/// </summary>
public sealed class UnsealingStream(Stream input, StreamKey key, string name) : Stream
{
    // One byte more than a chunk: whether it comes tells if the chunk was the last.
    readonly byte[] sealedBytes = new byte[SealedChunks.SealedLength + 1], plain = new byte[SealedChunks.PlainLength];
    SealedChunks? chunks;
    int held, taken, available;
    uint number;
    bool ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (taken == available && !ended)
            await NextChunk(cancellationToken);
        var part = Math.Min(buffer.Length, available - taken);
        plain.AsSpan(taken, part).CopyTo(buffer.Span);
        taken += part;
        return part;
    }

    async ValueTask NextChunk(CancellationToken ct)
    {
        chunks ??= await Open(ct);
        var length = held + await input.ReadAtLeastAsync(sealedBytes.AsMemory(held), sealedBytes.Length - held, throwOnEndOfStream: false, ct);
        ended = length <= SealedChunks.SealedLength;
        if (!chunks.TryUnseal(number, ended, sealedBytes.AsSpan(0, Math.Min(length, SealedChunks.SealedLength)), plain, out available))
        {
            available = taken = 0;
            ended = true;
            throw new InvalidDataException($"Sealed content '{name}' of stream {key.Stream} does not open at chunk {number}: it was changed or cut off, or its key is gone.");
        }
        taken = 0;
        number++;
        held = ended ? 0 : 1;
        sealedBytes[0] = sealedBytes[SealedChunks.SealedLength];
    }

    async ValueTask<SealedChunks> Open(CancellationToken ct)
    {
        var header = new byte[SealedChunks.HeaderLength];
        return await input.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct) == header.Length
            ? SealedChunks.Open(key, name, header)
            : throw new InvalidDataException($"Sealed content '{name}' of stream {key.Stream} is cut off in its header.");
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(plain);
        base.Dispose(disposing);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
