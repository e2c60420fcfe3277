using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventDesk.Server.OpenApi;

/// <summary>The document, made once: it costs a third of a second and never changes while the process runs.</summary>
static class OpenApiEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        byte[]? made = null;
        routes.MapGet("/openapi/v1.json", async (HttpContext http) =>
        {
            // Two first readers at once make it twice, which is harmless.
            made ??= await Make(http);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = made.Length;
            await http.Response.BodyWriter.WriteAsync(made, http.RequestAborted);
        }).ExcludeFromDescription();
    }

    static async Task<byte[]> Make(HttpContext http)
    {
        var provider = http.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1");
        var document = await provider.GetOpenApiDocumentAsync(http.RequestAborted);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, http.RequestAborted);
        return json.ToArray();
    }
}
