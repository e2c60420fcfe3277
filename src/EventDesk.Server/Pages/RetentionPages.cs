using System.Diagnostics;
using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Retention;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>What the retention rules would do, and doing it.</summary>
static class RetentionPages
{
    const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/retention", Show).For(Operation.ReadRetention);
        pages.MapPost("/retention/runs", Run).For(Operation.RunRetention);
    }

    static async Task<IResult> Show(HttpContext http, RetentionDesk retention, Viewers viewers, TimeProvider clock, CancellationToken ct) =>
        Page(http, viewers, await Look(http, retention, clock, ct));

    static async Task<RetentionScreen> Look(HttpContext http, RetentionDesk retention, TimeProvider clock, CancellationToken ct)
    {
        var (now, day, seen) = (clock.GetUtcNow(), http.Request.Query["at"].ToString(), new Query(http).AfterTimeAndId());
        // The whole of the day that is asked for.
        var until = DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue
            ? new DateTimeOffset(date.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : (DateTimeOffset?)null;
        var wrong = day.Length > 0 && !(until > now);
        var found = await retention.Preview(wrong ? now : until ?? now, seen, PageSize, ct);
        var further = found.More
            ? "/retention" + QueryString.Create(new Dictionary<string, string?> { ["at"] = day, ["after"] = Cursor.Of(found.Tickets[^1].Due.Since, found.Tickets[^1].Ticket) }) : null;
        return new(day, wrong, found, further);
    }

    static async Task<IResult> Run(HttpContext http, RetentionDesk retention, Viewers viewers, TimeProvider clock, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || form["sure"] != "yes")
            return Problems.MalformedRequest("It is no form of ours.");
        var done = await retention.Run(withPeople: true, Activity.Current?.TraceId.ToHexString(), ct);
        return Page(http, viewers, await Look(http, retention, clock, ct) with { Done = done });
    }

    static IResult Page(HttpContext http, Viewers viewers, RetentionScreen screen) => PageResults.Of<RetentionPage>(viewers.Of(http), nameof(RetentionPage.Screen), screen);
}
