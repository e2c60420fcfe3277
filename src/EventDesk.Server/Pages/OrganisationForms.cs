using System.Diagnostics;
using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Web;
using EventDesk.Web.Pages;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Pages;

/// <summary>The form that changes a part of the organisation: shown, read, checked by the API's rules, and shown again where something is wrong.</summary>
static class OrganisationForms
{
    static readonly LocalDateTimePattern Moment = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/organisation/edit", (HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock) =>
            Show(http, string.Join('/', http.Request.Query["of"].AsEnumerable()), book, viewers, clock, null)).For(Operation.ManageOrganisation);
        pages.MapPost("/organisation/edit", Change).For(Operation.ManageOrganisation);
        pages.MapPost("/organisation/customers", Find).For(Operation.ManageOrganisation);
    }

    /// <summary>By POST: an address of somebody belongs into no address line and no log. What is shown then has the pseudonym in it.</summary>
    static async Task<IResult> Find(HttpContext http, TicketDesk desk, CancellationToken ct) =>
        await FormFields.Read(http, ct) is { } form && form.Text("email") is { Length: <= TextRules.MaxEmail } email && email.Contains('@', StringComparison.Ordinal)
            ? PageResults.SeeOther($"/organisation/edit?of=customer/{desk.CustomerOf(email).Value}")
            : Problems.MalformedRequest("It is no form of ours.");

    static IResult Show(HttpContext http, string key, OrganisationBook book, Viewers viewers, TimeProvider clock, (FormReply Reply, int Status)? replied)
    {
        if (PartForms.Of(key) is null)
            return Defined.NoSuchPart();
        var versions = book.History.Versions(key);
        var screen = new PartScreen(key, versions.Count == 0 ? null : versions[^1].Definition, replied?.Reply)
        {
            Versions = [.. versions.Select(v => new PartVersion(v.Version, v.From == Instant.MinValue ? null : v.From.ToDateTimeOffset(), OrganisationPages.Json(v.Definition))).Reverse()],
            Standing = versions.Count == 0 ? null : OrganisationPages.Standing(versions, Instant.FromDateTimeOffset(clock.GetUtcNow())),
            Among = book.Now,
        };
        return PageResults.Of<PartPage>(viewers.Of(http), nameof(PartPage.Screen), screen, replied?.Status ?? StatusCodes.Status200OK);
    }

    static async Task<IResult> Change(HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || !long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return Problems.MalformedRequest("It is no form of ours.");
        var key = form["of"];
        if (PartForms.Of(key) is not { } read)
            return Defined.NoSuchPart();
        foreach (var word in key.Split('/').Skip(1))
            form.Faults.Identifier("id", word, TextRules.MaxIdentifier);
        var (from, part) = (From(form, viewers.Of(http).Zone), read(form));
        if (form.Faults.Found.Count > 0)
            return Again(FormReplied.Faulty("part", form));
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        return await book.Define(part, from, version, by, Activity.Current?.TraceId.ToHexString(), ct) switch
        {
            Defining.Stale => Again((new("part", "stale_version", [], form.Values), StatusCodes.Status412PreconditionFailed)),
            Defining.Refused refused => Again((new("part", "organisation_at_odds", refused.Reasons, form.Values) { Faults = PartForms.Placed(key, form, refused.Reasons) }, StatusCodes.Status409Conflict)),
            _ => PageResults.SeeOther("/organisation" + QueryString.Create("part", OrganisationScreen.PartOf(key))),
        };

        IResult Again((FormReply, int) replied) => Show(http, key, book, viewers, clock, replied);
    }

    /// <summary>When a definition is to hold, in the time of the browser; null: at once, or it is none, which is a fault.</summary>
    internal static DateTimeOffset? From(FormFields form, DateTimeZone zone)
    {
        if (form.Text("from") is not { } text)
            return null;
        if (Moment.Parse(text) is { Success: true } moment)
            return zone.AtLeniently(moment.Value).ToInstant().ToDateTimeOffset();
        form.Faults.Add("from", "invalid_time", "It is a time such as 2026-03-02T08:00.");
        return null;
    }
}
