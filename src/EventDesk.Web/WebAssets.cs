using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace EventDesk.Web;

/// <summary>A file of the console as it is sent. Its address changes with its content, so that browsers keep it for good.</summary>
/// <param name="Address">Below the root.</param>
public sealed record WebAsset(string Address, string MediaType, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Brotli);

/// <summary>Style, scripts and pictures. All style sheets are one file, base first; each script is its own.</summary>
public static class WebAssets
{
    const string Folder = "Assets/", Styles = "console.css";

    static readonly FrozenDictionary<string, WebAsset> ByName = Load();

    /// <summary>By the last part of their address.</summary>
    public static FrozenDictionary<string, WebAsset> ByFile { get; } = ByName.Values.ToFrozenDictionary(a => a.Address["/assets/".Length..]);

    public static string Style => ByName[Styles].Address;

    /// <summary>Where a script or picture is.</summary>
    public static string Of(string name) => ByName[name].Address;

    static FrozenDictionary<string, WebAsset> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var style = new StringBuilder();
        foreach (var file in files.Where(f => f.EndsWith(".css", StringComparison.Ordinal)).OrderBy(f => f != "Assets/base.css"))
            style.Append(Encoding.UTF8.GetString(Read(assembly, file)));
        return files.Where(f => !f.EndsWith(".css", StringComparison.Ordinal))
            .Select(f => (Name: f[Folder.Length..], Content: Read(assembly, f)))
            .Append((Name: Styles, Content: Encoding.UTF8.GetBytes(style.ToString())))
            .ToFrozenDictionary(f => f.Name, f => Make(f.Name, f.Content));
    }

    static WebAsset Make(string name, byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        var (stem, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize))
            brotli.Write(content);
        var type = extension switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => throw new NotSupportedException($"Nobody has said what {name} is."),
        };
        return new($"/assets/{stem}.{hash}{extension}", type, content, packed.ToArray());
    }

    static byte[] Read(Assembly assembly, string name)
    {
        using var file = assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }
}
