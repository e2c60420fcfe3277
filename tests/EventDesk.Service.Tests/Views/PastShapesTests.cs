using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Store.Ledger;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Views;

/// <summary>Events of a program that stored other shapes, two of them ago.</summary>
public sealed class PastShapesTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly Upcasts Past = new(
        new Upcast("ticket_handed", "ticket_given", Renamed("worker", "who")), new Upcast("ticket_given", "ticket_assigned", Renamed("who", "agent")),
        new Upcast("ticket_begun", "ticket_opened", Renamed("article", "product")));

    [Fact]
    public async Task A3_a_log_of_old_shapes_gives_the_tickets_and_the_views_it_gave_in_the_present_ones()
    {
        for (var i = 0; i < 6; i++)
        {
            var id = await t.Open(subject: $"Case {i}", channel: Channel.Portal);
            (await t.Do(id, new TriageTicket(SupportLine.L1, "billing-en-l1"), TestDesk.Coordinator, Operation.Triage)).ShouldBeOfType<Outcome.Done>();
            (await t.Do(id, new AssignTicket(new("ann")), TestDesk.Coordinator, Operation.Assign)).ShouldBeOfType<Outcome.Done>();
            if (i % 2 == 0) (await t.Do(id, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve)).ShouldBeOfType<Outcome.Done>();
        }
        await Rebuild.Run(t.Store, [.. ViewCatalog.All], (_, _) => Task.CompletedTask, default);
        var present = await t.Store.ReadAll(0, 1_000, default);
        await Execute("""
            alter table mt_events disable trigger all;
            update mt_events set type = 'ticket_handed', data = (data - 'agent') || jsonb_build_object('worker', data->'agent') where type = 'ticket_assigned';
            update mt_events set type = 'ticket_begun', data = (data - 'product') || jsonb_build_object('article', data->'product') where type = 'ticket_opened';
            alter table mt_events enable trigger all;
            """);
        await using var store = new EventStore(new EventStoreOptions { ConnectionString = t.ConnectionString, Upcasts = Past }, ViewCatalog.Inline);

        var read = await store.ReadAll(0, 1_000, default);
        read.Select(e => (e.SeqId, e.Type)).ShouldBe(present.Select(e => (e.SeqId, e.Type)));
        read.Where(e => e.Type is "ticket_opened" or "ticket_assigned").Select(e => TicketCodec.Read(e, null).Event)
            .ShouldBe(present.Where(e => e.Type is "ticket_opened" or "ticket_assigned").Select(e => TicketCodec.Read(e, null).Event));
        var streams = present.Where(e => e.Type == "ticket_assigned").Select(e => e.Stream).ToHashSet();
        (await store.ReadStreams(streams, ["ticket_assigned"], default)).Count.ShouldBe(6);
        foreach (var view in ViewCatalog.All)
            await ShouldEqualReplay(store, view);
        await Rebuild.Run(store, [.. ViewCatalog.All], (_, _) => Task.CompletedTask, default);
        foreach (var view in ViewCatalog.All)
            await ShouldEqualReplay(store, view);

        // A program that does not know them finds the rows to be other than what it reads.
        (await ViewCheck.Run(t.Store, ViewCatalog.Followed.OfType<TicketFacts>().Single(), default)).None.ShouldBeFalse();
    }

    [Fact]
    public void T2_the_digest_of_an_event_is_made_over_the_shape_it_was_stored_in()
    {
        var stored = new StoredEvent(
            7, Guid.CreateVersion7(), Guid.CreateVersion7(), 3, "ticket_handed", "T, A", DateTimeOffset.UnixEpoch, """{"worker":"ann"}"""u8.ToArray(), "{}"u8.ToArray(), null, null, null);
        var lifted = Past.Lift(stored);
        (lifted.Type, Encoding.UTF8.GetString(lifted.Data.Span)).ShouldBe(("ticket_assigned", """{"agent":"ann"}"""));
        Digest(lifted).ShouldBe(Digest(stored));
    }

    async Task Execute(string sql)
    {
        await using var command = t.Store.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static string Digest(StoredEvent e)
    {
        var digest = new byte[Digests.Length];
        EventChain.Digest(e, new byte[Digests.Length], digest);
        return Convert.ToHexString(digest);
    }

    static async Task ShouldEqualReplay(EventStore store, View view)
    {
        var drift = await ViewCheck.Run(store, view, default);
        drift.None.ShouldBeTrue($"{view.Name}: {string.Join("; ", drift.Examples)}");
    }

    static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Renamed(string old, string present) =>
        data => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data.Span).Replace($"\"{old}\":", $"\"{present}\":", StringComparison.Ordinal));
}
