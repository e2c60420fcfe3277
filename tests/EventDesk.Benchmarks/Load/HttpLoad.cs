using System.Diagnostics;
using System.Net;

namespace EventDesk.Benchmarks.Load;

/// <summary>What one client says: prepared bytes, patched in place, and what it learns from the answers.</summary>
abstract class Talk
{
    /// <summary>The whole next request, head and body.</summary>
    public abstract ReadOnlyMemory<byte> Next();

    /// <summary>True when the answer is the expected one.</summary>
    public virtual bool Answered(in Answer answer) => answer.Status is >= 200 and < 300;
}

/// <summary>Clients on one server: a connection and a thread each, the next request when the answer has come.</summary>
static class HttpLoad
{
    /// <summary>
    /// Until the rate grows no more: for tens of thousands of requests the runtime still compiles beside them, on processors that
    /// everything shares.
    /// </summary>
    public static void WarmUp(Func<LoadResult> load)
    {
        var best = 0.0;
        for (var (slices, idle) = (0, 0); slices < 12 && idle < 2; slices++)
        {
            var rate = load().PerSecond;
            idle = rate < best * 1.05 ? idle + 1 : 0;
            best = Math.Max(best, rate);
        }
    }

    /// <summary>As fast as it goes.</summary>
    public static LoadResult Run(IPEndPoint server, IReadOnlyList<Talk> clients, TimeSpan time) => Run(server, clients, time, null);

    /// <summary>
    /// A fixed rate, whatever the server does: a request that has to wait for a free client counts from the moment it was due.
    /// </summary>
    public static LoadResult Paced(IPEndPoint server, IReadOnlyList<Talk> clients, TimeSpan time, double perSecond) =>
        Run(server, clients, time, new Pace(perSecond));

    static LoadResult Run(IPEndPoint server, IReadOnlyList<Talk> clients, TimeSpan time, Pace? pace)
    {
        var workers = clients.Select(c => new Worker(server, c)).ToArray();
        using var ready = new CountdownEvent(workers.Length);
        using var go = new ManualResetEventSlim();
        var start = 0L;
        var threads = workers.Select(w => new Thread(() => w.Work(ready, go, () => start, time, pace), 256 * 1024)).ToArray();
        foreach (var thread in threads) thread.Start();
        ready.Wait();
        start = Stopwatch.GetTimestamp();
        pace?.Begin(start);
        go.Set();
        foreach (var thread in threads) thread.Join();
        var micros = workers.SelectMany(w => w.Micros).ToArray();
        Array.Sort(micros);
        return new LoadResult(
            time.TotalSeconds, micros, workers.Sum(w => w.Failures), workers.Select(w => w.FirstFailure).FirstOrDefault(f => f is not null),
            workers.Sum(w => w.BodyBytes));
    }

    /// <summary>Hands out due times in order.</summary>
    sealed class Pace(double perSecond)
    {
        readonly double ticks = Stopwatch.Frequency / perSecond;
        long begin;
        long next = -1;

        public void Begin(long now) => begin = now;

        public long Due() => begin + (long)(Interlocked.Increment(ref next) * ticks);
    }

    sealed class Worker(IPEndPoint server, Talk talk)
    {
        public List<int> Micros { get; } = new(16 * 1024);
        public int Failures { get; private set; }
        public string? FirstFailure { get; private set; }
        public long BodyBytes { get; private set; }

        public void Work(CountdownEvent ready, ManualResetEventSlim go, Func<long> start, TimeSpan time, Pace? pace)
        {
            try
            {
                using var connection = new Connection(server);
                ready.Signal();
                go.Wait();
                var end = start() + (long)(time.TotalSeconds * Stopwatch.Frequency);
                while (Turn(connection, end, pace)) { }
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                Failed(e.Message);
                if (!go.IsSet) ready.Signal();
            }
        }

        bool Turn(Connection connection, long end, Pace? pace)
        {
            var from = pace is null ? Stopwatch.GetTimestamp() : pace.Due();
            if (from >= end) return false;
            if (pace is not null) WaitUntil(from);
            var answer = connection.Ask(talk.Next().Span);
            var now = Stopwatch.GetTimestamp();
            if (!talk.Answered(answer)) Failed($"{answer.Status} {answer.Text}");
            else if (now < end || pace is not null)
            {
                Micros.Add((int)((now - from) * 1_000_000 / Stopwatch.Frequency));
                BodyBytes += connection.ContentBytes;
            }
            return true;
        }

        static void WaitUntil(long due)
        {
            var wait = (due - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
            if (wait >= 1) Thread.Sleep((int)wait);
        }

        void Failed(string why)
        {
            Failures++;
            FirstFailure ??= why;
        }
    }
}
