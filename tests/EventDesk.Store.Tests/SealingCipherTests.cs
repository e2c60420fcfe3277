using EventDesk.Store.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Store.Tests;

/// <summary>A value sealed on one machine is opened on another, whatever either of them seals with.</summary>
public sealed class SealingCipherTests
{
    public static TheoryData<string, string, string, string, string> Vectors => new()
    {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 14 and 16.
        { new('0', 64), new('0', 24), new('0', 32), "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
        {
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void R1_published_vectors_come_out_of_every_implementation(string key, string nonce, string plain, string about, string sealedHex)
    {
        foreach (var made in Both(Convert.FromHexString(key)))
            using (made)
            {
                var sealedBytes = new byte[plain.Length / 2 + Aes256Gcm.TagLength];
                made.Encrypt(Convert.FromHexString(nonce), Convert.FromHexString(plain), sealedBytes, Convert.FromHexString(about));
                Convert.ToHexStringLower(sealedBytes).ShouldBe(sealedHex);
            }
    }

    [Fact]
    public void R1_what_one_implementation_sealed_the_other_opens_and_neither_what_was_changed() =>
        Prop.ForAll<byte[], byte[], NonNegativeInt>((plain, about, at) =>
        {
            byte[] key = Some(Aes256Gcm.KeyLength), nonce = Some(Aes256Gcm.NonceLength);
            var both = Both(key);
            foreach (var (seals, opens) in new[] { (both[0], both[1]), (both[1], both[0]) })
            {
                byte[] sealedBytes = new byte[plain.Length + Aes256Gcm.TagLength], opened = new byte[plain.Length];
                seals.Encrypt(nonce, plain, sealedBytes, about);
                opens.TryDecrypt(nonce, sealedBytes, opened, about).ShouldBeTrue();
                opened.ShouldBe(plain);
                sealedBytes[at.Get % sealedBytes.Length] ^= 1;
                opens.TryDecrypt(nonce, sealedBytes, opened, about).ShouldBeFalse();
            }
            foreach (var cipher in both)
            {
                cipher.Dispose();
                cipher.Dispose();
                cipher.TryDecrypt(nonce, new byte[Aes256Gcm.TagLength], [], about).ShouldBeFalse();
                Should.Throw<ObjectDisposedException>(() => cipher.Encrypt(nonce, plain, new byte[plain.Length + Aes256Gcm.TagLength], about));
            }
        }).QuickCheckThrowOnFailure();

    static Aes256Gcm[] Both(byte[] key) => [Aes256Gcm.Of(key), Aes256Gcm.OfPlatform(key)];

    static byte[] Some(int length) => System.Security.Cryptography.RandomNumberGenerator.GetBytes(length);
}
