using System.Security.Cryptography;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Tickets;

public sealed class TicketDeskTests(TestDesk t) : IClassFixture<TestDesk>
{
    static readonly SendReply Answer = new(Guid.CreateVersion7(), Channel.Email, "It is on its way.");

    [Fact]
    public async Task A1_Opening_gives_a_time_ordered_id_a_number_of_its_own_and_a_confirmation_with_that_number()
    {
        var first = await t.Open();
        var second = await t.Open();
        first.Version.ShouldBe(7);
        var (entry, events) = (await t.Desk.Replay(first, TestDesk.Agent, Operation.ReadHistory, default))!.Value;
        var other = (await t.Desk.Find(second, TestDesk.Agent, Operation.ReadTicket, default))!;
        other.Ticket.Number.ShouldNotBe(entry.Ticket.Number);
        events.Select(e => e.Event).OfType<ConfirmationIssued>().ShouldHaveSingleItem().Number.ShouldBe(entry.Ticket.Number);
        events[1].Meta.Rule.ShouldBe(AutomaticRules.ConfirmReceipt);
    }

    [Fact]
    public async Task A1_A_desk_that_is_unknown_or_retired_takes_no_ticket()
    {
        (await t.Desk.Open(New("billing", "fi"), TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("unknown_desk");
        (await t.Desk.Open(New("router", "pl"), TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("desk_retired");
    }

    [Fact]
    public async Task A10_A_stale_version_is_refused_with_what_changed_since()
    {
        var ticket = await t.Open();
        await t.Desk.Handle(ticket, Operation.Reply, Answer, 2, TestDesk.Agent, null, default);
        var stale = (await t.Desk.Handle(ticket, Operation.Reply, Answer, 2, TestDesk.Agent, null, default)).ShouldBeOfType<Outcome.Stale>();
        stale.ActualVersion.ShouldBe(3);
        stale.Since.ShouldHaveSingleItem().Event.ShouldBeOfType<ReplySent>().Body.Text.ShouldBe("It is on its way.");
        (await t.Store.ReadStream(ticket, 1, null, default)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A10_A_customer_is_not_told_of_the_notes_that_made_his_version_stale()
    {
        var ticket = await t.Open();
        await t.Do(ticket, new AddNote(Guid.CreateVersion7(), "He is difficult."), operation: Operation.AddNote);
        var stale = await t.Desk.Handle(
            ticket, Operation.WriteAsCustomer, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Portal, "Hello?"), 2,
            t.Customer("bob@example.org"), null, default);
        stale.ShouldBeOfType<Outcome.Stale>().Since.ShouldBeEmpty();
    }

    [Fact]
    public async Task A10_A_version_of_the_future_is_as_stale_as_one_of_the_past() =>
        (await t.Desk.Handle(await t.Open(), Operation.Reply, Answer, 9, TestDesk.Agent, null, default))
            .ShouldBeOfType<Outcome.Stale>().ActualVersion.ShouldBe(2);

    [Fact]
    public async Task A10_The_same_key_has_one_effect_however_often_and_however_parallel()
    {
        var ticket = await t.Open();
        var key = new RequestKey(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            t.Desk.Handle(ticket, Operation.Reply, Answer, null, TestDesk.Agent, key, default)));
        outcomes.ShouldAllBe(o => o is Outcome.Done);
        outcomes.OfType<Outcome.Done>().Select(d => (d.Version, d.Created)).Distinct().ShouldHaveSingleItem().ShouldBe((3, Answer.MessageId));
        outcomes.OfType<Outcome.Done>().Count(d => !d.Repeated).ShouldBe(1);
        (await t.Store.ReadStream(ticket, 1, null, default)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A10_A_repetition_that_reads_while_the_first_commits_gets_the_first_ones_answer()
    {
        var ticket = await t.Open();
        var key = new RequestKey(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(t.ConnectionString) { SearchPath = t.Store.Options.Schema }.ConnectionString);
        await other.OpenAsync();
        await using var first = await other.BeginTransactionAsync();
        await Execute("lock table ticket in access exclusive mode");
        var repetition = t.Desk.Handle(ticket, Operation.Reply, Answer, 2, TestDesk.Agent, key, default);
        await Eventually.Be(async () => (long)(await Execute(WaitingSql))! > 0, "the repetition waits for the ticket's row");
        await Execute("update ticket set version = 3 where id = $1", ticket);
        await Execute(
            "insert into idempotency values ($1, $2, $3, now() + interval '1 day')", key.Key.ToArray(), key.Request.ToArray(), new byte[40].Concat(BitConverter.GetBytes(3L).Reverse()).ToArray());
        await first.CommitAsync();
        (await repetition).ShouldBeOfType<Outcome.Done>().ShouldSatisfyAllConditions(d => d.Repeated.ShouldBeTrue(), d => d.Version.ShouldBe(3));

        async Task<object?> Execute(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, other, first);
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            return await command.ExecuteScalarAsync();
        }
    }

    const string WaitingSql = "select count(*) from pg_locks where relation = 'ticket'::regclass and not granted";

    [Fact]
    public async Task A10_The_same_key_opens_one_ticket()
    {
        var key = new RequestKey(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => t.Desk.Open(New("billing", "en"), TestDesk.Agent, key, default)));
        outcomes.OfType<Outcome.Done>().Select(d => (d.Ticket, d.Number, d.Version)).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A10_A_key_with_another_content_is_refused()
    {
        var ticket = await t.Open();
        var key = RandomNumberGenerator.GetBytes(32);
        await t.Desk.Handle(ticket, Operation.Reply, Answer, null, TestDesk.Agent, new RequestKey(key, new byte[32]), default);
        (await t.Desk.Handle(ticket, Operation.Reply, Answer, null, TestDesk.Agent, new RequestKey(key, RandomNumberGenerator.GetBytes(32)), default))
            .ShouldBeOfType<Outcome.KeyReused>();
    }

    [Fact]
    public async Task S2_A_customer_finds_own_tickets_only_and_anothers_look_like_none()
    {
        var ticket = await t.Open(email: "bob@example.org");
        (await t.Desk.Find(ticket, t.Customer("Bob@Example.org "), Operation.ReadTicket, default)).ShouldNotBeNull();
        (await t.Desk.Find(ticket, t.Customer("eve@example.org"), Operation.ReadTicket, default)).ShouldBeNull();
        var forged = await t.Desk.Handle(
            ticket, Operation.WriteAsCustomer, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Portal, "Hi"), null,
            t.Customer("eve@example.org"), null, default);
        forged.ShouldBeOfType<Outcome.NotFound>();
    }

    [Fact]
    public async Task S2_A_customer_opens_tickets_for_nobody_else()
    {
        var eve = t.Customer("eve@example.org");
        var opened = (Outcome.Done)await t.Desk.Open(New("billing", "en"), eve, null, default);
        (await t.Desk.Find(opened.Ticket, eve, Operation.ReadTicket, default))!.Ticket.Requester.ShouldBe(t.Desk.CustomerOf("eve@example.org"));
        (await t.Desk.Find(opened.Ticket, t.Customer("bob@example.org"), Operation.ReadTicket, default)).ShouldBeNull();
    }

    [Fact]
    public async Task S2_An_agent_works_on_the_desks_and_lines_that_were_granted()
    {
        var ticket = await t.Open(product: "billing", language: "pl");
        Asker english = new(new Principal("eva", new HashSet<Role> { Role.Agent }, Desks: new HashSet<Domain.DeskId> { new("billing/en") }));
        Asker second = new(new Principal("sam", new HashSet<Role> { Role.Agent }, Lines: new HashSet<SupportLine> { SupportLine.L2 }));
        (await t.Desk.Handle(ticket, Operation.Reply, Answer, null, english, null, default)).ShouldBeOfType<Outcome.NotFound>();
        (await t.Desk.Handle(ticket, Operation.Reply, Answer, null, second, null, default)).ShouldBeOfType<Outcome.Forbidden>();
        (await t.Desk.Find(ticket, second, Operation.ReadTicket, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task E7_A_ticket_is_shown_as_it_was_at_a_version_and_at_an_instant()
    {
        var ticket = await t.Open(channel: Channel.Phone);
        var before = t.Clock.GetUtcNow();
        t.Clock.Move(TimeSpan.FromMinutes(1));
        await t.Do(ticket, new AssignTicket(new("ann")), operation: Operation.Assign);
        t.Clock.Move(TimeSpan.FromMinutes(1));
        await t.Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), operation: Operation.Resolve);

        (await State(version: 2)).Agent.ShouldBeNull();
        (await State(version: 3)).Agent!.Value.Value.ShouldBe("ann");
        (await State(asOf: before)).Place.ShouldBe(Place.Unassigned);
        (await State(asOf: before.AddMinutes(1))).Place.ShouldBe(Place.Assigned);
        (await State(asOf: before.AddMinutes(2))).Status.ShouldBe(Status.Resolved);
        (await t.Desk.Replay(ticket, TestDesk.Agent, Operation.ReadHistory, default, asOf: before.AddTicks(-10))).ShouldBeNull();

        async Task<Ticket> State(long? version = null, DateTimeOffset? asOf = null) =>
            (await t.Desk.Replay(ticket, TestDesk.Agent, Operation.ReadHistory, default, version, asOf))!.Value.Entry.Ticket;
    }

    [Fact]
    public async Task P3_The_state_row_equals_the_replay_of_the_stream()
    {
        var ticket = await t.Open();
        await t.Do(ticket, new AssessSeverity(Domain.Tickets.Severity.High), operation: Operation.AssessSeverity);
        await t.Do(ticket, new EscalateTicket("beyond us"), operation: Operation.Escalate);
        await t.Do(ticket, new TagTicket(["refund", "b2b"], []), operation: Operation.Tag);
        await t.Do(ticket, Answer);
        var row = (await t.Desk.Find(ticket, TestDesk.Agent, Operation.ReadTicket, default))!;
        var replay = (await t.Desk.Replay(ticket, TestDesk.Agent, Operation.ReadHistory, default))!.Value.Entry;
        row.State.ShouldBe(replay.State);
        row.Version.ShouldBe(replay.Version);
        row.Digest.ToArray().ShouldBe(replay.Digest.ToArray());
    }

    static NewTicket New(string product, string language) => new(product, language, Channel.Api, "Eve", "eve@example.org", "Subject", "Body");
}
