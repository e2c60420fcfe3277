using EventDesk.Store.Schema;
using EventDesk.Testing;

namespace EventDesk.Store.Tests;

public sealed class MigratorTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task The_event_tables_have_the_columns_Marten_9_expects() =>
        (await database.Rows("""
            select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
            from information_schema.columns
            where table_schema = 'eventdesk' and table_name like 'mt\_%'
            order by table_name, ordinal_position
            """)).ShouldBe([
            "mt_event_progression|name|character varying||NO|",
            "mt_event_progression|last_seq_id|bigint||YES|",
            "mt_event_progression|last_updated|timestamp with time zone||YES|transaction_timestamp()",
            "mt_events|seq_id|bigint||NO|",
            "mt_events|id|uuid||NO|",
            "mt_events|stream_id|uuid||YES|",
            "mt_events|version|bigint||NO|",
            "mt_events|data|jsonb||NO|",
            "mt_events|bdata|bytea||YES|",
            "mt_events|type|character varying|500|NO|",
            "mt_events|timestamp|timestamp with time zone||NO|now()",
            "mt_events|tenant_id|character varying||YES|'*DEFAULT*'::character varying",
            "mt_events|mt_dotnet_type|character varying||YES|",
            "mt_events|correlation_id|character varying||YES|",
            "mt_events|causation_id|character varying||YES|",
            "mt_events|headers|jsonb||YES|",
            "mt_events|user_name|character varying||YES|",
            "mt_events|is_archived|boolean||YES|false",
            "mt_streams|id|uuid||NO|",
            "mt_streams|type|character varying||YES|",
            "mt_streams|version|bigint||YES|",
            "mt_streams|timestamp|timestamp with time zone||NO|now()",
            "mt_streams|created|timestamp with time zone||NO|now()",
            "mt_streams|tenant_id|character varying||YES|'*DEFAULT*'::character varying",
            "mt_streams|is_archived|boolean||YES|false",
        ]);

    [Fact]
    public async Task The_event_tables_have_the_keys_and_indexes_Marten_9_expects_and_no_others()
    {
        (await database.Rows("""
            select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            from pg_constraint where connamespace = 'eventdesk'::regnamespace and conrelid::regclass::text like 'mt\_%' and contype in ('p', 'f', 'u')
            order by 1, 2
            """)).ShouldBe([
            "mt_event_progression|pk_mt_event_progression|PRIMARY KEY (name)",
            "mt_events|fkey_mt_events_stream_id|FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
            "mt_events|pkey_mt_events_seq_id|PRIMARY KEY (seq_id)",
            "mt_streams|pkey_mt_streams_id|PRIMARY KEY (id)",
        ]);
        (await database.Rows("select indexdef from pg_indexes where schemaname = 'eventdesk' and tablename like 'mt\\_%' order by indexname")).ShouldBe([
            "CREATE UNIQUE INDEX pk_mt_event_progression ON eventdesk.mt_event_progression USING btree (name)",
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON eventdesk.mt_events USING btree (stream_id, version)",
            "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON eventdesk.mt_events USING btree (seq_id)",
            "CREATE UNIQUE INDEX pkey_mt_streams_id ON eventdesk.mt_streams USING btree (id)",
        ]);
        (await database.Rows("select sequencename, data_type::text, start_value, increment_by from pg_sequences where schemaname = 'eventdesk' and sequencename like 'mt\\_%'"))
            .ShouldBe(["mt_events_sequence|bigint|1|1"]);
    }

    [Fact]
    public async Task Many_processes_that_start_at_once_apply_each_step_once()
    {
        await using var empty = await TestDatabase.CreateEmpty();
        var extra = new Migration("tokens_001", "create table tokens (hash bytea primary key); create table counted (n int); insert into counted values (1)");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var store = new EventStore(StoreDatabase.OptionsFor(empty.ConnectionString), []);
            await Migrator.Run(store.DataSource, store.Options, [extra], default);
        }));

        await using var check = new EventStore(StoreDatabase.OptionsFor(empty.ConnectionString), []);
        await using var count = check.DataSource.CreateCommand("select (select count(*) from counted) || ' ' || string_agg(name, ' ' order by name) from schema_version");
        (await count.ExecuteScalarAsync()).ShouldBe("1 001_streams_and_events 002_guards 003_keys_and_requests 004_views 005_erasure 006_ledger 007_events_in_one_piece tokens_001");
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused_by_name()
    {
        await using var empty = await TestDatabase.CreateEmpty();
        await using var store = new EventStore(StoreDatabase.OptionsFor(empty.ConnectionString), []);
        await Migrator.Run(store.DataSource, store.Options, [new("later_009", "select 1")], default);

        var refusal = await Should.ThrowAsync<SchemaTooNewException>(() => Migrator.Run(store.DataSource, store.Options, default));
        refusal.Message.ShouldContain("later_009");
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_behind()
    {
        await using var empty = await TestDatabase.CreateEmpty();
        await using var store = new EventStore(StoreDatabase.OptionsFor(empty.ConnectionString), []);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Migrator.Run(store.DataSource, store.Options, [new("broken_001", "create table half (n int); select 1 / 0")], default));

        await using var left = store.DataSource.CreateCommand("select count(*) from pg_namespace where nspname = 'eventdesk'");
        (await left.ExecuteScalarAsync()).ShouldBe(0L);
    }
}
