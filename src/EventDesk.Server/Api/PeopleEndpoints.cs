using System.Buffers.Text;
using System.Diagnostics;
using System.Reflection;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Server.SignIn;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.Retention;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Who works here: let in, given access, taught, let go. A directory may do the same through SCIM.</summary>
public static class PeopleEndpoints
{
    const string Tag = "People";
    const string Last = " The last one who administers stays (last_administrator).";
    const string Seen = " If-Match carries the version of the person one has seen.";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people", Provision).Is(Operation.ManagePeople, "provisionPerson", Tag, "Let someone in",
            "They sign in at the sign-in provider. What they may is said here or later; nothing is open before the trainings of their roles are completed.");
        api.MapGet("/people", List).Is(Operation.ManagePeople, "listPeople", Tag, "List the people",
            "In the order they were let in, with those who have gone.").WithMetadata(QueryParameter.Limit, QueryParameter.After);
        api.MapGet("/people/{person}", Read).Is(Operation.ManagePeople, "readPerson", Tag, "Read a person", "What they may, what they were taught, what they lack.");
        api.MapPut("/people/{person}", ChangeDetails).Is(Operation.ManagePeople, "changePerson", Tag, "Change a person's name or address",
            "As a whole: what is left out is forgotten from now on." + Seen).WithMetadata(new TakesVersion());
        api.MapPut("/people/{person}/access", SetAccess).Is(Operation.ManagePeople, "setAccess", Tag, "Say what a person may",
            "As a whole: what is not named is withdrawn, and holds nowhere any more within a second." + Last + Seen).WithMetadata(new TakesVersion());
        api.MapPost("/people/{person}/trainings", CompleteTraining).Is(Operation.ManagePeople, "completeTraining", Tag, "Record a completed training",
            "A later completion takes the place of the one before.");
        api.MapDelete("/people/{person}/trainings/{training}", RevokeTraining).Is(Operation.ManagePeople, "revokeTraining", Tag, "Take back a completed training",
            "It was recorded by mistake, or has to be repeated.");
        api.MapPost("/people/{person}/deactivation", Deactivate).Is(Operation.ManagePeople, "deactivatePerson", Tag, "Let someone go",
            "Their sessions, tokens and live connections end within a second, on every node, and stay ended when they come back." + Last).WithMetadata(new MayRefuse());
        api.MapPost("/people/{person}/reactivation", Reactivate).Is(Operation.ManagePeople, "reactivatePerson", Tag, "Let someone come back",
            "They sign in anew; what they held before opens nothing.").WithMetadata(new MayRefuse());
        api.MapDelete("/people/{person}", Forget).Is(Operation.ManagePeople, "forgetPerson", Tag, "Remove a person for good",
            "They are gone like somebody deactivated, and what tells who they were goes too: their key is destroyed. What they did still names their handle." + Last).WithMetadata(new MayRefuse());
        api.MapPost("/people/{person}/sign-out", SignOut).Is(Operation.ManagePeople, "signOutPerson", Tag, "End all that a person has open",
            "Sessions, tokens and live connections end within a second. They may sign in again.");
    }

    static async Task<Results<Created<PersonAnswer>, Problem>> Provision(
        Posted<PersonRequest> posted, House house, SignInSettings signIn, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var ask = posted.Body;
        if (ask.Subject is not null && signIn.Provider is null)
            return Problems.Refused("no_sign_in_provider", "There is no sign-in provider whose subject that could be.");
        var person = new NewPerson(
            ask.Handle, new PersonTexts(ask.UserName, ask.Name, Email: ask.Email), ask.Subject is { } s ? house.People.SubjectOf(signIn.Provider!.Issuer, s) : null, ask.Access?.ToCommand());
        if (UnknownDesk(ask.Access, house.Organisation) is { } unknown)
            return unknown;
        var outcome = await house.People.Provision(person, By(house.Http), Trace(), ct);
        if (outcome is not Outcome.Done done)
            return Outcomes.Problem(outcome, house.Http.Principal());
        house.Http.Response.Headers.ETag = ETag.Of(done.Version);
        return TypedResults.Created($"/api/people/{done.Ticket}", Answer((await house.People.Find(done.Ticket, ct))!, house));
    }

    static async Task<Results<Ok<PersonList>, Problem>> List(House house, CancellationToken ct)
    {
        var query = new Query(house.Http);
        var (limit, after) = (query.Limit(), query.After(16));
        if (query.Problem is { } problem)
            return problem;
        var found = await house.People.List(after.Length == 0 ? Guid.Empty : new Guid(after, bigEndian: true), limit + 1, ct);
        return TypedResults.Ok(new PersonList(
            [.. found.Take(limit).Select(p => Answer(p, house))],
            found.Count > limit ? Cursor.NextPage(house.Http, Base64Url.EncodeToString(found[limit - 1].Id.ToByteArray(bigEndian: true))) : null));
    }

    static async Task<Results<Ok<PersonAnswer>, Problem>> Read(string person, House house, CancellationToken ct)
    {
        if (!Guid.TryParseExact(person, "D", out var id) || await house.People.Find(id, ct) is not { } found)
            return NoSuchPerson();
        house.Http.Response.Headers.ETag = ETag.Of(found.Version);
        return TypedResults.Ok(Answer(found, house));
    }

    static async Task<Results<Ok<PersonAnswer>, Problem>> ChangeDetails(
        string person, Posted<PersonDetailsRequest> posted, House house, CancellationToken ct)
    {
        if (Version(house.Http, out var version) is { } unsaid)
            return unsaid;
        if (posted.Problem is { } problem)
            return problem;
        // What the directory alone knows of them stays.
        var kept = Guid.TryParseExact(person, "D", out var id) ? (await house.People.Find(id, ct))?.Texts : null;
        var texts = new PersonTexts(posted.Body.UserName, posted.Body.Name, kept?.GivenName, kept?.FamilyName, posted.Body.Email, kept?.ExternalId);
        return await Handle(person, new ChangeDetails(house.People.Seal(texts)), version, house, ct);
    }

    static async Task<Results<Ok<PersonAnswer>, Problem>> SetAccess(
        string person, Posted<PersonAccessRequest> posted, House house, CancellationToken ct) =>
        (Version(house.Http, out var version) ?? posted.Problem ?? UnknownDesk(posted.Body, house.Organisation)) is { } problem
            ? problem
            : await Handle(person, posted.Body.ToCommand(), version, house, ct);

    static async Task<Results<Ok<PersonAnswer>, Problem>> CompleteTraining(
        string person, Posted<TrainingRequest> posted, House house, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var ask = posted.Body;
        var training = new CompleteTraining(ask.Training, Micro(ask.CompletedAt ?? house.Clock.GetUtcNow()), ask.ValidUntil is { } until ? Micro(until) : null);
        return await Handle(person, training, null, house, ct);
    }

    static Task<Results<Ok<PersonAnswer>, Problem>> RevokeTraining(
        string person, string training, House house, CancellationToken ct) =>
        Handle(person, new RevokeTraining(training), null, house, ct);

    static Task<Results<Ok<PersonAnswer>, Problem>> Deactivate(string person, House house, CancellationToken ct) =>
        Handle(person, new Deactivate(), null, house, ct);

    static Task<Results<Ok<PersonAnswer>, Problem>> Reactivate(string person, House house, CancellationToken ct) =>
        Handle(person, new Reactivate(), null, house, ct);

    static async Task<Results<NoContent, Problem>> Forget(string person, House house, RetentionDesk retention, CancellationToken ct) =>
        !Guid.TryParseExact(person, "D", out var id) ? NoSuchPerson() : await retention.Forget(id, By(house.Http), Trace(), ct) switch
        {
            Outcome.Done => TypedResults.NoContent(),
            Outcome.NotFound => NoSuchPerson(),
            var other => Outcomes.Problem(other, house.Http.Principal()),
        };

    static Task<Results<Ok<PersonAnswer>, Problem>> SignOut(string person, House house, CancellationToken ct) =>
        Handle(person, new SignOutEverywhere(), null, house, ct);

    static async Task<Results<Ok<PersonAnswer>, Problem>> Handle(
        string person, PersonCommand command, long? version, House house, CancellationToken ct)
    {
        if (!Guid.TryParseExact(person, "D", out var id))
            return NoSuchPerson();
        switch (await house.People.Handle(id, command, version, By(house.Http), Trace(), ct))
        {
            case Outcome.NotFound:
                return NoSuchPerson();
            case Outcome.Stale stale:
                return Problems.StalePart(stale.ActualVersion);
            case Outcome.Done done:
                house.Http.Response.Headers.ETag = ETag.Of(done.Version);
                return TypedResults.Ok(Answer((await house.People.Find(id, ct))!, house));
            case var other:
                return Outcomes.Problem(other, house.Http.Principal());
        }
    }

    static Problem? Version(HttpContext http, out long version)
    {
        version = 0;
        return http.Request.Headers.IfMatch.Count == 0 ? Problems.VersionRequired() : ETag.TryParse(http.Request.Headers.IfMatch, out version) ? null : Problems.MalformedETag();
    }

    internal static Problem? UnknownDesk(PersonAccessRequest? access, OrganisationBook organisation) =>
        access?.Desks.FirstOrDefault(d => d != Person.AllDesks && organisation.Now.Desks.All(known => known.Id.Value != d)) is { } unknown
            ? Problems.Refused("unknown_desk", $"There is no desk {unknown}.") : null;

    static Problem NoSuchPerson() => Problems.NoSuch("person_not_found", "person");

    internal static DateTimeOffset Micro(DateTimeOffset at) => at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    internal static Actor By(HttpContext http) => new(http.Principal().Id, Policy.Decide(http.Principal(), http.Operation())!.Role);

    internal static string? Trace() => Activity.Current?.TraceId.ToHexString();

    static PersonAnswer Answer(PersonEntry p, House house) => new()
    {
        Id = p.Id, Handle = p.State.Handle, Version = p.Version, Active = p.State.Active, UserName = p.Texts.UserName, Name = p.Texts.Name, Email = p.Texts.Email,
        Linked = p.State.Subject is not null, Roles = p.State.Roles, Desks = p.State.Desks, Lines = p.State.Lines,
        Trainings = [.. p.State.Trainings.Select(t => new HeldTrainingAnswer(t.Training, t.CompletedAt, t.ValidUntil))],
        Lacks = p.State.Lacks(house.Organisation.Now, house.Clock.GetUtcNow()), Created = p.Created, Changed = p.Changed,
    };
}

/// <summary>What every handler about people works with.</summary>
public sealed record House(HttpContext Http, PeopleDesk People, OrganisationBook Organisation, TimeProvider Clock) : IBindableFromHttpContext<House>
{
    public static ValueTask<House?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var services = context.RequestServices;
        return new(new House(context, services.GetRequiredService<PeopleDesk>(), services.GetRequiredService<OrganisationBook>(), services.GetRequiredService<TimeProvider>()));
    }
}
