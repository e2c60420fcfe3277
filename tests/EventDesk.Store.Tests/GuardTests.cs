namespace EventDesk.Store.Tests;

public sealed class GuardTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    const string Sealed = """{"line": "L1", "body": {"sealed": "c2VjcmV0", "digest": "ZGln"}, "note": {"sealed": "bm90ZQ==", "digest": "ZGln"}}""";

    [Theory]
    [InlineData("update mt_events set data = '{}'")]
    [InlineData("update mt_events set headers = '{\"digest\": \"BBBB\"}'")]
    [InlineData("delete from mt_events")]
    [InlineData("truncate mt_events")]
    [InlineData("truncate mt_streams cascade")]
    [InlineData("delete from mt_streams")]
    [InlineData("update mt_streams set version = version - 1")]
    [InlineData("update mt_streams set version = null")]
    [InlineData("set session_replication_role = replica; delete from mt_events")]
    public async Task T2_The_database_itself_refuses_to_change_what_was_stored(string sql)
    {
        await database.Store.Append(Some.Append(Guid.CreateVersion7(), 0), default);
        (await database.Refused($"begin; {sql}; commit")).SqlState.ShouldBe("23001");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("'{}'")]
    [InlineData("'{\"actor\": \"digest\"}'")]
    public async Task T2_The_database_refuses_an_event_without_a_digest(string headers)
    {
        var stream = Guid.CreateVersion7();
        await database.Store.Append(Some.Append(stream, 0), default);
        var refused = await database.Refused($"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers)
            values (nextval('mt_events_sequence'), gen_random_uuid(), '{stream}', 2, '{"{}"}', 'noted', now(), {headers})
            """);
        refused.ConstraintName.ShouldBe("eventdesk_events_carry_a_digest");
    }

    [Fact]
    public async Task R3_Through_the_erase_door_sealed_values_become_null()
    {
        var stream = await Store(Sealed);
        await Through("erase", """update mt_events set data = jsonb_set(data, '{body,sealed}', 'null')""", stream);
        (await Data(stream)).ShouldBe("""{"body": {"digest": "ZGln", "sealed": null}, "line": "L1", "note": {"digest": "ZGln", "sealed": "bm90ZQ=="}}""");
    }

    [Theory]
    [InlineData("""update mt_events set data = jsonb_set(data, '{line}', '"L2"')""")]
    [InlineData("""update mt_events set data = jsonb_set(data, '{body,sealed}', '"b3RoZXI="')""")]
    [InlineData("""update mt_events set data = jsonb_set(data, '{body,digest}', '"b3RoZXI="')""")]
    [InlineData("""update mt_events set data = data - 'body'""")]
    [InlineData("""update mt_events set type = 'other'""")]
    [InlineData("""update mt_events set version = 7""")]
    [InlineData("""update mt_events set headers = '{"digest": "BBBB"}'""")]
    [InlineData("""delete from mt_events""")]
    public async Task R3_The_erase_door_lets_nothing_else_through(string sql)
    {
        var stream = await Store(Sealed);
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => Through("erase", sql, stream));
        refused.SqlState.ShouldBe("23001");
        (await Data(stream)).ShouldContain("c2VjcmV0");
    }

    [Fact]
    public async Task R3_A_null_is_never_filled_again()
    {
        var stream = await Store("""{"body": {"sealed": null, "digest": "ZGln"}}""");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Through("erase", """update mt_events set data = jsonb_set(data, '{body,sealed}', '"bmV3"')""", stream));
    }

    [Fact]
    public async Task R4_Through_the_purge_door_the_data_may_go_and_the_rest_stays()
    {
        var stream = await Store(Sealed);
        await Through("purge", "update mt_events set data = '{}'", stream);
        (await Data(stream)).ShouldBe("{}");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Through("purge", "update mt_events set type = 'other'", stream));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Through("purge", "delete from mt_events", stream));
    }

    [Fact]
    public async Task A_door_closes_with_its_transaction()
    {
        var stream = await Store(Sealed);
        await using var connection = await database.Store.DataSource.OpenConnectionAsync();
        foreach (var sql in new[] { "begin", "select set_config('eventdesk.door', 'purge', true)", "commit" })
            await new Npgsql.NpgsqlCommand(sql, connection).ExecuteNonQueryAsync();
        await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            new Npgsql.NpgsqlCommand($"update mt_events set data = '{"{}"}' where stream_id = '{stream}'", connection).ExecuteNonQueryAsync());
    }

    async Task<Guid> Store(string data)
    {
        var stream = Guid.CreateVersion7();
        (await database.Store.Append(Some.Append(stream, 0, data: data), default)).ShouldBeOfType<AppendResult.Appended>();
        return stream;
    }

    async Task Through(string door, string sql, Guid stream) =>
        await database.Execute($"begin; select set_config('eventdesk.door', '{door}', true); {sql} where stream_id = '{stream}'; commit");

    Task<string> Data(Guid stream) => database.Scalar<string>($"select data::text from mt_events where stream_id = '{stream}'");
}
