using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Assigning;

/// <summary>The agent's tickets stay; nothing new comes.</summary>
public sealed record AgentWentAway(string Agent);

/// <summary>The agent works again, as everybody does who never said otherwise.</summary>
public sealed record AgentCameBack(string Agent);

/// <summary>The stored form of presence. One stream for each agent, apart from the definition: it changes many times a day.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AgentWentAway))]
[JsonSerializable(typeof(AgentCameBack))]
sealed partial class PresenceJson : JsonSerializerContext
{
    public const string StreamType = "agent_presence";
    public const string Away = "agent_went_away";
    public const string Back = "agent_came_back";
}

/// <summary>What the view needs to know of a change.</summary>
sealed record PresenceChange(string Agent, bool Away);

/// <summary>Who is away, and where each agent's stream ends.</summary>
public sealed class PresenceView : InlineView
{
    public override string Name => "Presence";
    public override IReadOnlyList<string> Tables => ["agent_presence"];
    public override TypeFilter Reads => TypeFilter.Only(PresenceJson.Away, PresenceJson.Back);

    public override string CreateTables(string suffix) => $"""
        create table agent_presence{suffix} (
          stream uuid not null, agent text not null, away boolean not null, since timestamptz not null, version bigint not null, digest bytea not null);
        """;

    public override string CreateIndexes(string suffix) =>
        $"alter table agent_presence{suffix} add constraint agent_presence_pkey{suffix} primary key (agent);";

    const string UpsertSql = """
        insert into agent_presence (stream, agent, away, since, version, digest) values ($1, $2, $3, $4, $5, $6)
        on conflict (agent) do update set away = excluded.away, since = excluded.since, version = excluded.version, digest = excluded.digest
        """;

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is PresenceChange change)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(UpsertSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream }, new() { Value = change.Agent }, new() { Value = change.Away },
                        new() { Value = append.Recorded.UtcDateTime }, new() { Value = append.NewVersion },
                        new() { Value = append.Events[^1].Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                    },
                });
    }

    public override IViewFold NewFold() => new Fold();

    sealed class Fold : IViewFold
    {
        readonly Dictionary<string, (Guid Stream, bool Away, DateTime Since, long Version, byte[] Digest)> rows = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            var away = e.Type.SequenceEqual("agent_went_away"u8);
            if (!away && !e.Type.SequenceEqual("agent_came_back"u8)) return;
            var agent = away
                ? JsonSerializer.Deserialize(e.Data, PresenceJson.Default.AgentWentAway)!.Agent
                : JsonSerializer.Deserialize(e.Data, PresenceJson.Default.AgentCameBack)!.Agent;
            var digest = new byte[Digests.Length];
            Digests.TryReadHeader(e.Headers, digest);
            rows[agent] = (e.Stream, away, e.Timestamp.UtcDateTime, e.Version, digest);
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy agent_presence{suffix} (stream, agent, away, since, version, digest) from stdin (format binary)", ct);
            foreach (var (agent, row) in rows)
            {
                copy.StartRow();
                copy.Write(row.Stream, NpgsqlDbType.Uuid);
                copy.Write(agent, NpgsqlDbType.Text);
                copy.Write(row.Away, NpgsqlDbType.Boolean);
                copy.Write(row.Since, NpgsqlDbType.TimestampTz);
                copy.Write(row.Version, NpgsqlDbType.Bigint);
                copy.Write(row.Digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
