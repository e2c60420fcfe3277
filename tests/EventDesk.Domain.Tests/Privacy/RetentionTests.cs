using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class RetentionTests
{
    static readonly DateTimeOffset Opening = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly Actor Ann = new("ann", Role.Agent), Kim = new("kim", Role.Customer);
    static readonly CustomerId Customer = new(Guid.Parse("7f3c0000-0000-7000-8000-000000000001"));
    static readonly TicketOpened Opened = new(17, "billing", "en", Channel.Email, new(Customer), "s", "b", null, SupportLine.L1, false);
    static readonly TicketResolved Resolved = new(Resolution.Fixed, 1);

    static DateTimeOffset Day(double day) => Opening.AddDays(day);

    /// <summary>A ticket opened on day 0, and what happened on the days after.</summary>
    static RetentionFacts Lived(params (double Day, TicketEvent Event, Actor By)[] events) =>
        events.Aggregate(RetentionFacts.Evolve(RetentionFacts.None, Opened, Opening, Kim), (f, e) => RetentionFacts.Evolve(f, e.Event, Day(e.Day), e.By));

    static RetentionFacts ResolvedOn(double day, params (double Day, TicketEvent Event, Actor By)[] then) => Lived([(day, Resolved, Ann), .. then]);

    static InForce<RetentionRules> Rules(params RetentionRule[] rules) => new(3, Instant.MinValue, new(rules));

    static readonly RetentionRule After30 = new("after-30", RetentionTrigger.SinceResolved, RetentionAction.Purge, 30);

    static RetentionDue? Due(RetentionFacts f, double day, params RetentionRule[] rules) => Retention.Decide(f, f.RelevantAt, Rules(rules), "standard", Day(day));

    [Fact]
    public void R5_a_resolved_ticket_is_due_at_the_instant_its_days_are_over_and_says_by_which_rule_and_why()
    {
        Due(ResolvedOn(2), 31.999, After30).ShouldBeNull();
        var due = Due(ResolvedOn(2), 32, After30)!;
        due.ShouldBe(new RetentionDue(
            new("retention/after-30", 3), RetentionTrigger.SinceResolved, RetentionAction.Purge, Day(32), new(RetentionReason.Ended, new(2026, 1, 3), 30), false));
        due.Why.InEnglish.ShouldBe("It ended on 2026-01-03, and 30 days have passed without anything that concerned the customer.");
        Due(ResolvedOn(2, (20, new NoteAdded(Guid.Empty, "n"), Ann)), 50, After30)!.Why.ShouldBe(new(RetentionReason.LastConcerned, new(2026, 1, 3), 30, new(2026, 1, 21)));
    }

    public static TheoryData<TicketEvent, bool> Administrative { get; } = new()
    {
        { new PassageRedacted(1, "body", 0, 1), true }, { new PassagesErased([], "r", [], [], [], []), true }, { new OriginalRevealed(1, "body", "r"), true },
        { new LegalHoldPlaced("r"), true }, { new LegalHoldLifted("r"), true }, { new TicketExpirySet(new(2099, 1, 1), "r"), true }, { new TicketAnonymised(), true },
        { new SlaWarned(SlaClockKind.FirstResponse, Opening), true }, { new SLABreached(SlaClockKind.FirstResponse, Opening), true }, { new TicketTagged(["a"], []), true },
        { new TicketClosed(CloseCause.WindowElapsed), true }, { new ReplySent(Guid.Empty, Channel.Email, "r", Automated: true), true },
        { new NoteAdded(Guid.Empty, "by a program"), false }, { new AttachmentAdded(Guid.Empty, "n", "t", 1, "d", true), false },
    };

    [Theory, MemberData(nameof(Administrative))]
    public void R5_administrative_events_never_restart_the_clock(TicketEvent e, bool whoeverDoesIt)
    {
        var facts = ResolvedOn(2, (20, e, whoeverDoesIt ? Ann : Actor.System));
        facts.ClockAt.ShouldBe(Day(2));
        Due(facts with { Anonymised = false, Customer = Customer }, 32, After30).ShouldNotBeNull();
    }

    public static TheoryData<TicketEvent> Relevant { get; } =
    [
        new CustomerMessageReceived(Guid.Empty, Channel.Email, "m"), new ReplySent(Guid.Empty, Channel.Email, "r"), new NoteAdded(Guid.Empty, "n"),
        new CallbackReached(), new FeedbackGiven(1, 5, "csat-5"), new TicketClosed(CloseCause.CustomerAcknowledged), new AttachmentAdded(Guid.Empty, "n", "t", 1, "d", false),
    ];

    [Theory, MemberData(nameof(Relevant))]
    public void R5_what_concerns_the_customer_restarts_it(TicketEvent e)
    {
        Due(ResolvedOn(2, (20, e, Ann)), 49.9, After30).ShouldBeNull();
        Due(ResolvedOn(2, (20, e, Ann)), 50, After30)!.Since.ShouldBe(Day(50));
    }

    [Fact]
    public void R5_an_open_ticket_is_never_due_and_a_reopened_one_counts_from_its_last_resolution()
    {
        var expired = new RetentionRule("expired", RetentionTrigger.Expires, RetentionAction.Purge);
        var reopened = ResolvedOn(2, (3, new TicketExpirySet(new(2026, 1, 6), "r"), Ann), (10, new TicketReopened(ReopenCause.Customer), Kim));
        Due(reopened, 1000, After30, expired).ShouldBeNull();
        var again = RetentionFacts.Evolve(reopened, Resolved, Day(40), Ann);
        Due(again, 69.9, After30).ShouldBeNull();
        Due(again, 70, After30).ShouldNotBeNull();
        Due(again, 41, After30, expired)!.Since.ShouldBe(Day(40), "it could not go before it was resolved");
    }

    [Fact]
    public void R5_the_day_set_on_a_ticket_counts_from_its_beginning_in_UTC()
    {
        var expired = new RetentionRule("expired", RetentionTrigger.Expires, RetentionAction.Anonymise);
        var facts = ResolvedOn(2, (3, new TicketExpirySet(new(2026, 3, 1), "r"), Ann));
        Retention.Decide(facts, null, Rules(expired), null, new(2026, 2, 28, 23, 59, 59, TimeSpan.Zero)).ShouldBeNull();
        Retention.Decide(facts, null, Rules(expired), null, new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero))!.Why.InEnglish.ShouldBe("It was to be kept until 2026-03-01.");
        Retention.Decide(RetentionFacts.Evolve(facts, new TicketExpirySet(null, "r"), Day(5), Ann), null, Rules(expired), null, Day(999)).ShouldBeNull();
    }

    [Fact]
    public void R5_a_customers_request_counts_from_the_first_time_they_asked()
    {
        var asked = new RetentionRule("asked", RetentionTrigger.CustomerRequest, RetentionAction.Purge, 14);
        var facts = ResolvedOn(2).Requested(Day(5)).Requested(Day(18));
        Due(facts, 18.9, asked).ShouldBeNull();
        var due = Due(facts, 19, asked)!;
        (due.Since, due.PurgeReason).ShouldBe((Day(19), PurgeReason.CustomerRequest));
        Due(ResolvedOn(2), 1000, asked).ShouldBeNull();
    }

    [Fact]
    public void R5_an_account_is_inactive_when_nothing_concerned_the_customer_on_any_ticket()
    {
        var inactive = new RetentionRule("inactive", RetentionTrigger.AccountInactive, RetentionAction.Purge, 100);
        var facts = ResolvedOn(2);
        Retention.Decide(facts, Day(50), Rules(inactive), null, Day(149.9)).ShouldBeNull();
        Retention.Decide(facts, Day(50), Rules(inactive), null, Day(150))!.PurgeReason.ShouldBe(PurgeReason.AccountRemoved);
        Retention.Decide(facts, null, Rules(inactive), null, Day(9999)).ShouldBeNull();
    }

    [Fact]
    public void R5_purging_wins_over_anonymising_and_else_the_first_rule_does()
    {
        RetentionRule Of(string id, RetentionAction action) => After30 with { Id = id, Action = action };
        Due(ResolvedOn(2), 40, Of("a", RetentionAction.Anonymise), Of("b", RetentionAction.Anonymise), Of("c", RetentionAction.Purge), Of("d", RetentionAction.Purge))!.Rule.Id.ShouldBe("retention/c");
        Due(ResolvedOn(2), 40, Of("a", RetentionAction.Anonymise), Of("b", RetentionAction.Anonymise))!.Rule.Id.ShouldBe("retention/a");
        Due(ResolvedOn(2), 40, Of("a", RetentionAction.Anonymise), Of("c", RetentionAction.Purge) with { Days = 60 })!.Action.ShouldBe(RetentionAction.Anonymise);
        Due(ResolvedOn(2, (35, new TicketAnonymised(), Actor.System)), 40, Of("a", RetentionAction.Anonymise)).ShouldBeNull("it is anonymous already");
    }

    [Fact]
    public void R5_a_legal_hold_is_shown_and_wins_until_it_is_lifted()
    {
        var held = ResolvedOn(2, (3, new LegalHoldPlaced("court"), Ann));
        Due(held, 32, After30)!.Held.ShouldBeTrue();
        Due(RetentionFacts.Evolve(held, new LegalHoldLifted("over"), Day(33), Ann), 33, After30)!.Held.ShouldBeFalse();
    }

    [Theory]
    [InlineData("billing", null, null, null, true), InlineData("router", null, null, null, false)]
    [InlineData(null, "billing/en", null, null, true), InlineData(null, "billing/pl", null, null, false)]
    [InlineData(null, null, "en", "standard", true), InlineData(null, null, "en", "vip", false), InlineData("billing", null, "pl", null, false)]
    public void R5_a_rule_is_for_the_tickets_its_scope_names(string? product, string? desk, string? language, string? contract, bool covered)
    {
        static IReadOnlyList<string>? One(string? value) => value is null ? null : [value];
        var rule = After30 with { Scope = new(One(product), One(desk), One(language), One(contract)) };
        (Due(ResolvedOn(2), 40, rule) is not null).ShouldBe(covered);
    }

    [Fact]
    public void R5_a_new_version_counts_only_from_its_instant()
    {
        var history = OrganisationHistory.Of(new([new("billing", "Billing")], [new("en", "English")], [new("billing", "en")], Retention: new([After30])))
            .With(new RetentionRules([After30 with { Days = 5 }]), Instant.FromDateTimeOffset(Day(20)));
        var facts = ResolvedOn(2);
        history.DueOn(facts, null, Day(19.9)).ShouldBeNull();
        var due = history.DueOn(facts, null, Day(20))!;
        (due.Rule, due.Since).ShouldBe((new RuleRef("retention/after-30", 2), Day(20)), "nothing was due by it before it was in force");
        OrganisationHistory.Of(new([], [], [])).DueOn(facts, null, Day(9999)).ShouldBeNull();
    }

    [Fact]
    public void R5_people_are_removed_when_they_have_not_signed_in_for_the_days_the_rule_gives()
    {
        var history = OrganisationHistory.Of(new([], [], [], Retention: new([], new(10))));
        history.RemovalOf(Day(0), Day(9.9)).ShouldBeNull();
        history.RemovalOf(Day(0), Day(10)).ShouldBe(new RuleRef("retention/accounts", 1));
    }

    [Fact]
    public void R5_rules_at_odds_with_the_organisation_are_refused_with_the_exact_reason()
    {
        var organisation = new SupportOrganisation([new("billing", "Billing")], [new("en", "English")], [new("billing", "en")], Retention: new(
            [
                After30, After30 with { Days = 0 }, new("date", RetentionTrigger.Expires, RetentionAction.Purge, 3), new("never", RetentionTrigger.AccountInactive, RetentionAction.Purge),
                new("elsewhere", RetentionTrigger.CustomerRequest, RetentionAction.Purge, 0, new(["cloud"], ["billing/pl"], ["pl"], ["vip"])),
                new("nothing", RetentionTrigger.CustomerRequest, RetentionAction.Purge, 40_000, new(Products: [])),
            ],
            new(0)));
        organisation.Faults().ShouldBe(
        [
            "Retention rule after-30 is given 2 times.",
            "Retention rule after-30 says 0 days; give 1 to 36500.",
            "Retention rule date gives days, but the date stands on the ticket: leave them out.",
            "Retention rule never does not say after how many days.",
            "Retention rule elsewhere names the unknown product \"cloud\".",
            "Retention rule elsewhere names the unknown desk \"billing/pl\".",
            "Retention rule elsewhere names the unknown language \"pl\".",
            "Retention rule elsewhere names the unknown contract \"vip\".",
            "Retention rule nothing says 40000 days; give 0 to 36500.",
            "Retention rule nothing covers nothing: its list for product is empty.",
            "Accounts are removed after 0 days; give 1 to 36500.",
        ]);
    }
}
