using System.Security.Cryptography;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Tests;

public sealed class SealingChunksTests
{
    const int Chunk = SealedChunks.PlainLength;
    readonly StreamKey key = StreamKey.Create(Guid.CreateVersion7());

    [Theory]
    [InlineData(0), InlineData(1), InlineData(Chunk - 1), InlineData(Chunk), InlineData(Chunk + 1), InlineData(2 * Chunk), InlineData((3 * Chunk) + 77)]
    public async Task R1_an_attachment_of_any_length_comes_back_whole(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        var (sealedBytes, digest) = await Seal(plain, piece: 10_007);
        sealedBytes.LongLength.ShouldBe(SealedChunks.TotalLength(length));
        digest.ShouldBe(SHA256.HashData(sealedBytes));
        (await Unseal(sealedBytes, "file")).ShouldBe(plain);
    }

    [Fact]
    public async Task R1_an_attachment_cut_off_at_any_chunk_or_byte_does_not_open()
    {
        var (sealedBytes, _) = await Seal(RandomNumberGenerator.GetBytes((2 * Chunk) + 9));
        int[] lengths = [0, 7, 8, 8 + 15, 8 + SealedChunks.SealedLength, 8 + (2 * SealedChunks.SealedLength), sealedBytes.Length - 1];
        foreach (var length in lengths)
            await Should.ThrowAsync<InvalidDataException>(() => Unseal(sealedBytes[..length], "file"), $"cut to {length}");
        await Should.ThrowAsync<InvalidDataException>(() => Unseal([.. sealedBytes, 0], "file"), "one more byte");
    }

    [Fact]
    public async Task R1_an_upload_that_was_given_up_does_not_open()
    {
        using var output = new MemoryStream();
        await using (var sealing = new SealingStream(output, key, "file"))
            await sealing.WriteAsync(new byte[(2 * Chunk) + 1]);
        await Should.ThrowAsync<InvalidDataException>(() => Unseal(output.ToArray(), "file"));
    }

    [Fact]
    public async Task R1_chunks_in_another_order_under_another_name_or_key_do_not_open()
    {
        var (sealedBytes, _) = await Seal(RandomNumberGenerator.GetBytes(3 * Chunk));
        var swapped = sealedBytes.ToArray();
        sealedBytes.AsSpan(8, SealedChunks.SealedLength).CopyTo(swapped.AsSpan(8 + SealedChunks.SealedLength));
        sealedBytes.AsSpan(8 + SealedChunks.SealedLength, SealedChunks.SealedLength).CopyTo(swapped.AsSpan(8));
        await Should.ThrowAsync<InvalidDataException>(() => Unseal(swapped, "file"));
        await Should.ThrowAsync<InvalidDataException>(() => Unseal(sealedBytes, "other"));
        await Should.ThrowAsync<InvalidDataException>(() => Unseal(sealedBytes, "file", StreamKey.Create(key.Stream)));
        (await Unseal(sealedBytes, "file")).Length.ShouldBe(3 * Chunk);
    }

    [Fact]
    public async Task R1_a_flipped_bit_in_an_attachment_does_not_open()
    {
        var (sealedBytes, _) = await Seal(RandomNumberGenerator.GetBytes(Chunk + 50));
        for (var at = 0; at < sealedBytes.Length; at += 1009)
        {
            var changed = sealedBytes.ToArray();
            changed[at] ^= 0x10;
            await Should.ThrowAsync<InvalidDataException>(() => Unseal(changed, "file"), $"byte {at}");
        }
    }

    [Fact]
    public async Task R1_a_chunk_never_passes_for_a_field_of_an_event()
    {
        var (sealedBytes, _) = await Seal("text"u8.ToArray());
        byte[] asField = [.. sealedBytes[..8], 0, 0, 0, 0, .. sealedBytes[8..]];
        key.Unseal(asField, long.MinValue, "\u0001file").ShouldBe("text"u8.ToArray(), "the binding is stream, mark, last and name");
        key.Unseal(asField, 1, "\u0001file").ShouldBeNull();
        key.Unseal(asField, 0, "file").ShouldBeNull();
    }

    async Task<(byte[] Sealed, byte[] Digest)> Seal(byte[] plain, int piece = 81_920)
    {
        using var output = new MemoryStream();
        await using var sealing = new SealingStream(output, key, "file");
        for (var at = 0; at < plain.Length; at += piece)
            await sealing.WriteAsync(plain.AsMemory(at, Math.Min(piece, plain.Length - at)));
        var digest = await sealing.Complete(CancellationToken.None);
        sealing.PlainLength.ShouldBe(plain.Length);
        return (output.ToArray(), digest);
    }

    async Task<byte[]> Unseal(byte[] sealedBytes, string name, StreamKey? with = null)
    {
        using var output = new MemoryStream();
        await using var unsealing = new UnsealingStream(new MemoryStream(sealedBytes), with ?? key, name);
        await unsealing.CopyToAsync(output);
        return output.ToArray();
    }
}
