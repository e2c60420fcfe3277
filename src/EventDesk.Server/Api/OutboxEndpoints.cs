using System.Buffers.Binary;
using System.Buffers.Text;
using EventDesk.Domain.Access;
using EventDesk.Service.Reporting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Nothing is delivered yet: every entry is pending.</summary>
public sealed record OutboxEntryAnswer(Guid Event, Guid Ticket, long Version, string Kind, string Type, string Status, DateTimeOffset Recorded);

public sealed record OutboxAnswer(IReadOnlyList<OutboxEntryAnswer> Entries, string? Next);

/// <summary>What customers are to be told.</summary>
static class OutboxEndpoints
{
    const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/outbox", Page).Is(Operation.ReadOutbox, "readOutbox", "Log", "Read the outbox",
            "Confirmations and notices of progress in the order of the log, one per event. Thin: no text and no address.")
            .WithMetadata(QueryParameter.Limit with { Description = "Entries of the page, 1 to 1000; 50 when not given." }, QueryParameter.After);

    static async Task<Results<Ok<OutboxAnswer>, Problem>> Page(HttpContext http, OutboxPages outbox, CancellationToken ct)
    {
        var query = new Query(http);
        var (limit, after) = (query.Limit(MaxLimit), query.After(sizeof(long)));
        if (query.Problem is { } problem)
            return problem;
        var entries = await outbox.Read(after.Length == 0 ? 0 : BinaryPrimitives.ReadInt64BigEndian(after), limit, ct);
        string? next = null;
        if (entries.Count == limit)
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, entries[^1].SeqId);
            next = Cursor.NextPage(http, Base64Url.EncodeToString(bytes));
        }
        return TypedResults.Ok(new OutboxAnswer(
            [.. entries.Select(e => new OutboxEntryAnswer(e.Event, e.Ticket, e.Version, e.Kind, e.Type, "pending", e.Recorded))], next));
    }
}
