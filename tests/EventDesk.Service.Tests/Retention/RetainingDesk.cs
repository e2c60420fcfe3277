using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Retention;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Store.Ledger;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Retention;

/// <summary>A desk with retention rules, whose views are followed as in a process that serves.</summary>
sealed class RetainingDesk : IAsyncDisposable
{
    FollowerHost? followers;

    public TestDesk Desk { get; } = new();
    public RetentionDesk Retention => Desk.Get<RetentionDesk>();
    public RetentionFinder Finder => Desk.Get<RetentionFinder>();

    public static async Task<RetainingDesk> Start(AccountRetention? accounts, params RetentionRule[] rules)
    {
        var t = new RetainingDesk();
        await t.Desk.InitializeAsync();
        t.followers = new FollowerHost(t.Desk.Store, [.. ViewCatalog.All]);
        await t.followers.StartAsync(default);
        await t.Define(new RetentionRules(rules, accounts), 0);
        return t;
    }

    public async Task Define(RetentionRules rules, long version, DateTimeOffset? from = null) =>
        (await Desk.Get<OrganisationBook>().Define(rules, from, version, new Actor("adam", Role.Administrator), null, default)).ShouldBe(new Defining.Done(version + 1));

    /// <summary>Waits until the followed views hold all that was written.</summary>
    public async Task CaughtUp()
    {
        var last = await Scalar("select coalesce(max(seq_id), 0) from mt_events");
        await Eventually.Be(() => Task.FromResult(followers!.Status.All(s => s.Checkpoint >= last)), "the views caught up");
    }

    public void Days(double days) => Desk.Clock.Move(TimeSpan.FromDays(days));

    /// <summary>Every page of what is due now.</summary>
    public async Task<List<DueTicket>> Preview(int page = 7)
    {
        await CaughtUp();
        List<DueTicket> due = [];
        RetentionPreview shown;
        do
        {
            shown = await Retention.Preview(Desk.Clock.GetUtcNow(), due.Count == 0 ? null : (due[^1].Due.Since, due[^1].Ticket), page, default);
            due.AddRange(shown.Tickets);
        }
        while (shown.More);
        (shown.Totals.Purged + shown.Totals.Anonymised + shown.Totals.Held).ShouldBe(due.Count, "the totals are those of all pages");
        return due;
    }

    public async Task<RetentionTotals> Run()
    {
        await CaughtUp();
        return await Retention.Run(withPeople: true, null, default);
    }

    public async Task<Guid> Resolved(string email = "bob@example.org", string product = "billing", string body = "It did not come.")
    {
        var ticket = await Desk.Open(email: email, product: product, body: body);
        await Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), Operation.Resolve);
        return ticket;
    }

    public async Task Do(Guid ticket, TicketCommand command, Operation operation = Operation.Reply) =>
        (await Desk.Desk.Handle(ticket, operation, command, null, Asker.System, null, default)).ShouldBeOfType<Outcome.Done>();

    /// <summary>What may be refused: a wish of somebody who did not look.</summary>
    public Task<Outcome> Try(Guid ticket, TicketCommand command, Operation operation) => Desk.Desk.Handle(ticket, operation, command, null, Asker.System, null, default);

    public async Task<(TicketEntry Entry, IReadOnlyList<RecordedEvent> Events)> Read(Guid ticket) =>
        (await Desk.Desk.Replay(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!.Value;

    public async Task<long> Scalar(string sql)
    {
        await using var command = Desk.Store.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Every chain holds, and every view is what a replay gives.</summary>
    public async Task IsSound()
    {
        await CaughtUp();
        var report = await Verify.Database(Desk.Store.DataSource, null, default);
        report.ToString().ShouldNotContain("broken", Case.Insensitive);
        report.Breaks.ShouldBeEmpty();
        foreach (var view in ViewCatalog.All)
            (await ViewCheck.Run(Desk.Store, view, default)).ShouldSatisfyAllConditions(d => d.Examples.ShouldBeEmpty(), d => d.None.ShouldBeTrue());
    }

    public async ValueTask DisposeAsync()
    {
        if (followers is not null)
        {
            await followers.StopAsync(default);
            followers.Dispose();
        }
        NpgsqlConnection.ClearAllPools();
        await Desk.DisposeAsync();
    }
}
