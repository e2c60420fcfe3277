using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace EventDesk.Server.Tests;

/// <summary>An archive of what is held on somebody, unpacked.</summary>
/// <param name="Entries">Name and text, in their order.</param>
public sealed record Archive(IReadOnlyList<(string Name, string Text)> Entries)
{
    public string Everything => string.Join('\n', Entries.Select(e => $"{e.Name}\n{e.Text}"));
    public JsonElement Data => JsonDocument.Parse(Entries.Single(e => e.Name == "data.json").Text).RootElement;
    public string Page => Entries.Single(e => e.Name == "readable.html").Text;

    public static Archive Read(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return new([.. zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open(), Encoding.UTF8);
            return (e.FullName, reader.ReadToEnd());
        })]);
    }

    public static async Task<Archive> Of(RunningServer server, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", $"Bearer {token}");
        using var response = await server.Http.SendAsync(request);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        return Read(await response.Content.ReadAsByteArrayAsync());
    }
}
