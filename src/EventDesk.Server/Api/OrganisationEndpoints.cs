using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>What is supported, in which languages, by which desks.</summary>
public static class OrganisationEndpoints
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/organisation", Read).Is(Operation.ReadOrganisation, "readOrganisation", "Organisation", "Read the organisation",
            "Products, languages and the desks made of them.");

    static Ok<OrganisationAnswer> Read(SupportOrganisation organisation) => TypedResults.Ok(new OrganisationAnswer(
        [.. organisation.Products.Select(p => new NamedAnswer(p.Id, p.Name))],
        [.. organisation.Languages.Select(l => new NamedAnswer(l.Id, l.Name))],
        [.. organisation.Desks.Select(d => new DeskAnswer(d.Id.Value, d.Product, d.Language, d.Name, d.Retired))]));
}
