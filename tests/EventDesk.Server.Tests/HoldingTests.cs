using EventDesk.Domain;
using EventDesk.Service.Subjects;
using EventDesk.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

/// <summary>The list of what is held on a customer is written by hand; a new table must not be missing in it.</summary>
public sealed class HoldingTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly Dictionary<string, string> NotHoldings = new()
    {
        ["erased_stream"] = "Earlier keys of a ticket: told with the state of its key.",
        ["incident_ticket"] = "Which fault a ticket belongs to; nothing of whose it is.",
    };

    const string NamingSql = """
        select array_agg(distinct table_name::text)
        from information_schema.columns
        where table_schema = 'eventdesk' and column_name in ('ticket', 'stream_id', 'customer')
        """;

    [Fact]
    public async Task R6_every_table_that_names_a_ticket_or_a_customer_is_told_in_the_privacy_budget_or_there_is_a_reason()
    {
        await using var command = server.Services.GetRequiredService<EventStore>().DataSource.CreateCommand(NamingSql);
        var naming = (string[])(await command.ExecuteScalarAsync())!;
        var budget = await server.Services.GetRequiredService<PrivacyBudgets>().Of(new CustomerId(Guid.CreateVersion7()), CancellationToken.None);
        var told = budget.Holdings.SelectMany(h => h.Where.Split(", "));
        naming.Except(told).Order().ShouldBe(NotHoldings.Keys.Order());
    }
}
