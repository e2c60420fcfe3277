using EventDesk.Domain.Organisation;

namespace EventDesk.Domain.Tests.Organisation;

public sealed class OrganisationTests
{
    static readonly SupportOrganisation Sound = new([new("billing", "Billing")], [new("en", "English")], [new("billing", "en")]);

    [Fact]
    public void B6_a_sound_organisation_has_no_faults() => Sound.Faults().ShouldBeEmpty();

    [Fact]
    public void B1_a_desk_is_product_and_language_never_language_alone()
    {
        Sound.Find("billing", "en")!.Id.ShouldBe(DeskId.Of("billing", "en"));
        Sound.Find("cards", "en").ShouldBeNull();
    }

    [Fact]
    public void B6_a_desk_given_twice_is_a_fault() =>
        (Sound with { Desks = [new("billing", "en"), new("billing", "en", "Again")] }).Faults().ShouldBe(["Desk billing/en is given 2 times."]);

    [Fact]
    public void B6_a_desk_of_an_unknown_product_or_language_is_a_fault() =>
        (Sound with { Desks = [new("cards", "pl")] }).Faults().Count().ShouldBe(2);
}
