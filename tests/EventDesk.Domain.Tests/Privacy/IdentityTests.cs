using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class IdentityTests
{
    static string Hidden(string text, string? name = "Kim van Doe", string? email = "kim.doe@example.com") =>
        Masking.Hide(text, Identity.Find(new Dictionary<(long, string), string> { [(2, "body")] = text }, name, email));

    [Theory]
    [InlineData("Dear Kim van Doe, thanks.", "Dear ********, thanks.")]
    [InlineData("Hi KIM, write to kim.doe@example.com.", "Hi ********, write to ********.")]
    [InlineData("> Kim van\n> Doe wrote", "> ******** wrote")]
    [InlineData("Mrs Doe has the van.", "Mrs ******** has the van.")]
    [InlineData("A kimono, doeskin and Kimberley stay.", "A kimono, doeskin and Kimberley stay.")]
    [InlineData("what does kim mean in Korean?", "what does kim mean in Korean?")]
    [InlineData("login kim.doe failed", "login ******** failed")]
    [InlineData("My card is 4111 1111 1111 1111.", "My card is ********.")]
    public void R5_the_name_its_parts_the_address_and_what_is_recognised_go_wherever_they_stand_as_words(string text, string expected) => Hidden(text).ShouldBe(expected);

    [Fact]
    public void R5_the_requesters_own_fields_go_whole_and_a_mailbox_of_many_is_nobodys_name()
    {
        var texts = new Dictionary<(long, string), string> { [(1, "requester.name")] = "Kim", [(1, "requester.email")] = "info@example.com", [(1, "body")] = "For info: ask info@example.com" };
        Identity.Find(texts, "Kim", "info@example.com").ShouldBe([new(1, "body", 14, 16), new(1, "requester.email", 0, 16), new(1, "requester.name", 0, 3)]);
        Hidden("Nobody in particular.", null, null).ShouldBe("Nobody in particular.");
    }
}
