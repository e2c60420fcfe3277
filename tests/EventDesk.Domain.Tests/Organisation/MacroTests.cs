using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Tests.TicketSpec;

namespace EventDesk.Domain.Tests.Organisation;

public sealed class MacroTests
{
    static readonly SupportOrganisation Desks = new([new("billing", "Billing")], [new("en", "English"), new("pl", "Polski")], []);
    static readonly RuleRef Refund = Macro.Rule("refund", 3);
    static readonly SendReply Reply = new(Guid.Parse("00000000-0000-7000-8000-000000000001"), Channel.Email, "On its way.");

    static Macro Of(string text, MacroSteps? steps = null, string language = "en") => new("refund", "Refund", new Dictionary<string, string> { [language] = text }, steps);

    [Theory]
    [InlineData("Hello {{requester.name}}, {{ticket.number}}: {{agent}}", "Kim", "Hello Kim, #17: ann")]
    [InlineData("Hello {{requester.name}}, {{agent}}", null, "Hello, ann")]
    [InlineData("{{ agent }}{{agent}}", "Kim", "annann")]
    [InlineData("no places { here }", "Kim", "no places { here }")]
    public void A9_a_macro_is_filled_in_with_what_is_known(string text, string? name, string expected) => MacroText.Fill(text, 17, name, "ann").ShouldBe(expected);

    [Theory]
    [InlineData("Hello {{requester.email}}", "the placeholder {{requester.email}} is unknown; there are {{ticket.number}}, {{requester.name}}, {{agent}}.")]
    [InlineData("Hello {{agent", "a placeholder begins with {{ and does not end.")]
    [InlineData("{{}}", "the placeholder {{}} is unknown; there are {{ticket.number}}, {{requester.name}}, {{agent}}.")]
    public void A9_what_cannot_be_filled_in_is_named(string text, string fault) =>
        Of(text).Faults(Desks).ShouldBe([$"Macro refund, reply \"en\": {fault}"]);

    [Fact]
    public void A9_a_macro_speaks_known_languages_and_does_one_thing_with_the_ticket()
    {
        Of("x", language: "xx").Faults(Desks).ShouldBe(["Macro refund has a reply in the unknown language \"xx\"."]);
        Of("x", new(Wait: WaitingReason.Customer, Resolve: Resolution.Fixed)).Faults(Desks).ShouldBe(["Macro refund both waits and resolves."]);
        Of("x", new(Wait: WaitingReason.PlannedDate)).Faults(Desks).Single().ShouldStartWith("Macro refund waits for a date");
        Of("x", new(["a"], WaitingReason.Customer, null, true)).Faults(Desks).ShouldBeEmpty();
    }

    [Fact]
    public void A9_a_language_without_a_reply_gets_the_english_one()
    {
        var macro = new Macro("m", "M", new Dictionary<string, string> { ["en"] = "Hello", ["pl"] = "Witaj" });
        (macro.ReplyIn("pl"), macro.ReplyIn("fi")).ShouldBe(("Witaj", "Hello"));
    }

    [Fact]
    public void A11_a_macro_does_all_its_steps_and_its_version_stands_on_each_event() =>
        Given(Opened).When(new ApplyMacro(Reply, new(["refund"], null, Resolution.Answered, AssignToMe: true), Refund)).Then(
            new Decided(new TicketAssigned(AnnId), Refund), new Decided(new ReplySent(Reply.MessageId, Channel.Email, "On its way."), Refund),
            new Decided(new TicketTagged(["refund"], []), Refund), new Decided(new TicketResolved(Resolution.Answered, 1), Refund));

    [Fact]
    public void A9_a_macro_of_which_one_step_is_refused_does_nothing() =>
        Given(OpenedByForm).When(new ApplyMacro(Reply, new(Wait: WaitingReason.Customer), Refund)).ThenRefused("in_triage");

    [Fact]
    public void A9_a_step_that_is_so_already_is_left_out() =>
        Given(Opened, new TicketTagged(["refund"], [])).When(new ApplyMacro(Reply, new(["refund"]), Refund)).Then(new Decided(new ReplySent(Reply.MessageId, Channel.Email, "On its way."), Refund));
}
