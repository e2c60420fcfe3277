using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Organising;
using EventDesk.Web;
using EventDesk.Web.Pages;
using NodaTime;

namespace EventDesk.Server.Pages;

/// <summary>The organisation for those who work in it, one sort of part at a time.</summary>
static class OrganisationPages
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the address says already, and bodies do not.</summary>
    static readonly string[] InAddress = ["id", "product", "language", "role"];

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/organisation", Show).For(Operation.ReadOrganisation);

    static IResult Show(HttpContext http, OrganisationBook book, Viewers viewers, TimeProvider clock)
    {
        var asked = http.Request.Query["part"].ToString();
        var (now, at) = (book.Now, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        var part = OrganisationScreen.Parts.Contains(asked) ? asked : OrganisationScreen.Parts[0];
        var screen = new OrganisationScreen { Part = part, Among = now };
        return PageResults.Of<OrganisationPage>(viewers.Of(http), nameof(OrganisationPage.Screen), part switch
        {
            "products" => screen with { Products = Of(now.Products) },
            "languages" => screen with { Languages = Of(now.Languages) },
            "calendars" => screen with { Calendars = Of(now.Calendars) },
            "contracts" => screen with { Contracts = Of(now.Contracts) },
            "customers" => screen with { Customers = Of(book.History.Holders(at)) },
            "teams" => screen with { Teams = Of(now.Teams) },
            "agents" => screen with { Agents = Of(now.Agents) },
            "trainings" => screen with { Trainings = Of(now.Trainings) },
            "routing" => screen with { Routing = now.Routing is { } routing ? Of([routing])[0] : null },
            "retention" => screen with { Retention = now.Retention is { } retention ? Of([retention])[0] : null },
            "privacy" => screen with { Privacy = now.Privacy is { } privacy ? Of([privacy])[0] : null },
            _ => screen with { Desks = Of(now.Desks) },
        });

        IReadOnlyList<PartOf<T>> Of<T>(IReadOnlyList<T>? parts) where T : class =>
            [.. (parts ?? []).Select(p => new PartOf<T>(OrganisationHistory.KeyOf(p), p, Standing(book.History.Versions(OrganisationHistory.KeyOf(p)), at)))];
    }

    public static PartStanding Standing(IReadOnlyList<InForce<object>> versions, Instant at)
    {
        var holds = versions.LastOrDefault(v => v.From <= at) ?? versions[0];
        return new(holds.Version, versions.Count, When(holds.From), versions[^1].From > at ? When(versions[^1].From) : null);

        static DateTimeOffset? When(Instant from) => from == Instant.MinValue ? null : from.ToDateTimeOffset();
    }

    /// <summary>A definition as a body of the API writes it.</summary>
    public static string Json(object part)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            foreach (var member in JsonSerializer.SerializeToElement(part, OrganisationJson.Default.GetTypeInfo(part.GetType())!).EnumerateObject())
                if (!InAddress.Contains(member.Name))
                    member.WriteTo(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
