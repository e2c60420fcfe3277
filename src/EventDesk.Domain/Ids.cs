namespace EventDesk.Domain;

/// <summary>A ticket's stream; UUIDv7, so its time of opening can be read from it.</summary>
public readonly record struct TicketId(Guid Value);

/// <summary>Someone who asks. Derived from the address by a keyed hash, so the same person has the same id and the id tells nothing.</summary>
public readonly record struct CustomerId(Guid Value);

/// <summary>A member of staff by handle: <c>ann</c>.</summary>
public readonly record struct AgentId(string Value);

/// <summary>A desk is product × language, never language alone: <c>billing/pl</c>.</summary>
public readonly record struct DeskId(string Value)
{
    public static DeskId Of(string product, string language) => new($"{product}/{language}");
    public override string ToString() => Value;
}

/// <summary>The automatic rule that made something happen, as it stood then.</summary>
public sealed record RuleRef(string Id, int Version);

/// <summary>Personal data or free text. Stored encrypted under the ticket's own key; <see cref="Text"/> is null once it was erased.</summary>
public sealed record SealedText(string? Text)
{
    public static readonly SealedText Erased = new((string?)null);
    public static implicit operator SealedText(string text) => new(text);

    /// <summary>Never the text: logs and exceptions print records.</summary>
    public override string ToString() => Text is null ? "(erased)" : "(sealed)";
}
