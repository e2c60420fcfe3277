using EventDesk.Service.Views;
using EventDesk.Store;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Views;

/// <summary>P3: what was followed page by page equals a replay from the first event.</summary>
public sealed class FollowedViewTests(ViewDatabase database) : IClassFixture<ViewDatabase>
{
    public static TheoryData<string> Views { get; } = [.. ViewCatalog.Followed.Select(v => v.Name)];

    [Theory, MemberData(nameof(Views))]
    public void P3_following_equals_replay_wherever_the_pages_end(string name)
    {
        var view = ViewCatalog.Followed.Single(v => v.Name == name);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(12),
            Prop.ForAll(RandomLives.Three, Arb.From(Gen.Choose(1, 90).ArrayOf(4)), (lives, cuts) =>
            {
                var log = Life.Log(lives.Select((l, i) => RandomLives.Live(l, i + 1)));
                Differences(view, log, cuts).GetAwaiter().GetResult().ShouldBeEmpty();
            }));
    }

    async Task<IReadOnlyList<string>> Differences(FollowedView view, IReadOnlyList<StoredEvent> log, int[] cuts)
    {
        var spec = database.Of(view);
        await spec.Follow(log, cuts);
        return await spec.Differences(log);
    }

    [Theory, MemberData(nameof(Views))]
    public async Task P3_a_page_that_comes_twice_changes_nothing(string name)
    {
        var view = ViewCatalog.Followed.Single(v => v.Name == name);
        var log = Life.Log(Lives.Ordinary(1), Lives.Ordinary(2));
        var spec = database.Of(view);
        await spec.Follow(log, 5);
        await spec.Apply([.. log.Skip(3)]);
        (await spec.Differences(log)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Views))]
    public async Task P3_streams_that_are_no_tickets_pass_by(string name)
    {
        var view = ViewCatalog.Followed.Single(v => v.Name == name);
        var stranger = Lives.Ordinary(1).Events[1] with { Stream = Guid.CreateVersion7(), Type = "desk_described", Data = "{}"u8.ToArray() };
        var spec = database.Of(view);
        await spec.Follow([stranger]);
        (await spec.Differences([stranger])).ShouldBeEmpty();
        foreach (var table in view.Tables) (await spec.Rows($"select count(*) from {table}")).ShouldBe(["0"]);
    }
}
