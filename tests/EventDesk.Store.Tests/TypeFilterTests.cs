namespace EventDesk.Store.Tests;

public sealed class TypeFilterTests : IAsyncLifetime
{
    static readonly string[] Types = ["a", "b", "c", "it's"];

    readonly StoreDatabase database = new();

    public ValueTask InitializeAsync() => database.InitializeAsync();
    public ValueTask DisposeAsync() => database.DisposeAsync();

    static IEnumerable<TypeFilter> Filters()
    {
        string[][] sets = [[], ["a"], ["b", "it's"], ["a", "b", "c", "it's"]];
        return sets.SelectMany(names => new[] { TypeFilter.Only(names), TypeFilter.AllBut(names) });
    }

    [Fact]
    public void Both_and_either_are_what_the_two_say_of_each_type()
    {
        foreach (var one in Filters())
            foreach (var other in Filters())
                foreach (var type in Types)
                {
                    one.Or(other).Contains(type).ShouldBe(one.Contains(type) || other.Contains(type), $"{one.Sql} | {other.Sql}: {type}");
                    one.And(other).Contains(type).ShouldBe(one.Contains(type) && other.Contains(type), $"{one.Sql} & {other.Sql}: {type}");
                }
    }

    [Fact]
    public async Task PostgreSQL_finds_the_same()
    {
        foreach (var filter in Filters())
            (await database.Rows($"select type from unnest(array['a', 'b', 'c', 'it''s']) as e (type) where {filter.Sql}")).ShouldBe(Types.Where(filter.Contains), ignoreOrder: true);
    }
}
