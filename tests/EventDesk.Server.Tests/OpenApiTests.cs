using System.Net;
using System.Text.Json;

namespace EventDesk.Server.Tests;

public sealed class OpenApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task F8_the_document_is_openapi_3_1_and_says_whose_it_is_and_how_to_identify()
    {
        var document = (await new Api(server.Http, null).Get("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        document.GetProperty("info").GetProperty("contact").GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
        document.GetProperty("servers").GetArrayLength().ShouldBeGreaterThan(0);
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString().ShouldBe("bearer");
    }

    [Fact]
    public async Task F8_every_operation_says_what_it_does_what_it_takes_and_how_it_fails()
    {
        var operations = await ApiOperation.All(server);
        operations.Count.ShouldBeGreaterThan(30);
        operations.Select(o => o.Id).ShouldBeUnique();
        foreach (var operation in operations)
        {
            var described = operation.Described;
            var id = $"{operation.Method} {operation.Path}";
            foreach (var member in new[] { "summary", "description", "operationId" })
                described.GetProperty(member).GetString().ShouldNotBeNullOrWhiteSpace($"{id}: {member}");
            described.GetProperty("tags").GetArrayLength().ShouldBe(1, id);
            foreach (var parameter in operation.DescribedParameters)
            {
                parameter.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace(id);
                parameter.TryGetProperty("schema", out _).ShouldBeTrue(id);
                parameter.TryGetProperty("example", out _).ShouldBeTrue(id);
            }
            Answers(operation, id);
        }
    }

    static void Answers(ApiOperation operation, string id)
    {
        var responses = operation.Described.GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => r.Value);
        string[] expected = operation.IsPublic ? ["503"]
            : operation.ChangesTicket ? ["400", "401", "403", "404", "409", "412", "422", "428", "429", "503"]
            : operation.TakesVersion ? ["400", "401", "403", "409", "412", "428", "429", "503"]
            : ["401", "403", "429", "503"];
        expected.Except(responses.Keys).ShouldBeEmpty(id);
        responses.Keys.Any(s => s[0] == '2').ShouldBeTrue(id);
        if (operation.Described.TryGetProperty("requestBody", out var body))
        {
            new[] { "400", "413", "415" }.Except(responses.Keys).ShouldBeEmpty(id);
            foreach (var media in body.GetProperty("content").EnumerateObject())
                media.Value.TryGetProperty("schema", out _).ShouldBeTrue($"{id}: schema of the body");
            if (!operation.TakesFile)
                body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue($"{id}: example of the body");
        }
        foreach (var (status, response) in responses.Where(r => r.Value.TryGetProperty("content", out _)))
            foreach (var media in response.GetProperty("content").EnumerateObject().Where(m => m.Name != "*/*"))
            {
                media.Value.TryGetProperty("schema", out _).ShouldBeTrue($"{id} {status}");
                media.Value.TryGetProperty("example", out _).ShouldBeTrue($"{id} {status}: example");
                (status[0] < '4' || media.Name == "application/problem+json").ShouldBeTrue($"{id} {status}");
            }
    }

    [Fact]
    public async Task F8_every_example_fits_its_schema()
    {
        var document = (await new Api(server.Http, null).Get("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;
        List<string> faults = [];
        foreach (var operation in await ApiOperation.All(server))
        {
            foreach (var parameter in operation.DescribedParameters)
                Look($"{operation} {parameter.GetProperty("name")}", parameter);
            if (operation.Described.TryGetProperty("requestBody", out var body))
                LookAtContent($"{operation} body", body);
            foreach (var response in operation.Described.GetProperty("responses").EnumerateObject())
                LookAtContent($"{operation} {response.Name}", response.Value);
        }
        faults.ShouldBeEmpty();

        void LookAtContent(string where, JsonElement described)
        {
            if (described.TryGetProperty("content", out var content))
                foreach (var media in content.EnumerateObject())
                    Look(where, media.Value);
        }

        void Look(string where, JsonElement described)
        {
            if (described.TryGetProperty("example", out var example))
                faults.AddRange(new Schema(document, described.GetProperty("schema")).Faults(example).Select(fault => $"{where}: {fault}"));
        }
    }

    [Fact]
    public async Task F8_every_example_of_a_body_is_one_the_server_understands()
    {
        var administrator = new Api(server.Http, await server.Issue(new("everyone", [.. Enum.GetValues<Domain.Access.Role>().Where(r => r is not (Domain.Access.Role.System or Domain.Access.Role.Customer))], TimeSpan.FromDays(1))));
        foreach (var operation in await ApiOperation.All(server))
        {
            if (operation.ExampleBody() is null)
                continue;
            var ticket = await administrator.Open();
            var answer = await operation.Call(administrator, ticket.Ticket, ticket.Version);
            // A rule may say no to this ticket, there may be no such incident, and the only lists of routing and of retention rules are not new; the form of the request is never at fault.
            ((int)answer.Status).ShouldBeOneOf(operation.Path.Contains("{ticket}", StringComparison.Ordinal) ? [200, 201, 403, 409]
                : operation.Id is "defineRouting" or "defineRetention" ? [412] : [200, 201, 403, 404, 409]);
        }
    }
}
