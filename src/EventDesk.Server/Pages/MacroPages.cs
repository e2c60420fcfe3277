using System.Diagnostics;
using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Web;
using EventDesk.Web.Controls;
using EventDesk.Web.Pages;
using NodaTime;

namespace EventDesk.Server.Pages;

/// <summary>The canned replies: who answers with them reads them here with every version; administrators make, change and retire them. What they send goes the way of the API's definition.</summary>
static class MacroPages
{
    const string Reply = "reply-";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/macros", (HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock) => List(http, book, viewers, clock, null)).For(Operation.ReadOrganisation);
        pages.MapGet("/macros/{id}", (string id, HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock) => Show(id, http, book, viewers, clock, null)).For(Operation.ReadOrganisation);
        pages.MapPost("/macros", (HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, CancellationToken ct) => Define(null, http, book, viewers, clock, ct))
            .For(Operation.ManageOrganisation);
        pages.MapPost("/macros/{id}", Define).For(Operation.ManageOrganisation);
    }

    static IResult List(HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, (FormReply Reply, int Status)? replied)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        // Those too that wait for their time.
        var ids = (book.History.At(Instant.MaxValue).Macros ?? []).Select(m => $"{Macro.Prefix}{m.Id}");
        var macros = ids.Select(key => (Key: key, Versions: book.History.Versions(key))).Select(m => (m.Key, m.Versions, Standing: OrganisationPages.Standing(m.Versions, now)))
            .Select(m => new PartOf<Macro>(m.Key, (Macro)m.Versions[m.Standing.Version - 1].Definition, m.Standing))
            .OrderBy(m => m.Is.Retired).ThenBy(m => m.Is.Name, StringComparer.Ordinal);
        return PageResults.Of<MacrosPage>(
            viewers.Of(http), nameof(MacrosPage.Screen), new MacrosScreen([.. macros], book.Now.Languages, replied?.Reply), replied?.Status ?? StatusCodes.Status200OK);
    }

    static IResult Show(string id, HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, (FormReply Reply, int Status)? replied)
    {
        var versions = book.History.Versions($"{Macro.Prefix}{id}");
        if (versions.Count == 0)
            return Defined.NoSuchPart();
        var standing = OrganisationPages.Standing(versions, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        List<MacroVersion> all = [.. versions.Select(v => new MacroVersion(v.Version, v.From == Instant.MinValue ? null : v.From.ToDateTimeOffset(), (Macro)v.Definition)).Reverse()];
        var asked = http.Request.Query["version"].ToString() is { Length: > 0 } text
            ? all.Find(v => v.Version.ToString(CultureInfo.InvariantCulture) == text)
            : all.Find(v => v.Version == (replied is null ? standing.Version : standing.Latest));
        return asked is null
            ? Defined.NoSuchPart()
            : PageResults.Of<MacroPage>(
                viewers.Of(http), nameof(MacroPage.Screen), new MacroScreen(all, asked, standing, book.Now.Languages, replied?.Reply), replied?.Status ?? StatusCodes.Status200OK);
    }

    static async Task<IResult> Define(string? id, HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock, CancellationToken ct)
    {
        if (await FormFields.Read(http, ct) is not { } form || !long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return Problems.MalformedRequest("It is no form of ours.");
        var (named, from, asked) = (id ?? form["id"].Trim(), OrganisationForms.From(form, viewers.Of(http).Zone), Asked(form));
        form.Faults.Identifier("id", named, TextRules.MaxIdentifier);
        asked.Check(form.Faults);
        if (form.Faults.Found.Count > 0)
            return Again(FormReplied.Faulty(MacroForm.Form, form));
        var by = new Actor(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);
        return await book.Define(new Macro(named, asked.Name, asked.Replies, asked.Steps?.Steps, asked.Retired), from, version, by, Activity.Current?.TraceId.ToHexString(), ct) switch
        {
            Defining.Stale => Again((new(MacroForm.Form, "stale_version", [], form.Values), StatusCodes.Status412PreconditionFailed)),
            Defining.Refused refused => Again((new(MacroForm.Form, "organisation_at_odds", refused.Reasons, form.Values), StatusCodes.Status409Conflict)),
            _ => PageResults.SeeOther($"/macros/{Uri.EscapeDataString(named)}"),
        };

        IResult Again((FormReply, int) replied) => id is null ? List(http, book, viewers, clock, replied) : Show(id, http, book, viewers, clock, replied);
    }

    static MacroDefinitionRequest Asked(FormFields form)
    {
        var steps = new MacroStepsRequest
        {
            Tags = form.Text("tags") is null ? null : [.. form.Words("tags")],
            Wait = form.Text("wait") is null ? null : form.OneOf<WaitingReason>("wait"),
            Resolve = form.Text("resolve") is null ? null : form.OneOf<Resolution>("resolve"),
            AssignToMe = form["assign"] == "yes",
        };
        return new()
        {
            Name = form["name"].Trim(),
            // What is left blank is no reply in that language.
            Replies = form.Values.Where(v => v.Key.StartsWith(Reply, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(v.Value)).ToDictionary(v => v.Key[Reply.Length..], v => v.Value.Trim()),
            Steps = steps is { Tags: null, Wait: null, Resolve: null, AssignToMe: false } ? null : steps,
            Retired = form["retired"] == "yes",
        };
    }
}
