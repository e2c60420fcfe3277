using System.Text;

namespace EventDesk.Service.Views;

/// <summary>One string for each name that comes again and again (teams, agents, labels): a replay would make millions.</summary>
internal sealed class Utf8Names
{
    /// <summary>A source with ever new names must not fill the memory; those beyond this are strings of their own.</summary>
    const int Capacity = 100_000;

    readonly Dictionary<byte[], string> pool;
    readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> lookup;

    public Utf8Names()
    {
        pool = new Dictionary<byte[], string>(new ByBytes());
        lookup = pool.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (lookup.TryGetValue(utf8, out var known)) return known;
        var name = Encoding.UTF8.GetString(utf8);
        if (pool.Count < Capacity) lookup[utf8] = name;
        return name;
    }

    sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
