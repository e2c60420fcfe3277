using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Tests.Tickets;

public sealed class RecentTicketsTests
{
    [Fact]
    public void What_was_kept_a_moment_ago_is_at_hand_however_much_comes()
    {
        const int capacity = 100;
        var recent = new RecentTickets(capacity);
        var all = Enumerable.Range(0, capacity * 10).Select(_ => Entry(Guid.CreateVersion7(), 1)).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            recent.Keep(all[i]);
            foreach (var late in all.Take(i + 1).TakeLast(capacity / 2))
                recent.At(late.Id, 1).ShouldBe(late);
        }
        all.Count(e => recent.At(e.Id, 1) is not null).ShouldBeLessThanOrEqualTo(capacity + 1);
    }

    [Fact]
    public void A_version_that_somebody_has_left_behind_is_not_at_hand()
    {
        var recent = new RecentTickets(2);
        var id = Guid.CreateVersion7();
        recent.Keep(Entry(id, 1));
        recent.Keep(Entry(Guid.CreateVersion7(), 1));
        recent.Keep(Entry(Guid.CreateVersion7(), 1));
        recent.Keep(Entry(id, 2));
        recent.At(id, 1).ShouldBeNull();
        recent.At(id, 2).ShouldNotBeNull();
    }

    static TicketEntry Entry(Guid id, long version) => new(id, version, new byte[32], Ticket.None, default);
}
