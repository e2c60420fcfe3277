using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Importing;

/// <summary>What a row says about its ticket, in our words. Two files that give the same facts are the same log.</summary>
sealed record Facts
{
    public required DateTimeOffset At { get; init; }

    /// <summary>As the source says it, even when rows lie before it; only the first row's counts.</summary>
    public required DateTimeOffset Opened { get; init; }

    public string? Activity { get; init; }
    public string? State { get; init; }
    public string? Actor { get; init; }
    public bool ActorIsSystem { get; init; }
    public string? Agent { get; init; }
    public bool Unassigned { get; init; }
    public string? Team { get; init; }
    public SupportLine? Line { get; init; }
    public Severity? Severity { get; init; }

    /// <summary>The severity was judged in this row, also when it stayed.</summary>
    public bool Assessed { get; init; }

    /// <summary>The ticket was handed on in this row, also when the team reads the same.</summary>
    public bool Transferred { get; init; }

    /// <summary>Working, ongoing, waiting, resolved or closed; null: as before.</summary>
    public Emit? Phase { get; init; }

    public WaitingReason Reason { get; init; }
    public IReadOnlyList<(Emit Kind, string Text)> Messages { get; init; } = [];

    /// <summary>Some rule knew the row.</summary>
    public bool Known { get; init; }

    /// <summary>On the first row of a case.</summary>
    public Opening? Opening { get; init; }
}

/// <summary>What only the opening of a ticket says.</summary>
sealed record Opening
{
    public required string Product { get; init; }
    public required string Language { get; init; }

    /// <summary>An opaque id of the source; never a name or an address.</summary>
    public string? Requester { get; init; }

    public string? RequesterName { get; init; }
    public string? RequesterEmail { get; init; }
    public string? Subject { get; init; }
    public string? Body { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>
/// A running digest over the facts of a case, so that a later file can be told apart: the same, longer, or changed. Personal texts
/// go in through <paramref name="pseudonym"/>, a keyed hash, so that the stored digest says nothing about guessable text.
/// </summary>
sealed class FactsDigest(Func<string, Guid> pseudonym)
{
    readonly ArrayBufferWriter<byte> facts = new(512);
    readonly byte[] digest = new byte[32];

    /// <summary>Over all rows so far; a copy.</summary>
    public ReadOnlyMemory<byte> Value => digest.ToArray();

    public void Add(Facts f)
    {
        facts.ResetWrittenCount();
        facts.Write(digest);
        Number(f.At.UtcTicks);
        Number(f.Opening is null ? 0 : f.Opened.UtcTicks);
        Number((f.ActorIsSystem ? 1 : 0) | (f.Unassigned ? 2 : 0) | (f.Assessed ? 4 : 0) | (f.Transferred ? 8 : 0));
        Number(((int?)f.Line ?? 0) | (((int?)f.Severity ?? 0) << 8) | (((int?)f.Phase ?? -1) << 16));
        Number(f.Phase == Emit.Waiting ? (int)f.Reason : 0);
        foreach (var text in (ReadOnlySpan<string?>)[f.Activity, f.State, f.Actor, f.Agent, f.Team])
            Text(text);
        foreach (var (kind, text) in f.Messages)
        {
            Number((int)kind);
            Text(Sealed(text));
        }
        if (f.Opening is { } o)
            foreach (var text in (string?[])[o.Product, o.Language, o.Requester, Sealed(o.RequesterName), Sealed(o.RequesterEmail), Sealed(o.Subject), Sealed(o.Body), .. o.Tags])
                Text(text);
        SHA256.HashData(facts.WrittenSpan, digest);
    }

    string? Sealed(string? text) => text is null ? null : pseudonym(text).ToString();

    void Number(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(facts.GetSpan(8), value);
        facts.Advance(8);
    }

    void Text(string? text)
    {
        Number(text?.Length ?? -1);
        if (text is not null) Encoding.UTF8.GetBytes(text, facts);
    }
}
