using System.Buffers.Binary;

namespace EventDesk.Store.Sealing;

/// <summary>
/// Data keys that were wrapped anew when a master key was destroyed, in files beside the key file: a backup that is older than the destruction holds them
/// in a form that nobody can open any more, and this is what opens the tickets in it that were not erased.
/// </summary>
/// <param name="keyFile">The files stand in the folder of this name with <c>.rewrapped</c>, one for each master key.</param>
sealed class RewrappedKeys(string keyFile)
{
    readonly string folder = Path.GetFullPath(keyFile) + ".rewrapped";
    readonly Lock gate = new();
    Dictionary<Guid, WrappedKey>? found;

    public void Write(int master, IReadOnlyCollection<(Guid Stream, WrappedKey Key)> keys)
    {
        OwnerFile.Replace(Path.Combine(folder, $"{master}"), file =>
        {
            using var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true);
            foreach (var (stream, key) in keys)
            {
                writer.Write(stream.ToByteArray(bigEndian: true));
                writer.Write(key.MasterId);
                writer.Write(key.Wrapped.Length);
                writer.Write(key.Wrapped.Span);
            }
        });
        lock (gate)
            found = null;
    }

    public bool Has(int master) => File.Exists(Path.Combine(folder, $"{master}"));

    public WrappedKey? Find(Guid stream)
    {
        lock (gate)
            return (found ??= Read()).GetValueOrDefault(stream);
    }

    /// <summary>Of several the newest: master keys are numbered upwards.</summary>
    Dictionary<Guid, WrappedKey> Read()
    {
        Dictionary<Guid, WrappedKey> all = [];
        if (!Directory.Exists(folder))
            return all;
        foreach (var path in Directory.GetFiles(folder).Where(f => int.TryParse(Path.GetFileName(f), out _)).OrderBy(f => int.Parse(Path.GetFileName(f))))
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            while (bytes.Length > 24)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
                all[new Guid(bytes[..16], bigEndian: true)] = new(BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), bytes.Slice(24, length).ToArray());
                bytes = bytes[(24 + length)..];
            }
        }
        return all;
    }
}
