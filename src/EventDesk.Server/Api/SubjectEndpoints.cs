using System.Net.Http.Headers;
using System.Reflection;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Service.Subjects;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EventDesk.Server.Api;

/// <summary>What is held on a person: all of it as an archive, or how much, where, until when and under which key.</summary>
public static class SubjectEndpoints
{
    const string Tag = "Privacy";

    const string Zip =
        "A ZIP, written as it is read: data.json for programs, readable.html for people, and the files of the tickets. Hidden passages stay hidden; where there are some is told. The export is itself recorded.";

    static readonly QueryParameter Reader = new("for", "string",
        "officer (when not given): all there is, with internal notes and the handles of staff. person: what may be handed to the person as it is.", "person");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/customers/{customer}/archive", OfCustomer).Is(Operation.ExportSubject, "exportCustomer", Tag, "Export all that is held on a customer", Zip)
            .WithMetadata(new GivesFile(), Reader);
        api.MapGet("/customers/{customer}/privacy", BudgetOf).Is(Operation.ExportSubject, "readCustomerPrivacy", Tag, "Say what is held on a customer",
            "What, where, how much, until when, and under which key. Nothing is opened for it. A customer nothing is held on has no rows.");
        api.MapGet("/people/{person}/archive", OfPerson).Is(Operation.ExportSubject, "exportPerson", Tag, "Export all that is held on a member of staff",
            "A ZIP: names, access, trainings, sessions, tokens, and what they looked at. What they wrote on tickets stays there, under their handle. The export is itself recorded.")
            .WithMetadata(new GivesFile());
        api.MapGet("/me/archive", Own).Is(Operation.ExportOwn, "exportOwn", Tag, "Export all that is held on oneself", Zip + " Notes of the desk are not in it.")
            .WithMetadata(new GivesFile());
        api.MapGet("/me/privacy", OwnBudget).Is(Operation.ExportOwn, "readOwnPrivacy", Tag, "Say what is held on oneself", "What, where, how much, until when, and under which key.");
    }

    static async Task<Results<ArchiveDownload, Problem>> OfCustomer(string customer, HttpContext http, SubjectArchive archive, CancellationToken ct)
    {
        var query = new Query(http);
        var reader = query.OneOf<CopyFor>(Reader.Name) ?? CopyFor.Officer;
        if (query.Problem is { } problem)
            return problem;
        return Guid.TryParseExact(customer, "D", out var id) ? await Prepare(new(id), reader, http, archive, ct) : NoSuchCustomer();
    }

    static async Task<Results<ArchiveDownload, Problem>> Own(HttpContext http, SubjectArchive archive, CancellationToken ct) =>
        http.Principal().Customer is { } own ? await Prepare(own, CopyFor.Person, http, archive, ct) : NoSuchCustomer();

    static async Task<ArchiveDownload> Prepare(CustomerId customer, CopyFor reader, HttpContext http, SubjectArchive archive, CancellationToken ct)
    {
        var prepared = await archive.Prepare(customer, reader, http.Asker(), http.Operation(), ct);
        return new((output, gone) => archive.Write(prepared, output, gone));
    }

    static async Task<Results<ArchiveDownload, Problem>> OfPerson(string person, HttpContext http, PersonArchive archive, CancellationToken ct) =>
        Guid.TryParseExact(person, "D", out var id) && await archive.Prepare(id, http.Asker(), http.Operation(), ct) is { } found
            ? new ArchiveDownload((output, gone) => archive.Write(found, output, gone))
            : Problems.NoSuch("person_not_found", "person");

    static async Task<Results<Ok<CustomerPrivacyAnswer>, Problem>> BudgetOf(string customer, PrivacyBudgets budgets, CancellationToken ct) =>
        Guid.TryParseExact(customer, "D", out var id) ? TypedResults.Ok(CustomerPrivacyAnswer.Of(await budgets.Of(new(id), ct))) : NoSuchCustomer();

    static async Task<Results<Ok<CustomerPrivacyAnswer>, Problem>> OwnBudget(HttpContext http, PrivacyBudgets budgets, CancellationToken ct) =>
        http.Principal().Customer is { } own ? TypedResults.Ok(CustomerPrivacyAnswer.Of(await budgets.Of(own, ct)).ForCustomer()) : NoSuchCustomer();

    static Problem NoSuchCustomer() => Problems.NoSuch("customer_not_found", "customer");
}

/// <summary>An archive on its way out. Its name says nothing about anybody.</summary>
public sealed class ArchiveDownload(Func<Stream, CancellationToken, Task> write) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/zip";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "eventdesk-archive.zip" }.ToString();
        response.Headers.CacheControl = "no-store";
        await write(response.Body, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK));
}
