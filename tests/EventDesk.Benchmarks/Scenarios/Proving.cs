using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using EventDesk.Benchmarks.Filling;
using EventDesk.Benchmarks.Load;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Store.Ledger;
using EventDesk.Store.Schema;
using EventDesk.Store.Sealing;
using Verification = EventDesk.Store.Ledger.Verify;

namespace EventDesk.Benchmarks.Scenarios;

/// <summary>What sealing and proving cost: an append with seal, digest and ledger against the same one without, and how fast all of it is verified.</summary>
sealed class Proving(string root, Cluster cluster, Settings settings, Report report)
{
    const int Clients = 64;
    const int VerifiedTickets = 200_000;

    static readonly string Prose = Requests.Prose(new Random(1), 500);

    /// <summary>Rounds take turns, so that a machine that is busy for a while is so for both.</summary>
    public async Task Seal()
    {
        using var folder = new Folder(Path.Combine(root, ".data", "bench", "seal"));
        using var masters = MasterKeys.LoadOrCreate(folder.File("master.key"), mayCreate: true);
        await using var plain = await Store("seal_plain");
        await using var proved = await Store("seal_proved");
        await using var leases = new Leases(proved);
        using var keeper = new LedgerKeeper(proved, leases, folder.File("ledger.key"));
        await keeper.StartAsync(default);
        await Rate(plain, Plain, TimeSpan.FromSeconds(2));
        await Rate(proved, id => Proved(id, masters), TimeSpan.FromSeconds(2));
        List<double> plains = [], proveds = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            plains.Add(await Rate(plain, Plain, settings.Slice));
            proveds.Add(await Rate(proved, id => Proved(id, masters), settings.Slice));
            Console.WriteLine($"  seal: {proveds[^1]:N0} appends/s with seal, digest and ledger; {plains[^1]:N0} without");
        }
        report["seal"] = Median.Of(plains.Zip(proveds, (without, with) => without / with));
        report["seal.with.per_s"] = Median.Of(proveds);
        report["seal.without.per_s"] = Median.Of(plains);
        await CaughtUp(proved);
        await keeper.StopAsync(default);
        var verified = await Ledger(proved, folder.File("ledger.key"));
        Console.WriteLine($"  seal: {report["seal"]:0.00} times the cost; the ledger holds all {verified.Ledger!.Size:N0} events");
    }

    /// <summary>A tree over a million events, grown in one go, and the proof of all of it.</summary>
    public async Task Verify(Product product, Filler filler)
    {
        await filler.Fill(Math.Min(VerifiedTickets, settings.Tickets));
        await using var store = new EventStore(new EventStoreOptions { ConnectionString = product.ConnectionString }, []);
        var growth = new LedgerGrowth(store.DataSource, product.File("verify.ledger.key"), TimeProvider.System);
        var (started, size) = (Stopwatch.GetTimestamp(), 0L);
        while (await growth.Step(default) is { } grown)
            size = grown.Signed.Size;
        report["verify.grow.per_s"] = size / Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<double> seconds = [];
        for (var round = 0; round < settings.Rounds; round++)
        {
            started = Stopwatch.GetTimestamp();
            await Ledger(store, product.File("verify.ledger.key"));
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        report["verify.events"] = size;
        report["verify.s"] = Median.Of(seconds);
        report["verify.per_s"] = size / report["verify.s"];
        Console.WriteLine($"  verify: {size:N0} events in {report["verify.s"]:0.0} s, {report["verify.per_s"]:N0}/s; the tree grows by {report["verify.grow.per_s"]:N0}/s");
    }

    static async Task<VerifyReport> Ledger(EventStore store, string keyFile)
    {
        using var keys = LedgerKeys.Load(keyFile)!;
        var verified = await Verification.Database(store.DataSource, new(keys.Verifiers, []), null, default);
        return verified.Intact ? verified : throw new BenchException($"verify says: {verified}");
    }

    async Task<EventStore> Store(string database)
    {
        await cluster.Recreate(database);
        var store = new EventStore(new EventStoreOptions { ConnectionString = cluster.ConnectionString(database) }, []);
        await Migrator.Run(store.DataSource, store.Options, default);
        return store;
    }

    static async Task<double> Rate(EventStore store, Func<Guid, Append> make, TimeSpan slice)
    {
        var (started, done) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < slice)
            {
                if (await store.Append(make(Guid.CreateVersion7()), default) is not AppendResult.Appended) throw new BenchException("An append was refused.");
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task CaughtUp(EventStore store)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            await using var command = store.DataSource.CreateCommand("select coalesce(max(size), 0) = (select count(*) from mt_events) from ledger_checkpoint");
            if (await command.ExecuteScalarAsync() is true) return;
            if (waited.Elapsed > TimeSpan.FromMinutes(1)) throw new BenchException("The ledger does not catch up.");
        }
    }

    static DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    static readonly byte[] NoDigest = [.. "{\"actor\":\"ann\",\"role\":\"agent\",\"digest\":\""u8, .. new byte[44].Select(_ => (byte)'A'), .. "\"}"u8];

    static Append Plain(Guid stream) => new()
    {
        Stream = stream, StreamType = "ticket", ExpectedVersion = 0, Recorded = Now, UserName = "ann",
        Events = [Event(Opened(null)), Event(Confirmed())],
    };

    static NewEvent Event(byte[] data) => new(Guid.CreateVersion7(), "ticket_opened", "EventDesk.TicketOpened, EventDesk", data, NoDigest, new byte[32]);

    static Append Proved(Guid stream, MasterKeys masters)
    {
        using var key = StreamKey.Create(stream);
        var at = Now;
        return new()
        {
            Stream = stream, StreamType = "ticket", ExpectedVersion = 0, Recorded = at, UserName = "ann", NewKey = key.Wrapped(masters),
            Events = EventChain.Link(ChainEnd.Start(stream, "ticket"), new(at, UserName: "ann"), [Draft(Opened(key)), Draft(Confirmed())]),
        };
    }

    static EventDraft Draft(byte[] data) =>
        new(Guid.CreateVersion7(), "ticket_opened", "EventDesk.TicketOpened, EventDesk", data, [new("actor", "ann"), new("role", "agent")]);

    static byte[] Confirmed() => [.. "{\"number\":17,\"channel\":\"email\"}"u8];

    /// <param name="key">Null: in plain.</param>
    static byte[] Opened(StreamKey? key)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("number"u8, 17);
            json.WriteString("product"u8, "billing"u8);
            json.WriteString("language"u8, "en"u8);
            foreach (var (name, text) in ((string, string)[])[("name", "Kim Doe"), ("email", "kim@example.com"), ("subject", "Charged twice for order 4711"), ("body", Prose)])
            {
                json.WritePropertyName(name);
                if (key is null) json.WriteStringValue(text);
                else SealedJson.Write(json, key, 1, name, text);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    sealed class Folder : IDisposable
    {
        readonly string path;

        public Folder(string path)
        {
            this.path = path;
            Dispose();
            Directory.CreateDirectory(path);
        }

        public string File(string name) => Path.Combine(path, name);

        public void Dispose()
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }
}
