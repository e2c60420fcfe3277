using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store.Following;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.SavedViews;

public sealed class SavedViewDeskTests : IAsyncLifetime
{
    readonly TestDesk t = new();

    public ValueTask InitializeAsync() => t.InitializeAsync();
    public ValueTask DisposeAsync() => t.DisposeAsync();

    static readonly ViewContent Waiting = new("Waits", false, "waiting", "billing/pl", SupportLine.L2, "ann");
    static readonly Asker Bea = TestDesk.Someone("bea", Role.Agent);

    SavedViewDesk Desk => t.Get<SavedViewDesk>();

    async Task<Guid> Saved(ViewContent content, Asker who)
    {
        var id = Guid.CreateVersion7();
        (await Desk.Save(id, content, 0, who, default)).ShouldBe(new Outcome.Done(id, 0, 1));
        return id;
    }

    async Task<IReadOnlyList<Guid>> Visible(Asker to) => [.. (await Desk.Visible(to.Principal, default)).Select(v => v.Id)];

    async Task NoDrift() => (await ViewCheck.Run(t.Store, ViewCatalog.Inline.OfType<SavedViewsView>().Single(), default)).Examples.ShouldBeEmpty();

    [Fact]
    public async Task D1_a_personal_view_is_its_owners_alone()
    {
        var id = await Saved(Waiting, TestDesk.Agent);
        (await Desk.Find(id, TestDesk.Agent.Principal, default)).ShouldBe(new SavedView(id, "ann", Waiting, 1));
        (await Visible(Bea)).ShouldBeEmpty();
        (await Desk.Save(id, Waiting, 1, Bea, default)).ShouldBeOfType<Outcome.NotFound>();
        (await Desk.Save(id, Waiting, 1, TestDesk.Manager, default)).ShouldBeOfType<Outcome.NotFound>();
        (await Desk.Retire(id, 1, TestDesk.Manager, default)).ShouldBeOfType<Outcome.NotFound>();
    }

    [Fact]
    public async Task D1_coordinators_and_managers_share_views_and_change_shared_ones()
    {
        var shared = Waiting with { Shared = true };
        (await Desk.Save(Guid.CreateVersion7(), shared, 0, TestDesk.Agent, default)).ShouldBeOfType<Outcome.Forbidden>();
        var id = await Saved(shared, TestDesk.Coordinator);
        (await Visible(Bea)).ShouldBe([id]);
        (await Desk.Save(id, shared with { Name = "Mine" }, 1, Bea, default)).ShouldBeOfType<Outcome.Forbidden>();
        (await Desk.Retire(id, 1, Bea, default)).ShouldBeOfType<Outcome.Forbidden>();
        (await Desk.Save(id, shared with { Name = "Ours" }, 1, TestDesk.Manager, default)).ShouldBe(new Outcome.Done(id, 0, 2));
        (await Desk.Find(id, Bea.Principal, default)).ShouldBe(new SavedView(id, "cora", shared with { Name = "Ours" }, 2));
        await NoDrift();
    }

    [Fact]
    public async Task D1_a_view_is_changed_on_the_version_that_was_seen_and_retired_not_removed()
    {
        var id = await Saved(Waiting, TestDesk.Agent);
        (await Desk.Save(id, Waiting with { Line = null }, 1, TestDesk.Agent, default)).ShouldBe(new Outcome.Done(id, 0, 2));
        (await Desk.Save(id, Waiting with { Line = null }, 2, TestDesk.Agent, default)).ShouldBe(new Outcome.Done(id, 0, 2), "nothing changed");
        (await Desk.Save(id, Waiting, 1, TestDesk.Agent, default)).ShouldBeOfType<Outcome.Stale>().ActualVersion.ShouldBe(2);
        (await Desk.Save(id, Waiting, 0, TestDesk.Agent, default)).ShouldBeOfType<Outcome.Stale>("there is one already");
        (await Desk.Retire(id, 1, TestDesk.Agent, default)).ShouldBeOfType<Outcome.Stale>();
        (await Desk.Retire(id, 2, TestDesk.Agent, default)).ShouldBe(new Outcome.Done(id, 0, 3));
        (await Visible(TestDesk.Agent)).ShouldBeEmpty();
        (await Desk.Save(id, Waiting, 3, TestDesk.Agent, default)).ShouldBeOfType<Outcome.NotFound>();
        (await t.Store.ReadStream(id, 1, null, default)).Select(e => e.Type).ShouldBe(["saved_view_defined", "saved_view_defined", "saved_view_retired"]);
        await NoDrift();
    }

    [Fact]
    public async Task D1_nobody_has_more_views_than_can_be_found()
    {
        for (var i = 0; i < 100; i++)
            await Saved(Waiting with { Name = $"{i}" }, TestDesk.Agent);
        (await Desk.Save(Guid.CreateVersion7(), Waiting, 0, TestDesk.Agent, default)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("too_many_views");
        await Saved(Waiting, Bea);
    }
}
