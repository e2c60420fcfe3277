using EventDesk.Domain.Access;

namespace EventDesk.Domain.Tests.Access;

public sealed class ActorTests
{
    [Fact]
    public void C3_everybody_but_customers_directories_and_the_program_is_staff() =>
        Enum.GetValues<Role>().Where(r => !new Actor("x", r).IsStaff).ShouldBe([Role.Customer, Role.System, Role.Provisioner]);

    [Fact]
    public void R1_a_sealed_text_never_prints_itself()
    {
        SealedText text = "my password is hunter2";
        $"{text} {new Domain.Tickets.NoteAdded(Guid.Empty, text)}".ShouldNotContain("hunter2");
        SealedText.Erased.ToString().ShouldBe("(erased)");
    }
}
