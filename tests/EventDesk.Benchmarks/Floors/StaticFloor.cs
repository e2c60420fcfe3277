using EventDesk.Benchmarks.Load;

namespace EventDesk.Benchmarks.Floors;

/// <summary>Starts the static server on given bytes and loads it with the same client as the product.</summary>
sealed class StaticFloor : IAsyncDisposable
{
    static readonly HttpRequest Get = new("GET", "/", []);

    readonly ServerProcess server;
    readonly string file;

    StaticFloor(ServerProcess server, string file) => (this.server, this.file) = (server, file);

    public static async Task<StaticFloor> Start(byte[] bytes)
    {
        var content = Path.GetTempFileName();
        await File.WriteAllBytesAsync(content, bytes);
        var self = typeof(StaticFloor).Assembly.Location;
        return new StaticFloor(await ServerProcess.Start([self, "static", "{port}", content], "/"), content);
    }

    public LoadResult Run(int clients, TimeSpan time) =>
        HttpLoad.Run(server.Address, [.. Enumerable.Range(0, clients).Select(_ => new Fixed(Get))], time).Flawless("static floor");

    internal TimeSpan ServerTime => server.ProcessorTime;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(file);
    }

    sealed class Fixed(HttpRequest request) : Talk
    {
        public override ReadOnlyMemory<byte> Next() => request.Bytes;
    }
}
