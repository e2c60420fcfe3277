using System.Security.Cryptography;
using System.Text;
using EventDesk.Store.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Store.Tests;

public sealed class SealingKeyTests
{
    static readonly Guid Stream = Guid.CreateVersion7();

    [Fact]
    public void R1_what_was_sealed_opens_again_with_the_same_stream_version_and_field() =>
        Prop.ForAll<byte[], PositiveInt, NonNull<string>>((plain, version, name) =>
        {
            var field = Field(name.Get);
            using var key = StreamKey.Create(Stream);
            var sealedBytes = key.Seal(plain, version.Get, field);
            sealedBytes.Length.ShouldBe(plain.Length + StreamKey.Overhead);
            key.Unseal(sealedBytes, version.Get, field).ShouldBe(plain);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R1_a_single_flipped_bit_anywhere_does_not_open() =>
        Prop.ForAll<byte[], NonNegativeInt>((plain, at) =>
        {
            using var key = StreamKey.Create(Stream);
            var sealedBytes = key.Seal(plain, 1, "subject");
            var bit = at.Get % (sealedBytes.Length * 8);
            sealedBytes[bit / 8] ^= (byte)(1 << (bit % 8));
            key.Unseal(sealedBytes, 1, "subject").ShouldBeNull();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R1_a_value_moved_to_another_version_field_stream_or_key_does_not_open() =>
        Prop.ForAll<NonEmptyArray<byte>, PositiveInt, PositiveInt>((plain, version, further) =>
        {
            using var key = StreamKey.Create(Stream);
            var sealedBytes = key.Seal(plain.Get, version.Get, "requester.email");
            key.Unseal(sealedBytes, version.Get + (long)further.Get, "requester.email").ShouldBeNull();
            key.Unseal(sealedBytes, version.Get, "requester.name").ShouldBeNull();
            using var other = StreamKey.Create(Stream);
            other.Unseal(sealedBytes, version.Get, "requester.email").ShouldBeNull();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R1_the_same_data_key_under_another_stream_does_not_open_the_value()
    {
        var raw = RandomNumberGenerator.GetBytes(StreamKey.KeyLength);
        using StreamKey mine = new(Stream, raw), theirs = new(Guid.CreateVersion7(), raw);
        var sealedBytes = mine.Seal("plain"u8, 1, "subject");
        theirs.Unseal(sealedBytes, 1, "subject").ShouldBeNull();
        mine.Unseal(sealedBytes, 1, "subject").ShouldBe("plain"u8.ToArray());
    }

    [Fact]
    public void R1_equal_texts_never_give_equal_ciphertexts()
    {
        using var key = StreamKey.Create(Stream);
        Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(key.Seal("same"u8, 1, "subject"))).Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void R1_plain_text_does_not_stand_in_the_sealed_bytes()
    {
        using var key = StreamKey.Create(Stream);
        key.Seal("a canary that sings"u8, 1, "body").AsSpan().IndexOf("canary"u8).ShouldBe(-1);
    }

    [Theory, InlineData(0), InlineData(11), InlineData(27)]
    public void Bytes_too_short_to_be_sealed_do_not_open(int length)
    {
        using var key = StreamKey.Create(Stream);
        key.Unseal(new byte[length], 1, "subject").ShouldBeNull();
    }

    [Fact]
    public void R4_after_the_key_is_disposed_nothing_opens_and_nothing_more_can_be_sealed()
    {
        var key = StreamKey.Create(Stream);
        var sealedBytes = key.Seal("plain"u8, 1, "subject");
        key.Dispose();
        key.Unseal(sealedBytes, 1, "subject").ShouldBeNull();
        Should.Throw<ObjectDisposedException>(() => key.Seal("plain"u8, 1, "subject"));
    }

    [Fact]
    public async Task One_key_serves_many_threads_at_once()
    {
        using var key = StreamKey.Create(Stream);
        await Parallel.ForEachAsync(Enumerable.Range(1, 8), (worker, _) =>
        {
            for (var i = 0; i < 500; i++)
            {
                var plain = Encoding.UTF8.GetBytes($"{worker}/{i}");
                key.Unseal(key.Seal(plain, worker, "body"), worker, "body").ShouldBe(plain);
            }
            return ValueTask.CompletedTask;
        });
    }

    static string Field(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > StreamKey.MaxFieldLength)
            name = name[..(name.Length / 2)];
        return name;
    }
}
