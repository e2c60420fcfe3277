using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Server.Pages;
using EventDesk.Server.SignIn;
using EventDesk.Service.Access;
using EventDesk.Service.Organising;
using EventDesk.Web.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Api;

/// <summary>A desk and its hours as they are published.</summary>
sealed record DeskHours(Desk Desk, Product Product, Language Language, CalendarDefinition? Calendar, PublishedHours Published)
{
    public string Name => Desk.Name ?? Product.Name;

    /// <summary>The desks that take tickets, by language and product.</summary>
    public static IReadOnlyList<DeskHours> All(OrganisationBook book, Instant now)
    {
        var (organisation, history) = (book.Now, book.History);
        List<DeskHours> all = [];
        foreach (var desk in organisation.Desks.Where(d => !d.Retired))
            if (organisation.Products.FirstOrDefault(p => p.Id == desk.Product) is { } product
                && organisation.Languages.FirstOrDefault(l => l.Id == desk.Language) is { } language
                && history.Hours($"desk/{desk.Id}") is { } hours)
                all.Add(new(desk, product, language, organisation.Calendars?.FirstOrDefault(c => c.Id == desk.Calendar), PublishedHours.Of(hours, now)));
        return [.. all.OrderBy(d => d.Language.Id, StringComparer.Ordinal).ThenBy(d => d.Product.Id, StringComparer.Ordinal)];
    }
}

/// <summary>When the desks can be reached and how: for everybody, with nothing but what is published.</summary>
public static class HoursEndpoints
{
    /// <summary>So long an opening or closing may go unnoticed by who has asked before.</summary>
    const string Cached = "public, max-age=30";

    static readonly QueryParameter OfLanguage = new("language", "string", "Only desks of this language.", "pl");
    static readonly QueryParameter OfProduct = new("product", "string", "Only desks of this product.", "billing");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/hours", Read).WithName("readHours").WithTags("Organisation").WithSummary("Read the opening hours")
            .WithDescription("For everybody: how each desk stands now, when it opens or closes next, its week, the dates ahead that differ, and its channels. As a page: /hours.")
            .WithMetadata(OfLanguage, OfProduct);
        routes.MapGet("/hours", Page).WithMetadata(OfLanguage, OfProduct, new KnowsWho()).ExcludeFromDescription();
    }

    static Results<Ok<HoursAnswer>, Problem> Read(HttpContext http, OrganisationBook book, TimeProvider time)
    {
        var query = new Query(http);
        if (query.Problem is { } problem)
            return problem;
        var now = time.GetUtcNow();
        http.Response.Headers.CacheControl = Cached;
        return TypedResults.Ok(new HoursAnswer(now, [.. Matching(DeskHours.All(book, Instant.FromDateTimeOffset(now)), query).Select(Answer)]));
    }

    /// <summary>For everybody, in the portal's look; whoever is signed in keeps what is theirs around it.</summary>
    static IResult Page(HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider time)
    {
        var query = new Query(http);
        if (query.Problem is { } problem)
            return problem;
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var all = DeskHours.All(book, now);
        var (language, product) = (query.Text(OfLanguage.Name), query.Text(OfProduct.Name));
        var viewer = viewers.Of(http);
        if (http.User is not Caller { Kind: CredentialKind.Session })
        {
            // A program's token opens no more than nobody does: what everybody may keep says nothing of anybody.
            viewer = viewer with { Who = null };
            http.Response.Headers.CacheControl = Cached;
        }
        var words = HoursWords.In(language ?? viewer.Words.Language);
        return new Page<OpeningHoursPage>(new Dictionary<string, object?>
        {
            [nameof(OpeningHoursPage.V)] = viewer, [nameof(OpeningHoursPage.Title)] = words.Title, [nameof(OpeningHoursPage.Tag)] = words.Tag, [nameof(OpeningHoursPage.Direction)] = words.Direction,
            [nameof(OpeningHoursPage.Html)] = new HoursPage(all, language, product, words, now).Html([.. Matching(all, query)]),
        });
    }

    static IEnumerable<DeskHours> Matching(IEnumerable<DeskHours> all, Query query)
    {
        var (language, product) = (query.Text(OfLanguage.Name), query.Text(OfProduct.Name));
        return all.Where(d => (language is null || d.Language.Id == language) && (product is null || d.Product.Id == product));
    }

    static DeskHoursAnswer Answer(DeskHours d)
    {
        var published = d.Published;
        return new()
        {
            Desk = d.Desk.Id.Value, Product = d.Product.Id, Language = d.Language.Id, Name = d.Desk.Name, ProductName = d.Product.Name, LanguageName = d.Language.Name,
            State = published.State, OpensAt = published.OpensAt?.ToDateTimeOffset(), ClosesAt = published.ClosesAt?.ToDateTimeOffset(), Zone = d.Calendar?.Zone,
            Week = published.Hours.Week is { } week ? Days.ToDictionary(CalendarDefinition.NameOf, day => Written(week.GetValueOrDefault(day, []))) : null,
            Days = published.Hours.Known ? null : d.Calendar?.Days,
            Dates = [.. published.Dates.Select(s => new SpecialDateAnswer(LocalDatePattern.Iso.Format(s.Date), Written(s.Intervals)))],
            Channels = OrganisationEndpoints.Channels(d.Desk),
        };
    }

    /// <summary>Monday first.</summary>
    internal static IReadOnlyList<IsoDayOfWeek> Days { get; } = [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None)];

    static IReadOnlyList<string> Written(IReadOnlyList<OpenInterval> intervals) => [.. intervals.Select(PublishedHours.Written)];
}
