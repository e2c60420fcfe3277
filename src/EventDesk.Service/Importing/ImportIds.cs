using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Service.Importing;

/// <summary>
/// Ids made from what is imported, so that the same log always gives the same ids. Streams, events and messages have the shape of
/// UUIDv7: the time of what happened, then bits of a digest in place of chance.
/// </summary>
static class ImportIds
{
    public static Guid Stream(string source, string caseId, DateTimeOffset first) => Version7(first, $"ticket\n{source}\n{caseId}");

    /// <param name="version">Of the event inside its stream, from 1.</param>
    public static Guid Event(string source, string caseId, long version, DateTimeOffset occurred) => Version7(occurred, $"event\n{source}\n{caseId}\n{version}");

    public static Guid Message(string source, string caseId, long version, DateTimeOffset occurred) => Version7(occurred, $"message\n{source}\n{caseId}\n{version}");

    /// <summary>UUIDv8 of a requester whom the source knows by an opaque id.</summary>
    public static Guid Requester(string source, string requester)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"requester\n{source}\n{requester}"), hash);
        return Shaped(hash[..16], version: 8);
    }

    static Guid Version7(DateTimeOffset at, string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        // 48 bits of milliseconds in front; times before 1970 have none.
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, at.ToUnixTimeMilliseconds()));
        time[2..].CopyTo(hash);
        return Shaped(hash[..16], version: 7);
    }

    static Guid Shaped(Span<byte> bytes, int version)
    {
        bytes[6] = (byte)((bytes[6] & 0x0f) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
