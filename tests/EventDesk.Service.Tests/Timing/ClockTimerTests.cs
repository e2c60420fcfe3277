using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Timing;

public sealed class ClockTimerTests(TestDesk t) : IClassFixture<TestDesk>
{
    [Fact]
    public async Task C6_A_warning_and_a_breach_are_written_by_the_timer_once_each_though_two_look_at_the_same_time()
    {
        await using var leases = new Leases(t.Store);
        using var one = Timer(leases);
        using var other = Timer(leases);
        var tickets = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => t.Open(product: "router", severity: Domain.Tickets.Severity.Critical)));
        t.Clock.Move(TimeSpan.FromMinutes(50));
        await Task.WhenAll(one.Pass(default), other.Pass(default));
        t.Clock.Move(TimeSpan.FromMinutes(11));
        await Task.WhenAll(other.Pass(default), one.Pass(default));
        await one.Pass(default);

        foreach (var ticket in tickets)
        {
            var (entry, events) = (await t.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;
            events.Select(e => e.Event).OfType<SlaWarned>().Count().ShouldBe(1);
            events.Select(e => e.Event).OfType<SLABreached>().ShouldHaveSingleItem().Due.ShouldBe(entry.Ticket.OpenedAt.AddHours(1));
            events[^1].Meta.Rule.ShouldBe(new Domain.RuleRef("contract/standard", 1));
        }
    }

    [Fact]
    public async Task C5_D1_Due_and_the_state_of_the_clock_stand_in_the_queue_with_the_answer_of_the_command()
    {
        var ticket = await t.Open(product: "router", severity: Domain.Tickets.Severity.Critical);
        var opened = t.Clock.GetUtcNow();
        (await Row(ticket)).ShouldBe((opened.AddHours(1), "1"));
        await t.Do(ticket, new AssessSeverity(Domain.Tickets.Severity.Standard), operation: Operation.AssessSeverity);
        (await Row(ticket)).Due.ShouldNotBe(opened.AddHours(1));
        await t.Do(ticket, new SendReply(Guid.CreateVersion7(), Channel.Email, "Done."));
        (await Row(ticket)).ShouldBe((null, ""));
        (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<TicketsView>().Single(), default)).Examples.ShouldBeEmpty();
    }

    [Fact]
    public async Task B2_When_the_hours_change_running_clocks_are_read_anew_and_the_rows_equal_a_replay()
    {
        await using var leases = new Leases(t.Store);
        using var timer = Timer(leases);
        t.Clock.Move(TimeSpan.FromDays(7));
        var ticket = await t.Open(product: "router");
        var before = (await Row(ticket)).Due;
        var book = t.Get<OrganisationBook>();
        var calendar = (CalendarDefinition)book.History.Versions("calendar/pl")[^1].Definition;
        var changed = await book.Define(calendar with { Zone = "America/New_York" }, null, book.History.Versions("calendar/pl").Count, Actor.System, null, default);
        changed.ShouldBeOfType<Defining.Done>();
        await timer.ReadHours(default);
        (await Row(ticket)).Due.ShouldNotBe(before);
        (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<TicketsView>().Single(), default)).Examples.ShouldBeEmpty();
        await book.Define(calendar, null, book.History.Versions("calendar/pl").Count, Actor.System, null, default);
        await timer.ReadHours(default);
    }

    async Task<(DateTimeOffset? Due, string Sla)> Row(Guid ticket)
    {
        await using var command = t.Store.DataSource.CreateCommand("select case when due < '9999-01-01' then due end, coalesce(sla::text, '') from ticket where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), row.GetString(1));
    }

    TicketTimer Timer(Leases leases) => new(t.Store, t.Desk, t.Get<TicketPrivacy>(), t.Get<OrganisationBook>(), leases, t.Clock);
}
