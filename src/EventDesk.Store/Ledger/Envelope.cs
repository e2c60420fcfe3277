
namespace EventDesk.Store.Ledger;

/// <summary>UTF-8 text, or the null of the database.</summary>
readonly ref struct MaybeText
{
    readonly bool present;

    public MaybeText(ReadOnlySpan<byte> utf8)
    {
        Utf8 = utf8;
        present = true;
    }

    public MaybeText(byte[]? utf8)
    {
        Utf8 = utf8;
        present = utf8 is not null;
    }

    public ReadOnlySpan<byte> Utf8 { get; }

    public void Write(Canonicalizer to)
    {
        if (present)
            to.Text(Utf8);
        else
            to.Raw("null"u8);
    }
}

/// <summary>Everything an event's digest vouches for: all that is stored of it but its place in the global order and its archive mark.</summary>
readonly ref struct Envelope
{
    public required Guid Id { get; init; }
    public required Guid Stream { get; init; }
    public required long Version { get; init; }
    public required ReadOnlySpan<byte> Type { get; init; }
    public required MaybeText DotnetType { get; init; }
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>With or without the digest; it is left out.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }
    public required DateTime Recorded { get; init; }
    public required MaybeText Tenant { get; init; }
    public required MaybeText Correlation { get; init; }
    public required MaybeText Causation { get; init; }
    public required MaybeText User { get; init; }

    public void Digest(ReadOnlySpan<byte> previous, Canonicalizer canonical, Span<byte> digest)
    {
        canonical.Raw(previous);
        Write(canonical);
        Digests.Hash(canonical.Written, digest);
    }

    /// <remarks>The names stand in RFC 8785 order already.</remarks>
    public void Write(Canonicalizer canonical)
    {
        canonical.Raw("{\"causation\":"u8);
        Causation.Write(canonical);
        canonical.Raw(",\"correlation\":"u8);
        Correlation.Write(canonical);
        canonical.Raw(",\"data\":"u8);
        canonical.Json(Data);
        canonical.Raw(",\"dotnetType\":"u8);
        DotnetType.Write(canonical);
        canonical.Raw(",\"headers\":"u8);
        canonical.Json(Headers, without: "digest"u8);
        canonical.Raw(",\"id\":\""u8);
        canonical.Raw(Id);
        canonical.Raw("\",\"stream\":\""u8);
        canonical.Raw(Stream);
        canonical.Raw("\",\"tenant\":"u8);
        Tenant.Write(canonical);
        canonical.Raw(",\"timestamp\":\""u8);
        Span<byte> time = stackalloc byte[32];
        Recorded.TryFormat(time, out var written, "yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        canonical.Raw(time[..written]);
        canonical.Raw("\",\"type\":"u8);
        canonical.Text(Type);
        canonical.Raw(",\"user\":"u8);
        User.Write(canonical);
        canonical.Raw(",\"version\":"u8);
        canonical.Number(Version);
        canonical.Raw((byte)'}');
    }
}
