using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Web;
using EventDesk.Web.Pages;
using NodaTime;
using NodaTime.Text;

namespace EventDesk.Server.Pages;

/// <summary>
/// The forms that change a part of the organisation: calendars, contracts, retention and privacy field by field, every other part as the body that the API takes. All are checked by the API's rules.
/// </summary>
static class OrganisationForms
{
    const int DateLength = 10;

    static readonly LocalDateTimePattern Moment = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/organisation/edit", (HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock) =>
            Show(http, http.Request.Query["of"].ToString(), book, viewers, clock, null)).For(Operation.ManageOrganisation);
        pages.MapPost("/organisation/edit", Change).For(Operation.ManageOrganisation);
    }

    static IResult Show(HttpContext http, string key, OrganisationBook book, Viewers viewers, TimeProvider clock, (FormReply Reply, int Status)? replied)
    {
        if (!IsPart(key))
            return Defined.NoSuchPart();
        var versions = book.History.Versions(key);
        var screen = new PartScreen(key, versions.Count == 0 ? null : versions[^1].Definition, replied?.Reply)
        {
            Versions = [.. versions.Select(v => new PartVersion(v.Version, v.From == Instant.MinValue ? null : v.From.ToDateTimeOffset(), OrganisationPages.Json(v.Definition))).Reverse()],
            Standing = versions.Count == 0 ? null : OrganisationPages.Standing(versions, Instant.FromDateTimeOffset(clock.GetUtcNow())),
            Calendars = [.. (book.Now.Calendars ?? []).Select(c => c.Id)],
        };
        return PageResults.Of<PartPage>(viewers.Of(http), nameof(PartPage.Screen), screen, replied?.Status ?? StatusCodes.Status200OK);
    }

    /// <summary>It has a form here. Those of retention and privacy are there once, and have no id.</summary>
    static bool IsPart(string key) => key is RetentionRules.Key or PrivacyRules.Key || (key.Split('/', 2) is [var kind, { Length: > 0 and < 200 }] && Defined.Knows(kind));

    static async Task<IResult> Change(HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || !long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return Problems.MalformedRequest("It is no form of ours.");
        var key = form["of"];
        var from = From(form, viewers.Of(http).Zone);
        var defined = Read(key, form);
        if (form.Faults.Found.Count > 0)
            return Again(FormReplied.Faulty("part", form));
        if (defined.Problem is { } problem)
            return Again(FormReplied.Of("part", form, problem));
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        return await book.Define(defined.Part!, from ?? defined.From?.ToUniversalTime(), version, by, Activity.Current?.TraceId.ToHexString(), ct) switch
        {
            Defining.Stale => Again((new("part", "stale_version", [], form.Values), StatusCodes.Status412PreconditionFailed)),
            Defining.Refused refused => Again((new("part", "organisation_at_odds", refused.Reasons, form.Values) { Faults = RetentionForm.Placed(form, refused.Reasons) }, StatusCodes.Status409Conflict)),
            _ => PageResults.SeeOther("/organisation" + QueryString.Create("part", Shown(key))),
        };

        IResult Again((FormReply, int) replied) => Show(http, key, book, viewers, clock, replied);
    }

    static DefinedPart Read(string key, FormFields form) => key.Split('/', 2) switch
    {
        ["calendar", var id] => Calendar(id, form),
        ["contract", var id] => ContractForm.Read(id, form),
        [RetentionRules.Key] => RetentionForm.Read(form),
        _ when key == PrivacyRules.Key => new(new PrivacyRules(form["revealNeedsSecondPerson"] == "yes"), null, null),
        _ => Defined.Read(key, Encoding.UTF8.GetBytes(form["json"])),
    };

    /// <summary>Where a part is seen.</summary>
    static string Shown(string key) => key.Split('/')[0] switch { "routing" or "trainings" or "retention" or "privacy" => key.Split('/')[0], "product" or "language" => "desks", var kind => $"{kind}s" };

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

    static DefinedPart Calendar(string id, FormFields form)
    {
        var unknown = form["unknown"] == "yes";
        var ask = new CalendarDefinitionRequest
        {
            Zone = form["zone"].Trim(),
            Week = unknown ? null : Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).Select(CalendarDefinition.NameOf)
                .Select(day => (day, Open: Intervals(form[day]))).Where(d => d.Open.Count > 0).ToDictionary(d => d.day, d => d.Open),
            Holidays = form.Text("holidays") is null ? null : [.. form.Words("holidays")],
            Exceptions = form.Text("exceptions") is null ? null : form["exceptions"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .GroupBy(line => line[..Math.Min(DateLength, line.Length)])
                .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.SelectMany(line => Intervals(line[g.Key.Length..].TrimStart(' ', ':')))]),
            Days = unknown && form.Text("days") is not null ? [.. form.Words("days")] : null,
        };
        form.Faults.Identifier("id", id, TextRules.MaxIdentifier);
        ask.Check(form.Faults);
        return new(Defined.Calendar(id, ask), null, null);
    }

    static IReadOnlyList<string> Intervals(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
