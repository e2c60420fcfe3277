using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Searching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

public sealed record SearchPieceAnswer(string Text, [property: Description("It is what was searched for.")] bool? Found);

/// <summary>A ticket that was found.</summary>
public sealed record SearchHitAnswer
{
    public required Guid Id { get; init; }
    public required long Number { get; init; }
    public required long Version { get; init; }

    [Description("In pieces; empty where there is none, or it was erased.")]
    public required IReadOnlyList<SearchPieceAnswer> Subject { get; init; }

    public required string Desk { get; init; }
    public required SupportLine Line { get; init; }
    public required Status Status { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    [Description("Which text the snippet is of.")]
    public SearchPlace? Place { get; init; }

    public DateTimeOffset? WrittenAt { get; init; }

    [Description("What stands around the words, as it is shown on the ticket: stars where something is hidden.")]
    public required IReadOnlyList<SearchPieceAnswer> Snippet { get; init; }
}

/// <summary>Tickets that were found, the newest first.</summary>
public sealed record SearchAnswer(
    IReadOnlyList<SearchHitAnswer> Hits,
    [property: Description("Where to go on; there may be more even where this page is not full. Left out when all tickets were looked at.")] string? Next);

/// <summary>Finding tickets by their words.</summary>
public static class SearchEndpoints
{
    const int DefaultLimit = 20;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/search", Search).Is(Operation.Search, "search", "Search", "Search tickets",
            "Tickets within reach on whose subject or messages all of the words stand, the newest first. Other forms of a word count in the languages that have a stemmer, "
            + "accents and case do not. \"Words in a row\" as written; -word must not be there; the last word may be unfinished. What is hidden or erased is not found.")
            .WithMetadata(
                new QueryParameter("q", "string", "What to look for: up to 10 words, 200 characters.", "invoice -refund"),
                new QueryParameter("desk", "string", "Only this desk, product/language.", "billing/pl"),
                new QueryParameter("status", "string", "Only tickets that are open, resolved or closed.", "open"),
                new QueryParameter("limit", "integer", "Tickets of the page, 1 to 50; 20 when not given.", "20"),
                QueryParameter.After);

    static async Task<Results<Ok<SearchAnswer>, Problem>> Search(HttpContext http, TicketSearch search, CancellationToken ct)
    {
        var query = new Query(http);
        var asked = Asked(query);
        var (status, limit) = (query.OneOf<Status>("status"), query.Text("limit") is null ? DefaultLimit : query.Limit(TicketSearch.MostHits));
        var below = Below(query.After(sizeof(long)));
        if (query.Problem is { } problem)
            return problem;
        var filter = new SearchFilter(query.Text("desk") is { } desk ? new DeskId(desk) : null, status);
        var page = await search.Page(asked!, filter, http.Principal(), below, limit, ct);
        return page.Ready
            ? TypedResults.Ok(new SearchAnswer([.. page.Hits.Select(Of)], page.Below is { } next ? Cursor.NextPage(http, CursorOf(next)) : null))
            : Problems.SearchNotReady();
    }

    static SearchQuery? Asked(Query query)
    {
        if (query.Text("q") is not { } text)
            query.Fault("q", "required", "Say what to look for.");
        else if (text.Length > SearchQuery.LongestText)
            query.Fault("q", "too_long", $"It has {text.Length} characters; {SearchQuery.LongestText} are allowed.");
        else if (SearchQuery.Parse(text) is { } asked)
            return asked;
        else
            query.Fault("q", "not_searchable", $"It needs a word that has to be there, and at most {SearchQuery.MostWords} words.");
        return null;
    }

    public static string CursorOf(long below)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, below);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null: from the newest ticket on.</summary>
    static long? Below(byte[] cursor) => cursor.Length == 0 ? null : Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(cursor));

    /// <summary>The place a cursor of <see cref="CursorOf"/> names; null for any other text.</summary>
    public static long? BelowOf(string cursor)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return cursor.Length < 12 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == sizeof(long)
            ? Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(bytes)) : null;
    }

    static SearchHitAnswer Of(SearchHit h) => new()
    {
        Id = h.Id, Number = h.Number, Version = h.Version, Subject = Of(h.Subject), Desk = h.Desk, Line = h.Line, Status = h.Status, OpenedAt = h.OpenedAt,
        Place = h.Place, WrittenAt = h.WrittenAt, Snippet = Of(h.Snippet),
    };

    static IReadOnlyList<SearchPieceAnswer> Of(IReadOnlyList<SearchPiece> pieces) => [.. pieces.Select(p => new SearchPieceAnswer(p.Text, p.Found ? true : null))];
}
