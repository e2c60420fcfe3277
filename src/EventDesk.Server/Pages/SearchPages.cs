using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Searching;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>The search, for people.</summary>
static class SearchPages
{
    const int PageSize = 20;

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/search", Show).For(Operation.Search);

    static async Task<IResult> Show(HttpContext http, TicketSearch search, OrganisationBook organisation, Viewers viewers, CancellationToken ct)
    {
        var look = new SearchLook(Text("q")?.Trim() ?? "", Text("desk"), ExactEnum<Status>.TryParse(Text("status") ?? "", out var status) ? status : null);
        var query = look.Query.Length > SearchQuery.LongestText ? null : SearchQuery.Parse(look.Query);
        var fault = look.Query.Length == 0 || query is not null ? null : "search.not_searchable";
        var page = query is null
            ? null
            : await search.Page(
                query, new SearchFilter(look.Desk is { } desk ? new DeskId(desk) : null, look.Status), http.Principal(), Text("after") is { } after ? SearchEndpoints.BelowOf(after) : null, PageSize, ct);
        var reach = Policy.Decide(http.Principal(), Operation.Search)!.Reach;
        var desks = organisation.Now.Desks.Where(d => !d.Retired).Select(d => DeskId.Of(d.Product, d.Language)).Where(d => reach.Desks is null || reach.Desks.Contains(d));
        var further = page?.Below is { } below ? look.Address(SearchEndpoints.CursorOf(below)) : null;
        return PageResults.Of<Web.Pages.SearchPage>(
            viewers.Of(http), nameof(Web.Pages.SearchPage.Screen), new SearchScreen(look, page, fault, further, [.. desks]),
            fault is not null ? StatusCodes.Status400BadRequest : page is { Ready: false } ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

        string? Text(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
    }
}
