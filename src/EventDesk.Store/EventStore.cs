using EventDesk.Store.Following;
using EventDesk.Store.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventDesk.Store;

/// <summary>Streams of events in PostgreSQL: append, read, follow. Knows nothing of what the events mean.</summary>
public sealed partial class EventStore : IAsyncDisposable
{
    readonly Writer[] writers;

    /// <param name="inlineViews">Written in the transaction of every append of this process, in this order.</param>
    public EventStore(EventStoreOptions options, IReadOnlyList<InlineView> inlineViews, TimeProvider? time = null, ILoggerFactory? logs = null)
    {
        if (options.Schema.Length is 0 or > 40 || !options.Schema.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
            throw new ArgumentException($"\"{options.Schema}\" cannot name a schema: use lower-case letters, digits and underscores.", nameof(options));

        Options = options;
        InlineViews = inlineViews;
        Time = time ?? TimeProvider.System;
        Logs = logs ?? NullLoggerFactory.Instance;
        DataSource = Pooled(options);
        Dedicated = Unpooled(options, "eventdesk", "");
        Notices = new(this);
        WriterSource = Unpooled(options, "eventdesk writer", WriterSettings(options));
        writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new Writer(this))];
    }

    public EventStoreOptions Options { get; }
    public IReadOnlyList<InlineView> InlineViews { get; }

    /// <summary>Pooled connections for reading and for views. Sessions are not reset between uses: leave no settings behind.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Tells whoever waits that something was appended, in this process at once.</summary>
    public Wakeup Wakeup { get; } = new();

    /// <summary>The same for what this process appended itself: what the other processes are to be told.</summary>
    internal Wakeup Appended { get; } = new();

    internal RecentLeaves RecentLeaves { get; } = new();

    internal RecentCommits RecentCommits { get; } = new();

    /// <summary>What the processes on this database say to each other beside the log.</summary>
    public Notices Notices { get; }

    internal TimeProvider Time { get; }
    internal ILoggerFactory Logs { get; }

    /// <summary>Connections of their own for what must outlive a single command: leases, LISTEN, rebuilds.</summary>
    internal NpgsqlDataSource Dedicated { get; }

    internal NpgsqlDataSource WriterSource { get; }

    /// <summary>Lets the appends that wait come to their end, then closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(writers.Select(w => w.Stop()));
        await WriterSource.DisposeAsync();
        await Dedicated.DisposeAsync();
        await DataSource.DisposeAsync();
    }

    static NpgsqlDataSource Pooled(EventStoreOptions options) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            ApplicationName = "eventdesk",
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        });

    static NpgsqlDataSource Unpooled(EventStoreOptions options, string application, string settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            ApplicationName = application,
            Pooling = false,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ReadBufferSize = 1 << 17,
            WriteBufferSize = 1 << 17,
            CommandTimeout = (int)(options.LockTimeout + options.StatementTimeout).TotalSeconds + 5,
        };
        if (settings.Length > 0)
            connection.WriteBufferSize = connection.ReadBufferSize = 1 << 17; // a batch goes out in one piece, not in a dozen
        connection.Options = $"{connection.Options} {settings}".Trim();
        return NpgsqlDataSource.Create(connection);
    }

    // The batch's statements join a few given ids with large tables. Nested loops over the ids, in the order given, are both the cheapest plan and
    // the one that locks rows in one order in every process; generic plans spare the planning of every batch.
    static string WriterSettings(EventStoreOptions options) =>
        $"-c lock_timeout={options.LockTimeout.TotalMilliseconds:0} -c statement_timeout={options.StatementTimeout.TotalMilliseconds:0} " +
        $"-c idle_in_transaction_session_timeout={options.StatementTimeout.TotalMilliseconds:0} " +
        "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c jit=off";
}
