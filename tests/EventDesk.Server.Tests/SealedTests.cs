using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using EventDesk.Domain.Access;
using Npgsql;

namespace EventDesk.Server.Tests;

/// <summary>R1: what people write is nowhere in plain form but in the answers to those who may read it.</summary>
public sealed class SealedTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task R1_a_canary_sent_through_every_field_of_the_api_is_in_no_table_wal_file_log_line_or_trace()
    {
        var canary = $"Kanarienvogel{Guid.CreateVersion7():N}";
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))} {a.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        var everyone = new Api(server.Http, await server.Issue(new(
            "everyone", [.. Enum.GetValues<Role>().Where(r => r != Role.System)], TimeSpan.FromDays(1), CustomerEmail: $"{canary}email@example.com")));
        var read = new StringBuilder();
        var sent = await EveryField.Send(await ApiOperation.All(server), everyone, canary, async (operation, body, ticket) =>
        {
            read.Append((await everyone.Get($"/api/tickets/{ticket}/events")).Text);
            // Also what fails may carry it: a stale version, and a body that is faulty.
            await operation.Call(everyone, ticket, 1, body, $"{canary}.txt");
            await everyone.Post(operation.Path.Replace("{ticket}", ticket.ToString(), StringComparison.Ordinal), new Dictionary<string, string> { [canary] = canary }, 1);
        });
        sent.ShouldBeGreaterThan(17);
        await FieldsElsewhere.Send(server, everyone, canary);
        foreach (var field in EveryField.Personal.Where(f => f is not ("name" or "contract")))
            read.ToString().ShouldContain(canary + field);
        (await everyone.Get("/api/queues/open/tickets?limit=200")).Text.ShouldContain(canary + "subject");

        (await EveryField.InTables(server.ConnectionString, canary)).ShouldBeEmpty();
        (await InWal(canary)).ShouldBeEmpty();
        var open = $"Rabe{Guid.CreateVersion7():N}";
        (await server.Scalar($"select count(*) from pg_logical_emit_message(true, 'in the open', '{open}')")).ShouldBe(1);
        (await InWal(open)).ShouldNotBeEmpty("what is not sealed is found there");
        spans.Count.ShouldBeGreaterThan(sent);
        spans.Where(s => s.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        server.LogLines.Count.ShouldBeGreaterThan(0);
        server.LogLines.Where(l => l.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task R1_the_canary_is_sent_through_every_text_that_people_write_into_a_ticket()
    {
        var document = (await new Api(server.Http, null).Get("/openapi/v1.json")).Json;
        var left = from operation in await ApiOperation.All(server)
                   where operation.Path.Contains("/tickets", StringComparison.Ordinal)
                   let sent = operation.ExampleBody()?.ToJsonString() ?? ""
                   from text in FieldsElsewhere.Texts(operation, document)
                   let field = text.Split('.')[^1]
                   where EveryField.Personal.Contains(field) && field != "contract" && !sent.Contains($"\"{field}\":", StringComparison.Ordinal)
                   select text;
        left.ShouldBeEmpty("the example of the operation leaves it out");
    }

    [Fact]
    public async Task R1_each_text_of_what_is_no_ticket_is_sealed_or_in_the_open_by_design()
    {
        var document = (await new Api(server.Http, null).Get("/openapi/v1.json")).Json;
        var texts = (await ApiOperation.All(server)).Where(o => !o.Path.Contains("/tickets", StringComparison.Ordinal)).SelectMany(o => FieldsElsewhere.Texts(o, document)).Distinct().ToList();
        texts.Count.ShouldBeGreaterThan(50);
        texts.Except(FieldsElsewhere.Sealed).Except(FieldsElsewhere.Open.Keys).ShouldBeEmpty("say whether these are sealed, or why they may be read");
        FieldsElsewhere.Sealed.Intersect(FieldsElsewhere.Open.Keys).ShouldBeEmpty();
        FieldsElsewhere.Sealed.Union(FieldsElsewhere.Open.Keys).Except(texts).ShouldBeEmpty("there are none such any more");
    }

    /// <summary>The WAL files that show it; where the server lets its files be read.</summary>
    async Task<List<string>> InWal(string canary)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await LookInWal(canary);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedFile && attempt < 10)
            {
                // A checkpoint gave a segment its next name after it was listed: all are listed anew.
            }
    }

    async Task<List<string>> LookInWal(string canary)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select name from pg_ls_waldir() where modification > now() - interval '1 hour' and position(convert_to($1, 'UTF8') in pg_read_binary_file('pg_wal/' || name)) > 0", connection);
        command.CommandTimeout = 60;
        command.Parameters.AddWithValue(canary);
        List<string> found = [];
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(row.GetString(0));
        return found;
    }
}
