using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Server.SignIn;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>Every address of the console. They are for people, and no part of the API's document.</summary>
public static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription().WithMetadata(new IsPage());
        pages.MapGet("/", Start).WithMetadata(new AsksWho());
        pages.MapGet("/settings", (HttpContext http, string? language, string? theme, string? back) => Viewers.Choose(http, language, theme, back));
        var desk = pages.MapGroup("").AddEndpointFilter(Staff);
        QueuePages.Map(desk);
        SavedViewPages.Map(desk);
        SearchPages.Map(desk);
        DeskOpeningPages.Map(desk);
        TicketPages.Map(desk);
        TicketForms.Map(desk);
        AttachmentForms.Map(desk);
        RedactionForms.Map(desk);
        RevealForms.Map(desk);
        PairForms.Map(desk);
        ReplyForms.Map(desk);
        MacroPages.Map(desk);
        BulkPages.Map(desk);
        HistoryPages.Map(desk);
        ReportPages.Map(desk);
        ReviewPages.Map(desk);
        MonitorPages.Map(desk);
        IncidentPages.Map(desk);
        TriagePages.Map(desk);
        BoardPages.Map(desk);
        LogPages.Map(desk);
        RetentionPages.Map(desk);
        SubjectPages.Map(desk);
        PeoplePages.Map(desk);
        TokenPages.Map(desk);
        OrganisationPages.Map(desk);
        OrganisationForms.Map(desk);
        PortalPages.Map(routes);
        StatusPages.Map(pages);
        routes.MapGet("/assets/{file}", Asset).ExcludeFromDescription();
    }

    static IResult Start(HttpContext http, Viewers viewers) => PageResults.SeeOther(ConsolePlaces.Start(viewers.Of(http)));

    /// <summary>What the desk sees is not for customers, whatever they may do: they have pages of their own.</summary>
    static async ValueTask<object?> Staff(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        !context.HttpContext.AsCustomer() ? await next(context)
        : context.HttpContext.Request.RouteValues["ticket"] is string ticket ? PageResults.SeeOther($"/portal/tickets/{Uri.EscapeDataString(ticket)}")
        : PageResults.SeeOther("/portal");

    /// <summary>Names the operation a page is for; the gate asks the policy about it.</summary>
    public static RouteHandlerBuilder For(this RouteHandlerBuilder page, Operation operation) => page.WithMetadata(new Asks(operation));

    static async Task Asset(string file, HttpContext http)
    {
        if (!WebAssets.ByFile.TryGetValue(file, out var asset))
        {
            await Problems.NoSuchResource().ExecuteAsync(http);
            return;
        }
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        http.Response.ContentType = asset.MediaType;
        var packed = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (packed)
            headers.ContentEncoding = "br";
        var content = packed ? asset.Brotli : asset.Plain;
        http.Response.ContentLength = content.Length;
        await http.Response.BodyWriter.WriteAsync(content, http.RequestAborted);
    }
}
