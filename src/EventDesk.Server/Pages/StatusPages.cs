using System.Text;
using System.Xml;
using EventDesk.Server.SignIn;
using EventDesk.Service.Incidents;
using EventDesk.Service.Organising;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>How things stand, for everybody: the products and what was published of incidents, as a page and as a feed (RFC 4287).</summary>
static class StatusPages
{
    const string Cached = "public, max-age=60", Atom = "http://www.w3.org/2005/Atom";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/status", Show);
        pages.MapGet("/status/feed.atom", Feed);
    }

    static async Task<IResult> Show(HttpContext http, StatusBoard board, OrganisationBook organisation, Viewers viewers, CancellationToken ct)
    {
        var screen = new StatusScreen([.. organisation.Now.Products.Select(p => (p.Id, p.Name))], await board.Read(ct));
        http.Response.Headers.CacheControl = Cached;
        return PageResults.Of<StatusPage>(viewers.Of(http), nameof(StatusPage.Screen), screen);
    }

    static async Task<IResult> Feed(HttpContext http, StatusBoard board, OrganisationBook organisation, SignInSettings settings, TimeProvider time, CancellationToken ct)
    {
        var incidents = await board.Read(ct);
        var here = settings.PublicUrl ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}");
        var products = organisation.Now.Products.ToDictionary(p => p.Id, p => p.Name);
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("id", Atom, new Uri(here, "/status").AbsoluteUri);
            xml.WriteElementString("title", Atom, "EventDesk: status");
            // With nothing to tell, the day: a reader that asks often is not told that something is new.
            xml.WriteElementString("updated", Atom, Time(incidents.Count > 0 ? incidents.Max(i => i.ChangedAt) : new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)));
            xml.WriteStartElement("author", Atom);
            xml.WriteElementString("name", Atom, "EventDesk");
            xml.WriteEndElement();
            Link(xml, "self", new Uri(here, "/status/feed.atom"));
            Link(xml, "alternate", new Uri(here, "/status"));
            foreach (var incident in incidents.OrderByDescending(i => i.ChangedAt))
                Entry(xml, incident, products.GetValueOrDefault(incident.Product, incident.Product), here);
            xml.WriteEndElement();
        }
        http.Response.Headers.CacheControl = Cached;
        return TypedResults.Bytes(buffer.ToArray(), "application/atom+xml; charset=utf-8");
    }

    static void Entry(XmlWriter xml, PublicIncident incident, string product, Uri here)
    {
        xml.WriteStartElement("entry", Atom);
        xml.WriteElementString("id", Atom, $"urn:uuid:{incident.Id}");
        xml.WriteElementString("title", Atom, Clean($"{product}: {incident.State}"));
        xml.WriteElementString("published", Atom, Time(incident.OpenedAt));
        xml.WriteElementString("updated", Atom, Time(incident.ChangedAt));
        Link(xml, "alternate", new Uri(here, $"/status#i{incident.Id:N}"));
        xml.WriteStartElement("content", Atom);
        xml.WriteAttributeString("type", "text");
        xml.WriteString(Clean(string.Join('\n', incident.Steps.Reverse().Select(s => s.Message is null ? $"{Time(s.At)} {s.State}" : $"{Time(s.At)} {s.State}: {s.Message}"))));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Link(XmlWriter xml, string rel, Uri href)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", rel);
        xml.WriteAttributeString("href", href.AbsoluteUri);
        xml.WriteEndElement();
    }

    static string Time(DateTimeOffset at) => XmlConvert.ToString(at.UtcDateTime, XmlDateTimeSerializationMode.Utc);

    /// <summary>Without what XML cannot hold (U+FFFE, say), which a text may.</summary>
    static string Clean(string text) => string.Concat(text.EnumerateRunes().Where(r => r.Value > 0xFFFF || XmlConvert.IsXmlChar((char)r.Value)));
}
