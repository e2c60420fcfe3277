using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EventDesk.Benchmarks.Floors;

/// <summary>Kestrel's own floor: the bytes of a file from memory, nothing else. Runs as a process of its own, like the server it is compared with.</summary>
static class StaticServer
{
    public static async Task Serve(int port, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes).AsTask();
        });
        await app.RunAsync();
    }
}
