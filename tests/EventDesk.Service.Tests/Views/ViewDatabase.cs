using EventDesk.Store;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Views;

/// <summary>An empty database of a test class's own for the tables of followed views.</summary>
public sealed class ViewDatabase : IAsyncLifetime
{
    TestDatabase database = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateEmpty();
        Source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await database.DisposeAsync();
    }

    public ViewSpec Of(FollowedView view) => new(Source, view);
}
