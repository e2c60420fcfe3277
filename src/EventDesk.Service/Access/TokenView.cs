using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>What the view needs to know of a token's append.</summary>
sealed record TokenChange(ApiTokenIssued? Issued, string By);

/// <summary>The tokens there are, by the hash a request carries.</summary>
public sealed class TokenView : InlineView
{
    public override string Name => "ApiTokens";
    public override int Version => 2; // says whose it is

    public override IReadOnlyList<string> Tables => ["api_token"];

    public override TypeFilter Reads => TypeFilter.Only(TokenJson.Issued, TokenJson.Revoked);

    public override string CreateTables(string suffix) => $"""
        create table api_token{suffix} (
          id uuid not null,
          hash bytea not null,
          name text not null,
          roles text[] not null,
          desks text[],
          lines text[],
          customer uuid,
          person uuid,
          subject text,
          created timestamptz not null,
          created_by text not null,
          expires timestamptz not null,
          revoked_at timestamptz,
          version bigint not null,
          digest bytea not null
        )
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table api_token{suffix} add constraint api_token_pkey{suffix} primary key (id);
        create unique index api_token_hash{suffix} on api_token{suffix} (hash);
        """;

    const string InsertSql = """
        insert into api_token (id, hash, name, roles, desks, lines, customer, person, subject, created, created_by, expires, version, digest)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)
        """;

    const string RevokeSql = """
        update api_token set revoked_at = $2, version = $3, digest = $4 where id = $1
        """;

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
        {
            if (append.Change is not TokenChange change)
                continue;
            var digest = append.Events[^1].Digest;
            batch.BatchCommands.Add(change.Issued is { } issued
                ? new NpgsqlBatchCommand(InsertSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream },
                        new() { Value = Convert.FromBase64String(issued.Hash) },
                        new() { Value = issued.Name },
                        new() { Value = issued.Roles.ToArray() },
                        Texts(issued.Desks),
                        Texts(issued.Lines),
                        new() { Value = (object?)issued.Customer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                        new() { Value = (object?)issued.Person ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                        new() { Value = (object?)issued.Subject ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                        new() { Value = append.Recorded.UtcDateTime },
                        new() { Value = change.By },
                        new() { Value = issued.Expires.UtcDateTime },
                        new() { Value = digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                    },
                }
                : new NpgsqlBatchCommand(RevokeSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream },
                        new() { Value = append.Recorded.UtcDateTime },
                        new() { Value = append.NewVersion },
                        new() { Value = digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                    },
                });
        }
    }

    static NpgsqlParameter Texts(IReadOnlyList<string>? texts) =>
        new() { Value = (object?)texts?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public override IViewFold NewFold() => new TokenFold();
}

/// <summary>All tokens, made from their events alone.</summary>
sealed class TokenFold : IViewFold
{
    readonly Dictionary<Guid, Row> rows = [];

    public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

    public void Apply(in FoldedEvent e)
    {
        if (e.Type.SequenceEqual("api_token_issued"u8))
            rows[e.Stream] = new(TokenJson.ReadIssued(e.Data), e.Timestamp, ActorOf(e.Headers), null, e.Version, DigestOf(e.Headers));
        else if (e.Type.SequenceEqual("api_token_revoked"u8) && rows.TryGetValue(e.Stream, out var row))
            rows[e.Stream] = row with { Revoked = e.Timestamp, Version = e.Version, Digest = DigestOf(e.Headers) };
    }

    public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
    {
        var sql = $"copy api_token{suffix} (id, hash, name, roles, desks, lines, customer, person, subject, created, created_by, expires, revoked_at, version, digest) from stdin (format binary)";
        await using var copy = await connection.BeginBinaryImportAsync(sql, ct);
        foreach (var (id, row) in rows.OrderBy(r => r.Key))
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(id, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(Convert.FromBase64String(row.Issued.Hash), NpgsqlDbType.Bytea, ct);
            await copy.WriteAsync(row.Issued.Name, NpgsqlDbType.Text, ct);
            await Texts(copy, row.Issued.Roles, ct);
            await Texts(copy, row.Issued.Desks, ct);
            await Texts(copy, row.Issued.Lines, ct);
            await (row.Issued.Customer is { } c ? copy.WriteAsync(c, NpgsqlDbType.Uuid, ct) : copy.WriteNullAsync(ct));
            await (row.Issued.Person is { } p ? copy.WriteAsync(p, NpgsqlDbType.Uuid, ct) : copy.WriteNullAsync(ct));
            await (row.Issued.Subject is { } s ? copy.WriteAsync(s, NpgsqlDbType.Text, ct) : copy.WriteNullAsync(ct));
            await copy.WriteAsync(row.Created.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(row.By, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(row.Issued.Expires.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
            await (row.Revoked is { } r ? copy.WriteAsync(r.UtcDateTime, NpgsqlDbType.TimestampTz, ct) : copy.WriteNullAsync(ct));
            await copy.WriteAsync(row.Version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(row.Digest, NpgsqlDbType.Bytea, ct);
        }
        await copy.CompleteAsync(ct);
    }

    static Task Texts(NpgsqlBinaryImporter copy, IReadOnlyList<string>? texts, CancellationToken ct) => texts is null
        ? copy.WriteNullAsync(ct)
        : copy.WriteAsync(texts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);

    static string ActorOf(ReadOnlySpan<byte> headers) => Header(headers, "actor"u8);

    static byte[] DigestOf(ReadOnlySpan<byte> headers) => Convert.FromBase64String(Header(headers, "digest"u8));

    static string Header(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var json = new System.Text.Json.Utf8JsonReader(headers);
        json.Read();
        while (json.Read() && json.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            var wanted = json.ValueTextEquals(name);
            json.Read();
            if (wanted)
                return json.GetString() ?? "";
        }
        return "";
    }

    sealed record Row(ApiTokenIssued Issued, DateTimeOffset Created, string By, DateTimeOffset? Revoked, long Version, byte[] Digest);
}
