using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using static EventDesk.Domain.Privacy.FindingKind;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class TicketHintsTests
{
    static readonly Requester Kim = new(new CustomerId(Guid.Empty));

    static TicketOpened Opened(string subject, string body, Dictionary<string, SealedText>? fields = null) =>
        new(17, "billing", "en", Channel.Portal, Kim, subject, body, null, SupportLine.L1, true, Fields: fields);

    static IReadOnlyList<TicketHint> Of(params TicketEvent[] events) => TicketHints.Of([.. events.Select((e, i) => (i + 1L, e))]);

    [Fact]
    public void R2_hints_name_message_field_place_and_kind() => Of(
        Opened("Card 4111 1111 1111 1111", "🙂 password: Sommer2024!", new() { ["iban"] = "DE89370400440532013000", ["size"] = "L" }),
        new NoteAdded(Guid.Empty, "nothing here"),
        new ReplySent(Guid.Empty, Channel.Email, "Is 811218-9876 yours?"))
        .ShouldBe([new(1, "subject", new(PaymentCard, 5, 19)), new(1, "body", new(Password, 12, 11)), new(1, "fields.iban", new(Iban, 0, 22)), new(3, "body", new(Personnummer, 3, 11))]);

    [Fact]
    public void R2_what_is_hidden_or_erased_needs_no_hint_and_the_rest_is_found_where_it_is_shown()
    {
        var password = $"{new string('x', 100)}1!";
        var original = $"password: {password} and 4111 1111 1111 1111";
        Of(Opened("s", original)).ShouldBe([new(1, "body", new(Password, 10, 102)), new(1, "body", new(PaymentCard, 117, 19))]);
        Of(Opened("s", Masking.Hide(original, [new(1, "body", 10, 102)])), new PassageRedacted(1, "body", 10, 102))
            .ShouldBe([new(1, "body", new(PaymentCard, 23, 19))]);
        Of(Opened("s", Masking.Hide(original, [new(1, "body", 10, 102), new(1, "body", 117, 19)]))).ShouldBeEmpty();
        Of(new NoteAdded(Guid.Empty, SealedText.Erased)).ShouldBeEmpty();
    }

    [Fact]
    public void R2_no_text_of_any_event_is_forgotten()
    {
        foreach (var type in typeof(TicketEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(TicketEvent))))
        {
            var constructor = type.GetConstructors().Single();
            var e = (TicketEvent)constructor.Invoke([.. constructor.GetParameters().Select(p =>
                p.ParameterType == typeof(SealedText) ? new SealedText("password: Sommer2024!")
                : p.ParameterType == typeof(Requester) ? Kim
                : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)]);
            var texts = constructor.GetParameters().Where(p => p.ParameterType == typeof(SealedText)).Select(p => char.ToLowerInvariant(p.Name![0]) + p.Name[1..]);
            Of(e).Select(h => h.Field).ShouldBe(texts, type.Name);
        }
    }

    static IEnumerable<string?> Excerpts(params TicketEvent[] events) => TicketHints.InContext([.. events.Select((e, i) => (i + 1L, e))], most: 20).Select(h => h.Excerpt);

    [Fact]
    public void R2_an_excerpt_tells_where_it_is_by_the_words_around_it_alone() => Excerpts(
        Opened("Card 4111 1111 1111 1111", "Good day,\n\nI was told in March by the people on the phone that my password: Sommer2024! is the one\nto use from now on, whatever the letter says."),
        new NoteAdded(Guid.Empty, "🙂🙂 811218-9876"))
        .ShouldBe(["Card ********", "… on the phone that my password: ******** is the one to use from now on, …", "🙂🙂 ********"]);

    [Theory]
    [InlineData("password: Sommer2024! Sommer2024! again SOMMER2024!")] // said once more, where nothing announces it
    [InlineData("Sommer2024! is my\n> password: Sommer2024!")]
    [InlineData("password: Sommer2024! and card 4111 1111 1111 1111, Sommer2024!")]
    public void R3_no_excerpt_shows_what_was_found_on_the_ticket(string text)
    {
        var excerpts = Excerpts(Opened("Sommer2024! 4111 1111 1111 1111", text)).ToList();
        excerpts.Count.ShouldBeGreaterThan(1);
        foreach (var excerpt in excerpts.OfType<string>())
        {
            excerpt.ShouldContain(Masking.Stars);
            excerpt.ShouldNotContain("ommer", Case.Insensitive);
            excerpt.ShouldNotContain("1111");
        }
    }

    [Fact]
    public void R3_what_reaches_into_an_excerpt_from_outside_is_hidden_in_it_too()
    {
        var secret = $"{string.Concat(Enumerable.Range(0, 30).Select(i => $"Ab{i}"))}!";
        var excerpt = Excerpts(Opened("s", $"password: {secret} {new string('-', 20)} {secret} {new string('.', 10)} 4111 1111 1111 1111")).Last()!;
        excerpt.ShouldEndWith($"******** {new string('.', 10)} ********");
        excerpt.ShouldNotContain("Ab");
    }

    [Fact]
    public void R2_of_very_many_only_so_many_excerpts_are_made()
    {
        var text = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"password: Sommer{2000 + i}!"));
        TicketHints.InContext([(1L, Opened("s", text))], most: 20).Count(h => h.Excerpt is not null).ShouldBe(20);
        TicketHints.InContext([(1L, Opened("s", text))], most: 20).Count.ShouldBe(40);
    }
}
