using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EventDesk.Service.Reporting;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

public sealed record ReportRowAnswer<T>(
    [property: Description("The values this row is for, by dimension.")] IReadOnlyDictionary<string, string> Group, T Figures,
    [property: Description("The events behind these figures; with figure=, those behind one.")] string Events);

public sealed record ReportAnswer<T>(
    string Report, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? AsOf, IReadOnlyList<ReportRowAnswer<T>> Rows,
    [property: Description("Over all rows, computed from the tickets and not from the rows.")] T Total,
    [property: Description("The events behind all of them.")] string Events);

public sealed record EventBehindAnswer(
    Guid Ticket, long Number, long Version, long Sequence, string Type, DateTimeOffset Occurred, DateTimeOffset Recorded,
    [property: Description("The ticket's history.")] string History);

public sealed record EventsBehindAnswer(IReadOnlyList<EventBehindAnswer> Events, string? Next);

/// <summary>Where a report's rows can be opened.</summary>
static class ReportLinks
{
    static readonly string[] OfTheAnswer = ["groupBy", "format", "part", "limit", "after", "unit", "figure"];

    /// <param name="exact">Instants that the question left open, as they were taken: the events have to be asked for under the same.</param>
    public static ReportAnswer<T> Of<T>(HttpContext http, string path, Report<T> report, params IReadOnlyList<(string Name, DateTimeOffset At)> exact) => new(
        path, report.Query.From, report.Query.To, exact.Where(e => e.Name == "asOf").Select(e => (DateTimeOffset?)e.At).FirstOrDefault(),
        [.. report.Rows.Select(r => new ReportRowAnswer<T>(r.Group, r.Figures, To(http, path, r.Group, exact)))],
        report.Total, To(http, path, new Dictionary<string, string>(), exact));

    /// <summary>The same question, narrowed to a row's values.</summary>
    static string To(HttpContext http, string path, IReadOnlyDictionary<string, string> group, IReadOnlyList<(string Name, DateTimeOffset At)> exact) =>
        $"/api/reports/{path}/events{Narrowed(http, group, exact)}";

    /// <summary>The query of it.</summary>
    public static QueryString Narrowed(HttpContext http, IReadOnlyDictionary<string, string> group, IReadOnlyList<(string Name, DateTimeOffset At)> exact) => QueryString.Create(
        http.Request.Query
            .Where(q => !OfTheAnswer.Contains(q.Key) && !group.ContainsKey(q.Key) && exact.All(e => e.Name != q.Key) && q.Value is not [""])
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value))
            .Concat(group.Select(g => KeyValuePair.Create(g.Key, (string?)g.Value)))
            .Concat(exact.Select(e => KeyValuePair.Create(e.Name, (string?)e.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ")))));
}

static class ReportBuilder
{
    public static RouteHandlerBuilder ProducesReport<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<ReportAnswer<T>>(StatusCodes.Status200OK, "application/json", Csv.MediaType);
}

/// <summary>A report as JSON or CSV, or what was wrong with the question.</summary>
public sealed class ReportResult : IResult
{
    readonly Func<HttpContext, Task> write;

    ReportResult(Func<HttpContext, Task> write) => this.write = write;

    public static ReportResult Wrong(Problem problem) => new(problem.ExecuteAsync);

    public static ReportResult Of<T>(ReportAnswer<T> answer, bool csv) => new(http =>
    {
        http.Response.Headers.Vary = "Accept, Authorization";
        return csv ? Csv.Write(http, answer) : TypedResults.Ok(answer).ExecuteAsync(http);
    });

    public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
}

/// <summary>A page of events behind a figure.</summary>
public sealed class EventsResult : IResult, IEndpointMetadataProvider
{
    readonly IResult inner;

    public EventsResult(Problem problem) => inner = problem;

    EventsResult(EventsBehindAnswer answer) => inner = TypedResults.Ok(answer);

    public static EventsResult Of(HttpContext http, EventsBehind page) => new(new EventsBehindAnswer(
        [.. page.Events.Select(e => new EventBehindAnswer(
            e.Ticket, e.Number, e.Version, e.SeqId, e.Type, e.Occurred, e.Recorded, $"/api/tickets/{e.Ticket}/events"))],
        page.Next is { } next ? Cursor.NextPage(http, EventCursor.Of(next)) : null));

    public Task ExecuteAsync(HttpContext httpContext) => inner.ExecuteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(EventsBehindAnswer), ["application/json"]));
}

/// <summary>Where a page of events ended.</summary>
static class EventCursor
{
    public const int Length = 24;

    public static string Of(EventPosition at)
    {
        Span<byte> bytes = stackalloc byte[Length];
        at.Ticket.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], at.Version);
        return Base64Url.EncodeToString(bytes);
    }

    public static EventPosition Read(ReadOnlySpan<byte> bytes) => new(new Guid(bytes[..16], bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(bytes[16..]));
}

/// <summary>Rows as RFC 4180: the dimensions, then every figure under its path in the JSON.</summary>
static class Csv
{
    public const string MediaType = "text/csv";

    static readonly JsonSerializerOptions WithNulls = new(ApiJson.Http.Options) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never };

    /// <summary>Without rows, the figures of all.</summary>
    public static async Task Write<T>(HttpContext http, ReportAnswer<T> report)
    {
        List<Dictionary<string, string>> cells = report.Rows.Count == 0
            ? [Cells(new Dictionary<string, string>(), report.Total)]
            : [.. report.Rows.Select(r => Cells(r.Group, r.Figures))];
        await Write(http, [.. cells.SelectMany(c => c.Keys).Distinct()], cells);
    }

    /// <summary>The columns of the rows; empty where a row has none.</summary>
    public static async Task Write(HttpContext http, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyDictionary<string, string>> cells)
    {
        var text = new StringBuilder(string.Join(',', columns.Select(Quoted))).Append("\r\n");
        foreach (var row in cells)
            text.AppendJoin(',', columns.Select(c => Quoted(row.GetValueOrDefault(c, "")))).Append("\r\n");
        http.Response.ContentType = MediaType + "; charset=utf-8";
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    static Dictionary<string, string> Cells<T>(IReadOnlyDictionary<string, string> group, T figures)
    {
        Dictionary<string, string> cells = new(group);
        Flatten(JsonSerializer.SerializeToNode(figures, (JsonTypeInfo<T>)WithNulls.GetTypeInfo(typeof(T))), "", cells);
        return cells;
    }

    static void Flatten(JsonNode? node, string path, Dictionary<string, string> cells)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members) Flatten(value, path.Length == 0 ? name : $"{path}.{name}", cells);
        else if (node is JsonArray items)
            for (var i = 0; i < items.Count; i++) Flatten(items[i], $"{path}.{i}", cells);
        else
            cells[path] = node?.ToString() ?? "";
    }

    /// <summary>A cell that begins like a formula is one to a spreadsheet; names of agents and teams come from outside.</summary>
    static string Quoted(string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '@' or '\t' || (cell.StartsWith('-') && !double.TryParse(cell, out _))) cell = "'" + cell;
        return cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
