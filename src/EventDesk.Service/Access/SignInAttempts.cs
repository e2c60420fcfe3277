using EventDesk.Service.Reporting;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>A browser that was sent to the sign-in provider.</summary>
/// <param name="Browser">SHA-256 of what its cookie holds: who comes back has to be who was sent.</param>
/// <param name="Nonce">What the provider has to repeat in its token.</param>
/// <param name="Verifier">The secret behind the challenge (PKCE).</param>
/// <param name="ReturnTo">A path of ours.</param>
public sealed record SignInAttempt(TokenHash Browser, string Nonce, string Verifier, string ReturnTo);

/// <summary>What may happen once only, whichever process it comes to: the way back from the provider, and a logout token.</summary>
public sealed class SignInAttempts(EventStore store, TimeProvider time)
{
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    const string BeginSql = """
        with forgotten as (delete from sign_in_attempt where expires <= $7)
        insert into sign_in_attempt (state, browser, nonce, verifier, return_to, expires) values ($1, $2, $3, $4, $5, $6)
        """;

    /// <param name="state">SHA-256 of the state.</param>
    public async Task Begin(TokenHash state, SignInAttempt attempt, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var command = store.DataSource.CreateCommand(BeginSql)
            .Add(NpgsqlDbType.Bytea, state.ToArray()).Add(NpgsqlDbType.Bytea, attempt.Browser.ToArray()).Add(NpgsqlDbType.Text, attempt.Nonce)
            .Add(NpgsqlDbType.Text, attempt.Verifier).Add(NpgsqlDbType.Text, attempt.ReturnTo).Add(NpgsqlDbType.TimestampTz, now + Kept).Add(NpgsqlDbType.TimestampTz, now);
        await command.ExecuteNonQueryAsync(ct);
    }

    const string TakeSql = "delete from sign_in_attempt where state = $1 returning browser, nonce, verifier, return_to, expires > $2";

    /// <summary>The attempt, which is over with this; null when there is none, it took too long, or it was taken before.</summary>
    public async Task<SignInAttempt?> Take(TokenHash state, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(TakeSql).Add(NpgsqlDbType.Bytea, state.ToArray()).Add(NpgsqlDbType.TimestampTz, time.GetUtcNow().UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && row.GetBoolean(4)
            ? new(TokenHash.Of(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetString(2), row.GetString(3))
            : null;
    }

    const string FirstSql = """
        with forgotten as (delete from logout_token_seen where expires <= $3)
        insert into logout_token_seen (jti, expires) values ($1, $2)
        on conflict (jti) do nothing
        """;

    /// <summary>True the first time only.</summary>
    /// <param name="jti">SHA-256 of issuer and jti.</param>
    /// <param name="expires">When the token itself is worth nothing any more.</param>
    public async Task<bool> IsFirst(TokenHash jti, DateTimeOffset expires, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(FirstSql)
            .Add(NpgsqlDbType.Bytea, jti.ToArray()).Add(NpgsqlDbType.TimestampTz, expires.UtcDateTime).Add(NpgsqlDbType.TimestampTz, time.GetUtcNow().UtcDateTime);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }
}
