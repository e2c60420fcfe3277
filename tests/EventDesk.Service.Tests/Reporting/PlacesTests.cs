using EventDesk.Service.Reporting;
using EventDesk.Service.Tests.Views;
using EventDesk.Store;
using EventDesk.Testing;
using Npgsql;

namespace EventDesk.Service.Tests.Reporting;

/// <summary>Reports of a moment take turns: each holds a connection and temporary tables.</summary>
public sealed class PlacesTests(ReportDatabase database) : IClassFixture<ReportDatabase>
{
    static readonly ReportQuery Now = new() { Cohort = Cohort.OpenedIn };
    static readonly ReportQuery Then = Now with { Moment = new(DateTimeOffset.MaxValue, Life.Monday.AddDays(1)) };

    ReportSource Patient(int atOnce) => new(database.Store, atOnce, Timeout.InfiniteTimeSpan);
    ReportSource Impatient(int atOnce) => new(database.Store, atOnce, TimeSpan.Zero);

    [Fact]
    public async Task E7_Only_so_many_reports_of_a_moment_are_made_at_once_and_those_of_now_need_no_place()
    {
        using var source = Impatient(2);
        var volume = new VolumeReport(source);
        await using (await source.OfTickets(Then, default))
        {
            await using (await source.OfSpans(Then, default))
            {
                await Should.ThrowAsync<ReportsBusyException>(() => volume.Run(Then, default));
                await Should.ThrowAsync<ReportsBusyException>(() => new ReportEvents(source, TimeProvider.System).Of(ReportName.Volume, Then, null, EventPosition.Start, 10, default));
                await volume.Run(Now, default);
            }
            await volume.Run(Then, default);
            await volume.Run(Then, default);
        }
    }

    [Fact]
    public async Task E7_Who_waits_for_a_place_gets_the_next_one_that_is_free()
    {
        using var source = Patient(1);
        var held = await source.OfTickets(Then, default);
        var waiting = new VolumeReport(source).Run(Then, default);
        waiting.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();
        (await waiting).Query.ShouldBe(Then);
    }

    [Fact]
    public async Task E7_Who_goes_away_before_it_is_their_turn_takes_no_place()
    {
        using var source = Patient(1);
        using var gone = new CancellationTokenSource();
        var held = await source.OfTickets(Then, default);
        var waiting = new VolumeReport(source).Run(Then, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await held.DisposeAsync();
        (await source.Take(default)).Dispose();
    }

    [Fact]
    public async Task E7_Who_goes_away_while_the_rows_are_made_leaves_their_place_to_others()
    {
        using var source = Impatient(1);
        using var gone = new CancellationTokenSource();
        await using var other = await database.Store.DataSource.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table ticket_fact in access exclusive mode", other, transaction))
            await command.ExecuteNonQueryAsync();
        var stuck = new VolumeReport(source).Run(Then, gone.Token);
        await Eventually.Be(async () => await Waiting(other) == 1, "the report waits for the table");
        await Should.ThrowAsync<ReportsBusyException>(() => source.Take(default));
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stuck);
        (await source.Take(default)).Dispose();
    }

    [Fact]
    public async Task E7_Rows_that_cannot_be_made_leave_their_place_to_others()
    {
        await using var away = new EventStore(new EventStoreOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody;Database=none" }, []);
        using var source = new ReportSource(away, 1, TimeSpan.Zero);
        for (var time = 0; time < 2; time++)
            await Should.ThrowAsync<NpgsqlException>(() => new VolumeReport(source).Run(Then, default));
    }

    static async Task<long> Waiting(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("""
            select count(*) from pg_locks where relation = 'ticket_fact'::regclass and database = (select oid from pg_database where datname = current_database()) and not granted
            """, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
