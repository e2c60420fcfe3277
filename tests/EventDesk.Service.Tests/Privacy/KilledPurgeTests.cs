using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using EventDesk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventDesk.Service.Tests.Privacy;

/// <summary>A process that is killed after a purge was stored, and before the keys in the copies of the database were made worthless.</summary>
public sealed class KilledPurgeTests(TestDesk t) : IClassFixture<TestDesk>
{
    [Fact]
    public async Task R4_what_a_killed_process_left_undone_the_next_one_does()
    {
        var (purged, kept) = (await t.Open(email: "pat@example.org"), await t.Open(email: "kim@example.org"));
        var copy = await Keys();
        await t.Do(purged, new ResolveTicket(Resolution.Fixed), operation: Operation.Resolve);
        // All that the dead process came to: the events are stored, nothing was shredded.
        (await t.Get<TicketPrivacy>().PurgeOnly(purged, PurgeReason.CustomerRequest, null, null, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();
        (await Undestroyed()).ShouldBe(1);
        using (var before = Masters())
            before.Unwrap(purged, copy[purged]).ShouldNotBeNull("until then a copy from before can still be read");

        // Another process, with nothing of the first one's in its memory; it too is killed once, right before the keys are destroyed.
        await using var next = new ServiceCollection().AddLogging().AddEventDesk(t.Options(t.ConnectionString)).AddSingleton<TimeProvider>(t.Clock).BuildServiceProvider();
        using var killed = new CancellationTokenSource();
        await killed.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Watch(next).Pass(killed.Token));
        (await Undestroyed()).ShouldBe(1);
        await Watch(next).Pass(default);

        (await Undestroyed()).ShouldBe(0);
        using var today = Masters();
        today.Unwrap(purged, copy[purged]).ShouldBeNull();
        (await next.GetRequiredService<TicketDesk>().Replay(kept, TestDesk.Agent, Operation.ReadTicket, default))!.Value.Events[0].Event
            .ShouldBeOfType<TicketOpened>().Body!.Text.ShouldBe("It did not come.");
    }

    ErasureWatch Watch(ServiceProvider of) => new(
        of.GetRequiredService<EventStore>(), of.GetRequiredService<StreamKeys>(), of.GetRequiredService<MasterKeys>(), of.GetRequiredService<SubjectCache>(), t.Clock,
        NullLogger<ErasureWatch>.Instance);

    MasterKeys Masters() => MasterKeys.LoadOrCreate(t.Options(t.ConnectionString).MasterKeyFile, mayCreate: false);

    async Task<long> Undestroyed()
    {
        await using var command = t.Store.DataSource.CreateCommand("select count(*) from erased_stream where destroyed is null");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task<Dictionary<Guid, WrappedKey>> Keys()
    {
        Dictionary<Guid, WrappedKey> keys = [];
        await using var command = t.Store.DataSource.CreateCommand("select stream_id, master_id, wrapped from stream_key");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            keys[row.GetGuid(0)] = new(row.GetInt32(1), row.GetFieldValue<byte[]>(2));
        return keys;
    }
}
