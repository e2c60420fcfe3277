using System.Text;
using EventDesk.Server.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EventDesk.Server.Pages;

/// <summary>Marks forms that carry a file behind their fields.</summary>
public sealed record TakesFileForm;

/// <param name="Name">As the browser gives it, maybe with a path.</param>
/// <param name="MediaType">As the browser gives it.</param>
/// <param name="Content">Can be read once.</param>
public sealed record SentFile(string Name, string MediaType, Stream Content);

/// <summary>
/// A form with a file, read as it comes: its fields, then the file while it is stored. So nothing of it waits in memory or on a disk, and what the fields
/// say – whether it is a form of ours, to begin with – is known before the file is looked at.
/// </summary>
/// <param name="File">Null: none was chosen.</param>
public sealed record FileForm(IReadOnlyDictionary<string, string> Fields, SentFile? File)
{
    const int MostFields = 20, MostFieldBytes = 4096, MostBoundary = 200;

    /// <summary>The form of a request, the same however often it is asked for; null when it is no such form.</summary>
    public static async ValueTask<FileForm?> Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(FileForm), out var known))
            return (FileForm?)known;
        FileForm? form = null;
        try
        {
            form = await Read(http);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            // It is cut short, or made otherwise than forms are.
        }
        http.Items[typeof(FileForm)] = form;
        return form;
    }

    static async Task<FileForm?> Read(HttpContext http)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MostBoundary } boundary)
            return null;
        // Who reads the file ends where it is too large. What is still under way then the server throws away for a while, so that the answer arrives.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var parts = new MultipartReader(boundary.Value!, http.Request.Body);
        Dictionary<string, string> fields = [];
        while (await parts.ReadNextSectionAsync(http.RequestAborted) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var says))
                return null;
            if (says.IsFileDisposition())
                return new(fields, new((says.FileNameStar.HasValue ? says.FileNameStar : HeaderUtilities.RemoveQuotes(says.FileName)).Value!, part.ContentType ?? FileKinds.Bytes, part.Body));
            if (HeaderUtilities.RemoveQuotes(says.Name).Value is not { Length: > 0 } name || fields.Count == MostFields || await TextOf(part.Body, http.RequestAborted) is not { } text)
                return null;
            fields[name] = text;
        }
        return new(fields, null);
    }

    static async Task<string?> TextOf(Stream field, CancellationToken ct)
    {
        var bytes = new byte[MostFieldBytes + 1];
        var read = await field.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return read > MostFieldBytes ? null : Encoding.UTF8.GetString(bytes, 0, read);
    }
}
