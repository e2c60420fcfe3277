using System.Security.Cryptography;

namespace EventDesk.Store.Sealing;

/// <summary>Random nonces, drawn by the hundred: asking the generator costs about as much for 12 bytes as for 1,200.</summary>
static class Nonces
{
    const int Length = StreamKey.NonceLength, Drawn = 100;

    [ThreadStatic]
    static byte[]? pool;

    [ThreadStatic]
    static int left;

    public static void Next(Span<byte> nonce)
    {
        pool ??= new byte[Length * Drawn];
        if (left == 0)
        {
            RandomNumberGenerator.Fill(pool);
            left = Drawn;
        }
        var drawn = pool.AsSpan(--left * Length, Length);
        drawn.CopyTo(nonce);
        drawn.Clear();
    }
}
