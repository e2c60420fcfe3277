using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Reporting;
using EventDesk.Service.Retention;
using EventDesk.Service.Tickets;
using EventDesk.Store.Following;
using EventDesk.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventDesk.Service.Tests.Retention;

/// <summary>R5 on PostgreSQL: what the preview shows is what is done, to the ticket, once, and changes no figure.</summary>
public sealed class RetentionRunTests
{
    static readonly RetentionRule[] Rules =
    [
        new("expired", RetentionTrigger.Expires, RetentionAction.Purge),
        new("asked", RetentionTrigger.CustomerRequest, RetentionAction.Purge, 3),
        new("router-anonymous", RetentionTrigger.SinceResolved, RetentionAction.Anonymise, 20, new(Products: ["router"])),
        new("billing-gone", RetentionTrigger.SinceResolved, RetentionAction.Purge, 30, new(Desks: ["billing/en"])),
        new("polish-anonymous", RetentionTrigger.AccountInactive, RetentionAction.Anonymise, 25, new(Languages: ["pl"])),
    ];

    static readonly RetentionRule After10 = new("after-10", RetentionTrigger.SinceResolved, RetentionAction.Purge, 10);

    [Fact]
    public async Task R5_the_preview_equals_what_is_done_holds_stay_untouched_and_no_figure_changes()
    {
        await using var t = await RetainingDesk.Start(null, Rules);
        var tickets = await Live(t, 320);
        t.Days(12);
        var preview = (await t.Preview()).ToDictionary(d => d.Ticket);
        var toDo = preview.Values.Where(d => !d.Due.Held).ToList();
        preview.Values.Count(d => d.Due.Held).ShouldBeGreaterThan(5);
        foreach (var rule in Rules)
            toDo.ShouldContain(d => d.Due.Rule.Id == $"retention/{rule.Id}", rule.Id);

        // What the indexes leave out is not due either: each ticket asked one by one says the same.
        Dictionary<Guid, long> versions = [];
        foreach (var ticket in tickets)
        {
            (await t.Finder.Decide(ticket, t.Desk.Clock.GetUtcNow(), default))?.Due.ShouldBe(preview.GetValueOrDefault(ticket)?.Due);
            (await t.Finder.Decide(ticket, t.Desk.Clock.GetUtcNow(), default) is null).ShouldBe(!preview.ContainsKey(ticket));
            versions[ticket] = (await t.Desk.Desk.Find(ticket, TestDesk.Auditor, Operation.ReadTicket, default))!.Version;
        }

        var before = await Reports(t);
        var done = await t.Run();
        done.ShouldBe(new RetentionTotals(
            toDo.Count(d => d.Due.Action == RetentionAction.Purge), toDo.Count(d => d.Due.Action == RetentionAction.Anonymise), preview.Count - toDo.Count, 0, 0));

        foreach (var ticket in tickets)
        {
            var (entry, events) = await t.Read(ticket);
            if (!preview.TryGetValue(ticket, out var due) || due.Due.Held)
            {
                entry.Version.ShouldBe(versions[ticket], "nothing was done to it");
                continue;
            }
            var last = events[^1];
            (last.Meta.Rule, last.Meta.By).ShouldBe((due.Due.Rule, Actor.System));
            if (due.Due.Action == RetentionAction.Purge)
                ((TicketPurged)last.Event).Reason.ShouldBe(due.Due.PurgeReason);
            else
                last.Event.ShouldBe(new TicketAnonymised());
        }
        (await t.Preview()).ShouldAllBe(d => d.Due.Held);
        (await t.Run()).ShouldBe(done with { Purged = 0, Anonymised = 0 });
        (await Reports(t)).ShouldBe(before);
        (await t.Scalar("select count(*) from erased_stream where destroyed is null")).ShouldBe(0);
        await t.IsSound();
    }

    /// <summary>Tickets in every state, over four weeks.</summary>
    static async Task<List<Guid>> Live(RetainingDesk t, int count)
    {
        var random = new Random(20261102);
        List<Guid> tickets = [];
        for (var i = 0; i < count; i++)
        {
            if (i % 8 == 0)
                t.Days(28.0 * 8 / count);
            var (product, language) = random.Next(3) switch { 0 => ("billing", "en"), 1 => ("billing", "pl"), _ => ("router", "en") };
            var ticket = await t.Desk.Open(email: $"c{random.Next(60)}@example.org", product: product, language: language);
            tickets.Add(ticket);
            if (random.Next(6) > 0)
                await t.Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), Operation.Resolve);
            // And something happens to an older one.
            var other = tickets[random.Next(tickets.Count)];
            var state = (await t.Desk.Desk.Find(other, TestDesk.Auditor, Operation.ReadTicket, default))!.Ticket;
            switch (random.Next(9))
            {
                case 0 when state.Status == Status.Resolved: await t.Try(other, new ReopenTicket(ReopenCause.Customer), Operation.Reopen); break;
                case 1: await t.Try(other, new PlaceLegalHold("court"), Operation.HoldForLaw); break;
                case 2 when state.LegalHold: await t.Try(other, new LiftLegalHold("over"), Operation.HoldForLaw); break;
                case 3: await t.Try(other, new SetExpiry(DateOnly.FromDateTime(t.Desk.Clock.GetUtcNow().UtcDateTime).AddDays(random.Next(2, 20)), "warranty"), Operation.SetRetention); break;
                case 4: await t.Desk.Get<ErasureRequests>().Record(state.Requester, new Actor("olga", Role.PrivacyOfficer), null, default); break;
                case 5: await t.Desk.Get<TicketPrivacy>().Redact(other, new Redaction([new(1, "body", 0, 2)], "r", false, null, false), (await t.Read(other)).Entry.Version, Asker.System, null, default); break;
                case 6: await t.Try(other, new AddNote(Guid.CreateVersion7(), "by a program"), Operation.AddNote); break;
                case 7 when state.Status == Status.Resolved: await t.Try(other, new GiveFeedback(4, "fine"), Operation.GiveFeedback); break;
            }
        }
        return tickets;
    }

    static async Task<string> Reports(RetainingDesk t)
    {
        await t.CaughtUp();
        var (source, q) = (t.Desk.Get<ReportSource>(), new ReportQuery { GroupBy = ["desk"] });
        var moment = new ReportMoment(t.Desk.Clock.GetUtcNow(), t.Desk.Clock.GetUtcNow());
        object[] reports =
        [
            await new CsatReport(source).Run(q, default), await new VolumeReport(source).Run(q, default), await new EscalationsReport(source).Run(q, default),
            await new ReopensReport(source).Run(q, null, default), await new WaitingReport(source).Run(q, default), await new ResponseTimesReport(source).Run(q, null, 1, default),
            await new BacklogReport(source).Run(q, moment.KnownUntil, false, default), await t.Desk.Get<FirstLineReport>().Run(q, null, null, default), await new SlaReport(source).Run(q, moment, default),
        ];
        return string.Join('\n', reports.Select(r => JsonSerializer.Serialize(r, r.GetType())));
    }

    [Fact]
    public async Task P4_two_jobs_at_once_do_each_thing_once()
    {
        await using var t = await RetainingDesk.Start(null, After10);
        for (var i = 0; i < 60; i++)
            await t.Resolved($"c{i}@example.org");
        t.Days(10);
        await t.CaughtUp();
        var runs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => t.Retention.Run(true, null, default))));
        runs.Sum(r => r.Purged).ShouldBe(60);
        (await t.Scalar("select count(*) from mt_events where type = 'ticket_purged'")).ShouldBe(60);
        await t.IsSound();
    }

    /// <summary>Its minutes pass in a moment.</summary>
    sealed class HurriedClock(TimeProvider now) : TimeProvider
    {
        static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

        public override DateTimeOffset GetUtcNow() => now.GetUtcNow();
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Moment, Moment);
    }

    [Fact]
    public async Task P4_the_job_does_by_itself_what_is_due_and_its_twin_takes_over_when_it_stops()
    {
        await using var t = await RetainingDesk.Start(null, After10);
        await using Leases first = new(t.Desk.Store), second = new(t.Desk.Store);
        using var one = new RetentionJob(t.Retention, first, new HurriedClock(t.Desk.Clock), NullLogger<RetentionJob>.Instance);
        using var two = new RetentionJob(t.Retention, second, new HurriedClock(t.Desk.Clock), NullLogger<RetentionJob>.Instance);
        await one.StartAsync(default);
        await two.StartAsync(default);
        foreach (var stopped in new BackgroundService?[] { null, one })
        {
            if (stopped is not null)
                await stopped.StopAsync(default);
            var ticket = await t.Resolved();
            t.Days(10);
            await Eventually.Be(async () => (await t.Read(ticket)).Entry.Ticket.Status == Status.Purged, "the job purged it");
        }
        await two.StopAsync(default);
        (await t.Scalar("select count(*) from mt_events where type = 'ticket_purged'")).ShouldBe(2);
    }

    [Fact]
    public async Task R5_what_happened_after_the_decision_is_respected_and_looked_at_in_the_next_run()
    {
        await using var t = await RetainingDesk.Start(null, After10);
        var (answered, held) = (await t.Resolved(), await t.Resolved("kim@example.org"));
        t.Days(10);
        var privacy = t.Desk.Get<TicketPrivacy>();
        var (due, version) = (await t.Finder.Decide(answered, t.Desk.Clock.GetUtcNow(), default))!.Value;
        await t.Do(answered, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Email, "Still missing."), Operation.WriteAsCustomer);
        (await privacy.PurgeOnly(answered, due.PurgeReason, due.Rule, version, Asker.System, null, default)).ShouldBeOfType<Outcome.Stale>();
        (await privacy.Anonymise(answered, due.Rule, version, Asker.System, default)).ShouldBeOfType<Outcome.Stale>();

        await t.CaughtUp();
        await t.Do(held, new PlaceLegalHold("court"), Operation.HoldForLaw); // the view may not have seen it
        (await t.Retention.Run(true, null, default)).ShouldSatisfyAllConditions(r => r.Purged.ShouldBe(0), r => (r.Held + r.Later).ShouldBe(1));
        (await t.Read(held)).Entry.Ticket.Status.ShouldBe(Status.Resolved);
    }

    [Fact]
    public async Task R5_a_new_version_of_the_rules_counts_only_from_its_instant()
    {
        await using var t = await RetainingDesk.Start(null, After10);
        var ticket = await t.Resolved();
        t.Days(2);
        var from = t.Desk.Clock.GetUtcNow().AddDays(3);
        await t.Define(new RetentionRules([After10 with { Days = 1 }]), 1, from);
        (await t.Preview()).ShouldBeEmpty();
        t.Days(2.99);
        (await t.Preview()).ShouldBeEmpty();
        t.Days(0.01);
        var shown = (await t.Preview()).Single();
        (shown.Ticket, shown.Due.Rule, shown.Due.Since).ShouldBe((ticket, new Domain.RuleRef("retention/after-10", 2), from));
        (await t.Run()).Purged.ShouldBe(1);
        (await t.Read(ticket)).Events[^1].Meta.Rule.ShouldBe(shown.Due.Rule);
    }

    const string FillSql = """
        insert into ticket_retention (ticket, version, number, product, language, customer, status, ended_at, relevant_at, clock_at, expires_on, requested_at, held, anonymised)
        select gen_random_uuid(), 1, i, case when i % 2 = 0 then 'billing' else 'router' end, 'en', gen_random_uuid(), 1, at, at, at,
          case when i % 50 = 0 then date '2999-01-01' end, case when i % 100 = 0 then timestamptz '2999-01-01' end, false, i % 3 = 0
        from (select i, timestamptz '2026-11-02' + i * interval '1 second' as at from generate_series(1, 60000) i) x;
        insert into customer_retention (customer, active_at, tickets) select customer, relevant_at, 1 from ticket_retention;
        analyze ticket_retention; analyze customer_retention
        """;

    [Fact]
    public async Task R5_what_is_due_is_found_by_indexes_and_no_table_is_read_through()
    {
        await using var t = await RetainingDesk.Start(null, Rules);
        await t.CaughtUp();
        await using (var fill = t.Desk.Store.DataSource.CreateCommand(FillSql))
            await fill.ExecuteNonQueryAsync();
        await using var command = t.Finder.Candidates([.. Rules, After10], t.Desk.Clock.GetUtcNow());
        command.CommandText = $"explain {command.CommandText}";
        await using var plan = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await plan.ReadAsync())
            lines.Add(plan.GetString(0));
        lines.Where(l => l.Contains("Seq Scan", StringComparison.Ordinal)).ShouldBeEmpty(string.Join('\n', lines));
        foreach (var index in new[] { "clock", "product", "expires", "requested" })
            lines.ShouldContain(l => l.Contains($"ix_ticket_retention_{index}", StringComparison.Ordinal), string.Join('\n', lines));
        lines.ShouldContain(l => l.Contains("ix_customer_retention_active", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R5_administrative_events_never_restart_the_clock()
    {
        await using var t = await RetainingDesk.Start(null, After10);
        var ticket = await t.Resolved();
        var privacy = t.Desk.Get<TicketPrivacy>();
        t.Days(9);
        await privacy.Redact(ticket, new Redaction([new(1, "body", 0, 2)], "r", false, null, false), (await t.Read(ticket)).Entry.Version, Asker.System, null, default);
        await privacy.Reveal(ticket, 1, "body", "look", (await t.Read(ticket)).Entry.Version, Asker.System, default);
        await privacy.Redact(ticket, new Redaction([new(1, "body", 0, 2)], "r", false, null, true), (await t.Read(ticket)).Entry.Version, Asker.System, null, default);
        await t.Do(ticket, new PlaceLegalHold("court"), Operation.HoldForLaw);
        await t.Do(ticket, new LiftLegalHold("over"), Operation.HoldForLaw);
        await t.Do(ticket, new SetExpiry(new(2099, 1, 1), "r"), Operation.SetRetention);
        await t.Do(ticket, new AddNote(Guid.CreateVersion7(), "by a program"), Operation.AddNote);
        t.Days(1);
        (await t.Run()).Purged.ShouldBe(1);
    }
}
