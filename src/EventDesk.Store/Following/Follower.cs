using System.Data;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Store.Following;

/// <summary>How a followed view stands, as seen by this process.</summary>
/// <param name="Owned">This process is the one that applies it.</param>
/// <param name="Checkpoint">The last event it has applied.</param>
/// <param name="CaughtUpAt">When it last had nothing left to apply.</param>
/// <param name="Failing">What stops it, with the number of the event; null when nothing does.</param>
public sealed record FollowerStatus(string View, bool Owned, long Checkpoint, DateTimeOffset CaughtUpAt, string? Failing);

/// <summary>
/// Keeps one view up with the log: reads on from its checkpoint and applies page after page, each in the transaction that moves the checkpoint. An
/// event that cannot be applied stops the view where it stands, for all to see, and is tried again; it is never skipped.
/// </summary>
sealed partial class Follower(EventStore store, FollowedView view, Leases leases, RecentPage recent)
{
    const int FullPage = 500;
    const string CheckpointSql = "select last_seq_id from mt_event_progression where name = $1";

    // Rows and checkpoint are lost together in a crash and made again together, so that nobody waits for the disk here.
    const string BeginSql = "set local synchronous_commit = off";

    // Guards against a second owner and against a rebuild that has put new rows in place: either moved the checkpoint.
    const string AdvanceSql = "update mt_event_progression set last_seq_id = $3, last_updated = now() where name = $1 and last_seq_id = $2";

    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    readonly ILogger log = store.Logs.CreateLogger<Follower>();
    long? checkpoint;
    int limit = FullPage;
    int failures;

    public FollowerStatus Status { get; private set; } = new(view.Name, Owned: false, 0, store.Time.GetUtcNow(), null);

    /// <summary>Follows whenever this process owns the view, until cancelled.</summary>
    public Task Run(CancellationToken ct) => leases.Keep($"view {view.ProgressionName}", Follow, AfterTrouble, ct);

    async Task Follow(CancellationToken ct)
    {
        Status = Status with { Owned = true };
        checkpoint = null;
        // One of its own: the pool would hand it another each time, and each would have to plan anew and map the same pages once more.
        await using var connection = store.DataSource.CreateConnection();
        try
        {
            while (true)
            {
                var next = store.Wakeup.Next;
                var started = store.Time.GetTimestamp();
                var left = await ApplyNext(connection, ct);
                if (left is Left.Surely)
                    continue;
                if (left is Left.Nothing)
                    await Wakeup.Wait(next, store.Options.PollInterval, store.Time, ct);
                if (store.Options.FollowInterval - store.Time.GetElapsedTime(started) is { Ticks: > 0 } rest)
                    await Task.Delay(rest, store.Time, ct);
            }
        }
        finally
        {
            Status = Status with { Owned = false };
        }
    }

    /// <summary>What is left in the log behind a page.</summary>
    enum Left { Nothing, Perhaps, Surely }

    async Task<Left> ApplyNext(NpgsqlConnection connection, CancellationToken ct)
    {
        var first = 0L;
        try
        {
            if (connection.State is not ConnectionState.Open)
            {
                await connection.CloseAsync();
                await connection.OpenAsync(ct);
            }
            checkpoint ??= await ReadCheckpoint(connection, ct);
            var (page, kept) = await recent.Read(connection, checkpoint.Value, limit, ct);
            first = page.Count == 0 ? 0 : page[0].SeqId;
            var more = page.Count == limit;
            if (page.Count > 0)
                await Apply(page, connection, ct);
            limit = page.Count == 0 ? FullPage : Math.Min(FullPage, limit * 4);
            failures = 0;
            Status = Status with { Checkpoint = checkpoint.Value, Failing = null, CaughtUpAt = more || kept ? Status.CaughtUpAt : store.Time.GetUtcNow() };
            return more ? Left.Surely : kept ? Left.Perhaps : Left.Nothing;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            checkpoint = null;
            if (e is not CheckpointMovedException)
                await Stop(first, e, ct);
            return Left.Surely;
        }
    }

    async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        using var activity = StoreTelemetry.Activities.StartActivity("follow", ActivityKind.Consumer);
        activity?.SetTag("eventdesk.view", view.Name).SetTag("eventdesk.events", page.Count);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(BeginSql),
                new(AdvanceSql) { Parameters = { new() { Value = view.ProgressionName }, new() { Value = checkpoint!.Value }, new() { Value = page[^1].SeqId } } },
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
        if (batch.BatchCommands[1].RecordsAffected != 1)
            throw new CheckpointMovedException();
        await view.Apply(page, connection, ct);
        await transaction.CommitAsync(ct);
        checkpoint = page[^1].SeqId;
        // At the end: what was committed may be read before its writer has been told.
        if (activity is not null)
            foreach (var commit in store.RecentCommits.Of(page[0].SeqId, page[^1].SeqId))
                activity.AddLink(commit);
        StoreTelemetry.Followed.Add(page.Count, new KeyValuePair<string, object?>("view", view.Name));
    }

    /// <summary>Narrows a failing page down to its first event, then waits longer and longer before the next try.</summary>
    async Task Stop(long first, Exception e, CancellationToken ct)
    {
        if (first > 0 && limit > 1)
        {
            limit = 1;
            return;
        }
        failures++;
        Status = Status with { Failing = first > 0 ? $"Event {first}: {e.Message}" : e.Message };
        StoreTelemetry.FollowerFailures.Add(1, new KeyValuePair<string, object?>("view", view.Name));
        LogStopped(log, e, view.Name, first, failures);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(30_000, 50 << Math.Min(failures, 10))), store.Time, ct);
    }

    async Task<long> ReadCheckpoint(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CheckpointSql, connection) { Parameters = { new() { Value = view.ProgressionName } } };
        return await command.ExecuteScalarAsync(ct) is long at ? at : throw new InvalidOperationException($"The view {view.ProgressionName} has not been built yet.");
    }

    sealed class CheckpointMovedException : Exception;

    [LoggerMessage(LogLevel.Error, "The view {View} stands before event {Event} (attempt {Attempt})")]
    static partial void LogStopped(ILogger log, Exception e, string view, long @event, int attempt);
}
