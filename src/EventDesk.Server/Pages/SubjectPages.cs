using System.Diagnostics;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Retention;
using EventDesk.Service.Subjects;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>What is held on a customer, for the privacy officer.</summary>
static class SubjectPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/subjects", (HttpContext http, Viewers viewers) => Search(http, viewers, null)).For(Operation.ExportSubject);
        pages.MapPost("/subjects", Find).For(Operation.ExportSubject);
        pages.MapGet("/subjects/{customer}", Show).For(Operation.ExportSubject);
        pages.MapPost("/subjects/{customer}/erasure-requests", Request).For(Operation.RequestErasure);
    }

    static IResult Search(HttpContext http, Viewers viewers, string? asked) => PageResults.Of<SubjectSearchPage>(viewers.Of(http), nameof(SubjectSearchPage.Screen), new SubjectSearchScreen(asked));

    /// <summary>By POST: an address of somebody belongs into no address line and no log. What is shown then has the pseudonym in it.</summary>
    static async Task<IResult> Find(HttpContext http, TicketDesk desk, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || form.Text("who") is not { Length: <= 320 } who)
            return Problems.MalformedRequest("It is no form of ours.");
        if (who.Contains('@', StringComparison.Ordinal))
            return PageResults.SeeOther($"/subjects/{desk.CustomerOf(who).Value}");
        // The officer may read every ticket.
        return await desk.Resolve(who.Trim().TrimStart('#'), ct) is { } ticket && await desk.Find(ticket, http.Asker(), Operation.ReadTicket, ct) is { } entry
            ? PageResults.SeeOther($"/subjects/{entry.Ticket.Requester.Value}")
            : Search(http, viewers, who);
    }

    static async Task<IResult> Show(string customer, HttpContext http, PrivacyBudgets budgets, Viewers viewers, CancellationToken ct) =>
        Guid.TryParseExact(customer, "D", out var id)
            ? PageResults.Of<SubjectPage>(viewers.Of(http), nameof(SubjectPage.Screen), new SubjectScreen(await budgets.Of(new(id), ct)))
            : Problems.NoSuch("customer_not_found", "customer");

    static async Task<IResult> Request(string customer, HttpContext http, ErasureRequests requests, PrivacyBudgets budgets, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || form["sure"] != "yes")
            return Problems.MalformedRequest("It is no form of ours.");
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        return Guid.TryParseExact(customer, "D", out var id) && await requests.Record(new CustomerId(id), by, Activity.Current?.TraceId.ToHexString(), ct) is var (_, at)
            ? PageResults.Of<SubjectPage>(viewers.Of(http), nameof(SubjectPage.Screen), new SubjectScreen(await budgets.Of(new(id), ct), at))
            : Problems.NoSuch("customer_not_found", "customer");
    }
}
