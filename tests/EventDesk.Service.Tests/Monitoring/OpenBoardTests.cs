using EventDesk.Domain;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Monitoring;

namespace EventDesk.Service.Tests.Monitoring;

public sealed class OpenBoardTests
{
    static readonly DateTime Noon = new(2026, 11, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void B5_Whatever_comes_and_goes_the_board_counts_what_is_there_and_finds_its_median()
    {
        var random = new Random(20261102);
        var (board, there) = (new OpenBoard(0), new Dictionary<Guid, BoardTicket>());
        var ids = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToList();
        for (var step = 0; step < 2_000; step++)
        {
            var id = ids[random.Next(ids.Count)];
            BoardTicket? now = random.Next(3) == 0 ? null : new BoardTicket(
                new Spot(new DeskId($"billing/{random.Next(3)}"), (SupportLine)random.Next(1, 3), random.Next(2) == 0 ? null : new AgentId("ann")),
                (Place)random.Next(4), random.Next(4) == 0 ? null : (ClockState)random.Next(1, 6), Noon.AddSeconds(random.Next(-500, 500)));
            board.Put(id, now);
            there.Remove(id);
            if (now is { } t) there.Add(id, t);
            if (step % 50 == 0) ShouldHold(board, [.. there.Values]);
        }
    }

    static void ShouldHold(OpenBoard board, List<BoardTicket> there)
    {
        board.Cells.Sum(c => c.Opened.Count).ShouldBe(there.Count);
        foreach (var cell in board.Cells)
        {
            var here = there.Where(t => t.Spot == cell.Spot).ToList();
            foreach (var place in Enum.GetValues<Place>()) cell.In(place).ShouldBe(here.Count(t => t.Place == place));
            foreach (var state in Enum.GetValues<ClockState>()) cell.With(state).ShouldBe(here.Count(t => t.Clock == state));
            Enumerable.Range(0, cell.Opened.Count).Select(i => cell.Opened[i]).ShouldBe(here.Select(t => t.OpenedAt).Order());
        }
        var times = there.Select(t => t.OpenedAt).Order().ToList();
        Quantiles.Median([.. board.Cells.Select(c => c.Opened)]).ShouldBe(
            times.Count == 0 ? null : times[(times.Count - 1) / 2] + ((times[times.Count / 2] - times[(times.Count - 1) / 2]) / 2));
    }

    [Fact]
    public void B5_Both_where_a_ticket_was_and_where_it_is_have_changed()
    {
        var board = new OpenBoard(0);
        var (from, to, id) = (new Spot(new DeskId("billing/en"), SupportLine.L1, null), new Spot(new DeskId("billing/pl"), SupportLine.L2, new AgentId("ann")), Guid.CreateVersion7());
        board.Put(id, new BoardTicket(from, Place.Triage, null, Noon));
        board.TakeTouched().ShouldBe([from]);
        board.Put(id, new BoardTicket(to, Place.Assigned, null, Noon));
        board.TakeTouched().ShouldBe([from, to], ignoreOrder: true);
        board.Put(id, null);
        board.TakeTouched().ShouldBe([to]);
        board.TakeTouched().ShouldBeEmpty();
    }

    [Fact]
    public void B5_What_was_solved_before_the_period_is_forgotten_and_empty_cells_with_it()
    {
        var board = new OpenBoard(0);
        var spot = new Spot(new DeskId("billing/en"), SupportLine.L1, new AgentId("ann"));
        board.Solve(spot, new Solved(Noon, TimeSpan.FromHours(1)));
        board.Solve(spot, new Solved(Noon.AddDays(-8), TimeSpan.FromHours(2)));
        board.Forget(Noon.AddDays(-7));
        board.Cells.ShouldHaveSingleItem().Solved.Count.ShouldBe(1);
        board.Forget(Noon.AddDays(1));
        board.Cells.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0.5, 2.5), InlineData(0.9, 3.7), InlineData(0, 1), InlineData(1, 4)]
    public void E4_Percentiles_lie_between_the_neighbours(double share, double expected) =>
        Quantiles.Of([1, 2, 3, 4], share)!.Value.ShouldBe(expected, 1e-9);
}
