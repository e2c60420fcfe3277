using System.Text;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;

namespace EventDesk.Service.Tests.SavedViews;

public sealed class SavedViewJsonTests
{
    static readonly SavedViewDefined Defined = new("ann", StoredView.Of(new ViewContent("Kim's", false, "waiting", "billing/en")));

    [Fact]
    public void R1_What_a_view_is_called_is_sealed_and_read_under_the_version_of_its_event_alone()
    {
        var scope = new SealScope(Guid.CreateVersion7(), null);
        var data = SavedViewJson.Write(Defined, 3, scope);
        Encoding.UTF8.GetString(data).ShouldNotContain("Kim");
        SavedViewJson.ReadName(SavedViewJson.NameIn(data), 3, scope).Text.ShouldBe("Kim's");
        SavedViewJson.ReadDefined(data).ShouldBe(Defined with { View = Defined.View with { Name = new((string?)null) } });
        SavedViewJson.ReadName(SavedViewJson.NameIn(data), 4, scope).Text.ShouldBeNull();
    }

    [Fact]
    public void D1_A_view_that_was_saved_before_names_were_sealed_keeps_its_own()
    {
        var data = Encoding.UTF8.GetBytes("""{"owner": "ann", "view": {"name": "Old", "queue": "open", "shared": true}}""");
        SavedViewJson.ReadDefined(data).ShouldBe(new("ann", new("Old", true, "open")));
        SavedViewJson.ReadName(SavedViewJson.NameIn(data), 1, new SealScope(Guid.CreateVersion7(), null)).Text.ShouldBe("Old");
    }
}
