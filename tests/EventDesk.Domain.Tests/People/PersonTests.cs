using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;
using NodaTime;

namespace EventDesk.Domain.Tests.People;

public sealed class PersonTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    static readonly PersonDetails Details = new("ann@example.com", Guid.Parse("7f3c0000-0000-7000-8000-000000000001"));
    static readonly SupportOrganisation House = new([], [], [], Trainings: [new(Role.Agent, ["privacy", "ticket-work"]), new(Role.Auditor, ["privacy", "books"])]);
    static readonly PersonEvent[] Ann = [new PersonProvisioned("ann", Details), new AccessGranted([Role.Agent], ["billing/en"], [SupportLine.L1])];

    static Person Given(params IEnumerable<PersonEvent> events) => events.Aggregate(Person.None, (p, e) => Person.Evolve(p, e, Now));

    static TrainingCompleted Taught(string training, DateTimeOffset? until = null) => new(training, Now.AddDays(-1), until);

    [Fact]
    public void S3_staff_may_nothing_until_every_training_of_their_roles_is_completed()
    {
        var half = Given([.. Ann, Taught("privacy")]);
        half.Lacks(House, Now).ShouldBe(["ticket-work"]);
        Policy.Decide(half.ToPrincipal(House, Now), Operation.ReadTicket).ShouldBeNull();
        var whole = Given([.. Ann, Taught("privacy"), Taught("ticket-work")]);
        Policy.Decide(whole.ToPrincipal(House, Now), Operation.ReadTicket).ShouldNotBeNull();
    }

    [Fact]
    public void S3_a_training_counts_up_to_the_instant_it_expires_and_not_at_it()
    {
        var ann = Given([.. Ann, Taught("privacy", Now.AddDays(1)), Taught("ticket-work")]);
        ann.Lacks(House, Now.AddDays(1).AddTicks(-1)).ShouldBeEmpty();
        ann.Lacks(House, Now.AddDays(1)).ShouldBe(["privacy"]);
        ann.NextExpiry(Now).ShouldBe(Now.AddDays(1));
        ann.NextExpiry(Now.AddDays(1)).ShouldBeNull();
    }

    [Fact]
    public void S3_who_lacks_a_training_of_one_role_has_no_access_in_the_other_either()
    {
        var both = Given([.. Ann, new AccessGranted([Role.Auditor], [], []), Taught("privacy"), Taught("ticket-work")]);
        both.Lacks(House, Now).ShouldBe(["books"]);
        Enum.GetValues<Operation>().Where(o => Policy.Decide(both.ToPrincipal(House, Now), o) is not null).ShouldBeEmpty();
    }

    [Fact]
    public void S3_a_rule_requires_nothing_before_it_is_in_force_and_what_it_required_before_stays()
    {
        var at = Instant.FromDateTimeOffset(Now);
        var history = OrganisationHistory.Empty.With(new RequiredTrainings(Role.Agent, ["privacy"]), at).With(new RequiredTrainings(Role.Agent, ["privacy", "new"]), at + Duration.FromDays(7));
        var ann = Given(Ann);
        ann.Lacks(history.At(at - Duration.Epsilon), Now).ShouldBeEmpty();
        ann.Lacks(history.At(at), Now).ShouldBe(["privacy"]);
        ann.Lacks(history.At(at + Duration.FromDays(7)), Now).ShouldBe(["privacy", "new"]);
    }

    [Fact]
    public void S2_no_desk_named_is_no_desk_and_a_star_is_every_desk()
    {
        var scope = new TicketScope(DeskId.Of("billing", "en"), SupportLine.L1, new(Guid.Empty));
        bool Reads(params string[] desks) =>
            Policy.Decide(Given(Ann[0], new AccessGranted([Role.Agent], desks, [])).ToPrincipal(new([], [], []), Now), Operation.ReadTicket)!.Allows(Operation.ReadTicket, scope);
        Reads().ShouldBeFalse();
        Reads("billing/pl").ShouldBeFalse();
        Reads("billing/en").ShouldBeTrue();
        Reads(Person.AllDesks).ShouldBeTrue();
    }

    [Fact]
    public void S5_setting_access_is_told_as_what_was_added_and_what_was_taken()
    {
        var decision = new SetAccess([Role.Coordinator], ["billing/en", "billing/pl"], []).Decide(Given(Ann), Now);
        decision.Events.Count.ShouldBe(2);
        var withdrawn = decision.Events[0].ShouldBeOfType<AccessWithdrawn>();
        (withdrawn.Roles, withdrawn.Desks.Count, withdrawn.Lines).ShouldSatisfyAllConditions(w => w.Roles.ShouldBe([Role.Agent]), w => w.Item2.ShouldBe(0), w => w.Lines.ShouldBe([SupportLine.L1]));
        var granted = decision.Events[1].ShouldBeOfType<AccessGranted>();
        granted.Roles.ShouldBe([Role.Coordinator]);
        granted.Desks.ShouldBe(["billing/pl"]);
        new SetAccess([Role.Agent], ["billing/en"], [SupportLine.L1]).Decide(Given(Ann), Now).Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Role.Customer), InlineData(Role.System), InlineData(Role.Provisioner)]
    public void S2_roles_that_are_not_for_people_are_not_given_to_them(Role role) =>
        new SetAccess([role], [], []).Decide(Given(Ann), Now).Code.ShouldBe("role_not_for_people");

    [Fact]
    public void S4_who_is_gone_has_no_role_and_what_they_held_stays_shut_when_they_come_back()
    {
        Given([.. Ann, new PersonDeactivated()]).ToPrincipal(House, Now).Roles.ShouldBeEmpty();
        var back = Given([.. Ann, new PersonDeactivated(), new PersonReactivated()]);
        back.Active.ShouldBeTrue();
        back.CredentialsEndedAt.ShouldBe(Now);
        new Deactivate().Decide(Given([.. Ann, new PersonDeactivated()]), Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void S1_an_account_that_is_tied_to_one_subject_cannot_be_claimed_by_another()
    {
        var (mine, other) = (Guid.Parse("7f3c0000-0000-7000-8000-00000000000a"), Guid.Parse("7f3c0000-0000-7000-8000-00000000000b"));
        var linked = Given([.. Ann, new SubjectLinked(mine)]);
        new LinkSubject(other).Decide(linked, Now).Code.ShouldBe("subject_taken");
        new LinkSubject(mine).Decide(linked, Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void S4_who_was_removed_frees_the_name_and_is_not_reactivated()
    {
        var key = Guid.Parse("7f3c0000-0000-7000-8000-00000000000c");
        var gone = Given([.. Ann, new SubjectLinked(key), new PersonRemoved(key)]);
        (gone.Active, gone.UserName, gone.Subject, gone.Handle).ShouldBe((false, key, null, "ann"));
        new Reactivate().Decide(gone, Now).Code.ShouldBe("person_removed");
    }

    [Fact]
    public void S3_a_training_is_completed_in_the_past_and_valid_for_some_time()
    {
        new CompleteTraining("privacy", Now.AddSeconds(1), null).Decide(Given(Ann), Now).Code.ShouldBe("training_not_yet");
        new CompleteTraining("privacy", Now, Now).Decide(Given(Ann), Now).Code.ShouldBe("training_never_valid");
        new CompleteTraining("privacy", Now, Now.AddYears(1)).Decide(Given(Ann), Now).Events.ShouldBe([new TrainingCompleted("privacy", Now, Now.AddYears(1))]);
    }
}
