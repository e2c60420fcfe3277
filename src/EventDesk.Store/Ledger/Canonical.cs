using System.Buffers;
using System.Runtime.InteropServices;

namespace EventDesk.Store.Ledger;

/// <summary>
/// RFC 8785 bytes of an event's JSON as it would stand with every sealed value erased
/// (<c>{"digest":…,"sealed":null}</c>), so that they outlive the erasure and are the same for what was written and for what jsonb made of it.
/// </summary>
/// <remarks>
/// Putting the bare digest in place of the object would be shorter, but then a plain string could be exchanged for a sealed value unseen.
/// Numbers must be integers within ±(2^53 - 1): jsonb keeps the digits of others, JavaScript does not.
/// </remarks>
public static class Canonical
{
    /// <exception cref="FormatException">Not JSON, a name twice in one object, another number than a safe integer, U+0000 or a lone surrogate.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var canonical = Canonicalizer.Rent();
        canonical.Json(json);
        return canonical.Written.ToArray();
    }

    /// <inheritdoc cref="Of"/>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var canonical = Canonicalizer.Rent();
        canonical.Json(json);
        output.Write(canonical.Written);
    }
}

/// <summary>What became of the sealed values met on the way.</summary>
[StructLayout(LayoutKind.Auto)]
record struct SealCounts(long Present, long Erased, long Broken);
