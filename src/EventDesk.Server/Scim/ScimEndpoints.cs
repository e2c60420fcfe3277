using System.Text.Json.Nodes;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Server.Api;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Scim;

/// <summary>
/// SCIM 2.0 (RFC 7643, 7644), by which a directory lets people in and out. It describes itself under /Schemas and so is no part of the API's own
/// document. Its token opens this and nothing else.
/// </summary>
public static class ScimEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup("/scim/v2").ExcludeFromDescription().AddEndpointFilter(Answer).WithMetadata(new SpeaksScim(), new Asks(Operation.Provision));
        scim.MapGet("/ServiceProviderConfig", (ScimRequest r) => new ScimAnswer(200, ScimSchemas.Config(r.Url)));
        scim.MapGet("/ResourceTypes", (ScimRequest r) => r.Page(ScimSchemas.ResourceTypes(r.Url)));
        scim.MapGet("/ResourceTypes/{name}", (string name, ScimRequest r) => Named(ScimSchemas.ResourceTypes(r.Url), name, "resource type"));
        scim.MapGet("/Schemas", (ScimRequest r) => r.Page(ScimSchemas.Schemas(r.Url)));
        scim.MapGet("/Schemas/{name}", (string name, ScimRequest r) => Named(ScimSchemas.Schemas(r.Url), name, "schema"));
        scim.MapGet("/Users", ListUsers);
        scim.MapPost("/Users", CreateUser);
        scim.MapGet("/Users/{id}", ReadUser);
        scim.MapPut("/Users/{id}", ReplaceUser);
        scim.MapPatch("/Users/{id}", PatchUser);
        scim.MapDelete("/Users/{id}", RemoveUser);
        scim.MapGet("/Groups", ListGroups);
        scim.MapPost("/Groups", CreateGroup);
        scim.MapGet("/Groups/{id}", ReadGroup);
        scim.MapPut("/Groups/{id}", ReplaceGroup);
        scim.MapPatch("/Groups/{id}", PatchGroup);
        scim.MapDelete("/Groups/{id}", (string id) => ScimAnswer.Error(501, "Groups come from the organisation; what is managed here is who is in them."));
    }

    /// <summary>What was found wrong on the way becomes the answer.</summary>
    static async ValueTask<object?> Answer(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ScimException e)
        {
            return e.Answer;
        }
    }

    static ScimAnswer Named(IReadOnlyList<JsonObject> all, string name, string what) =>
        all.FirstOrDefault(r => (string?)r["id"] == name) is { } found ? new ScimAnswer(200, found) : ScimAnswer.NotFound(what);

    static async Task<IResult> ListUsers(ScimRequest r, CancellationToken ct) => r.Page(await r.Users.Query(r.Filter, r.Url, ct));

    static async Task<IResult> CreateUser(ScimRequest r, CancellationToken ct) =>
        await Done(r, await r.Users.Create(await r.Body(ct), r.By, r.Trace, ct), 201, ct);

    static async Task<IResult> ReadUser(string id, ScimRequest r, CancellationToken ct)
    {
        if (await r.Users.Find(id, ct) is not { } person)
            return ScimAnswer.NotFound("user");
        return ETag.IsKnown(r.Http.Request.Headers.IfNoneMatch, ScimUsers.Tag(person.Version)[2..]) ? new NotModified() : r.One(ScimUsers.Write(person, r.Url));
    }

    static Task<IResult> ReplaceUser(string id, ScimRequest r, CancellationToken ct) => Change(id, r, (_, body) => body, ct);

    static Task<IResult> PatchUser(string id, ScimRequest r, CancellationToken ct) => Change(id, r, (user, body) =>
    {
        foreach (var operation in ScimOperation.Read(body))
            operation.Apply(user);
        return user;
    }, ct);

    static async Task<IResult> Change(string id, ScimRequest r, Func<JsonObject, JsonObject, JsonObject> become, CancellationToken ct)
    {
        var body = await r.Body(ct);
        for (var attempt = 1; ; attempt++)
        {
            if (await r.Users.Find(id, ct) is not { } person)
                return ScimAnswer.NotFound("user");
            var user = ScimUsers.Write(person, r.Url);
            r.Precondition(user);
            var outcome = await r.Users.Become(person, become(user, (JsonObject)body.DeepClone()), person.Version, r.By, r.Trace, ct);
            // Others may write at the same time; a directory that named no version does not mind.
            if (outcome is not Outcome.Stale || attempt == 20)
                return await Done(r, outcome, 200, ct);
        }
    }

    static async Task<IResult> RemoveUser(string id, ScimRequest r, CancellationToken ct)
    {
        if (await r.Users.Find(id, ct) is not { } person)
            return ScimAnswer.NotFound("user");
        r.Precondition(ScimUsers.Write(person, r.Url));
        // The person's own id is a pseudonym that no name has.
        var outcome = await r.People.Handle(person.Id, new Remove(person.Id), null, r.By, r.Trace, ct);
        return outcome is Outcome.Done ? TypedResults.NoContent() : await Done(r, outcome, StatusCodes.Status204NoContent, ct);
    }

    static async Task<IResult> Done(ScimRequest r, Outcome outcome, int status, CancellationToken ct) => outcome switch
    {
        Outcome.Done done => r.One(ScimUsers.Write((await r.People.Find(done.Ticket, ct))!, r.Url), status),
        Outcome.Refused { Code: "user_name_taken" or "handle_taken" } taken => ScimAnswer.Error(409, taken.Reason, "uniqueness"),
        Outcome.Refused refused => ScimAnswer.Error(409, refused.Reason),
        Outcome.Stale => ScimAnswer.Error(412, "It has changed since you read it."),
        _ => ScimAnswer.NotFound("user"),
    };

    static async Task<IResult> ListGroups(ScimRequest r, CancellationToken ct)
    {
        var (filter, people) = (r.Filter, await r.People.All(ct));
        return r.Page([.. ScimGroup.All(r.Organisation.Now).Select(g => g.Write(people, r.Url)).Where(g => filter?.Matches(g) != false)]);
    }

    static async Task<IResult> CreateGroup(ScimRequest r, CancellationToken ct)
    {
        var name = ScimFilter.Text(ScimFilter.Member(await r.Body(ct), "displayName"));
        return ScimGroup.All(r.Organisation.Now).Any(g => g.Name == name)
            ? ScimAnswer.Error(409, "There is that group already.", "uniqueness")
            : ScimAnswer.Error(501, "Groups come from the organisation; what is managed here is who is in them.");
    }

    static async Task<IResult> ReadGroup(string id, ScimRequest r, CancellationToken ct) =>
        Group(id, r) is { } group ? r.One(group.Write(await r.People.All(ct), r.Url)) : ScimAnswer.NotFound("group");

    static async Task<IResult> ReplaceGroup(string id, ScimRequest r, CancellationToken ct) =>
        Group(id, r) is { } group && await r.Body(ct) is var body ? await SetMembers(group, r, _ => group.Wanted(body), ct) : ScimAnswer.NotFound("group");

    static async Task<IResult> PatchGroup(string id, ScimRequest r, CancellationToken ct) =>
        Group(id, r) is { } group && ScimOperation.Read(await r.Body(ct)) is var operations
            ? await SetMembers(group, r, members => group.After(operations, members), ct)
            : ScimAnswer.NotFound("group");

    static ScimGroup? Group(string id, ScimRequest r) => ScimGroup.All(r.Organisation.Now).FirstOrDefault(g => g.Id == id);

    /// <summary>One event for each person who comes or goes; who is not known is refused before anybody is touched.</summary>
    static async Task<IResult> SetMembers(ScimGroup group, ScimRequest r, Func<IEnumerable<string>, HashSet<string>> wanted, CancellationToken ct)
    {
        var people = (await r.People.All(ct)).Where(p => !p.State.Removed).ToDictionary(p => p.Id.ToString());
        r.Precondition(group.Write(people.Values, r.Url));
        var now = people.Values.Where(p => group.Has(p.State)).Select(p => p.Id.ToString()).ToHashSet();
        var then = wanted(now);
        if (then.FirstOrDefault(id => !people.ContainsKey(id)) is { } unknown)
            throw ScimException.Value($"There is no user {unknown}.");
        foreach (var id in then.Except(now))
            await r.People.Handle(people[id].Id, group.Change(grant: true), null, r.By, r.Trace, ct);
        foreach (var id in now.Except(then))
            await r.People.Handle(people[id].Id, group.Change(grant: false), null, r.By, r.Trace, ct);
        return r.One(group.Write(await r.People.All(ct), r.Url));
    }
}
