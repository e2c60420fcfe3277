using System.Text;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Sealed values that are to be opened in the place of those a stream's events carry: texts with hidden passages, and texts that were sealed anew
/// when others were erased. Each is bound to the version and the field that it stands for.
/// </summary>
public sealed class StandIns
{
    readonly Dictionary<(long Version, string Field), byte[]?> values = [];

    /// <param name="sealedBytes">Null: the value reads as erased.</param>
    public void Set(long version, string field, byte[]? sealedBytes) => values[(version, field)] = sealedBytes;

    /// <summary>True when another value stands for this one.</summary>
    public bool TryFind(long version, string field, out byte[]? sealedBytes) => values.TryGetValue((version, field), out sealedBytes);

    internal bool TryFind(long version, ReadOnlySpan<byte> field, out byte[]? sealedBytes) => TryFind(version, Encoding.UTF8.GetString(field), out sealedBytes);
}
