using EventDesk.Domain;
using EventDesk.Service.Reporting;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>The links by which customers sign in: each opens once, and not for long. Only its hash is kept.</summary>
public sealed class SignInLinks(EventStore store, TimeProvider time)
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    /// <summary>Nobody needs more of them in that time; whoever asks for more fills somebody's mailbox.</summary>
    const int MostAtOnce = 5;

    const string MakeSql = """
        with forgotten as (delete from sign_in_link where expires <= $3)
        insert into sign_in_link (hash, customer, made, expires)
        select $1, $2, $3, $4
        where (select count(*) from sign_in_link where customer = $2 and expires > $3) < $5
        """;

    /// <returns>The secret of a new link; null where so many are under way that another is not sent.</returns>
    public async Task<string?> Make(CustomerId customer, CancellationToken ct)
    {
        var text = LinkText.Create();
        LinkText.TryHash(text, out var hash);
        var now = time.GetUtcNow().UtcDateTime;
        await using var command = store.DataSource.CreateCommand(MakeSql)
            .Add(NpgsqlDbType.Bytea, hash.ToArray()).Add(NpgsqlDbType.Uuid, customer.Value).Add(NpgsqlDbType.TimestampTz, now)
            .Add(NpgsqlDbType.TimestampTz, now + Kept).Add(NpgsqlDbType.Integer, MostAtOnce);
        return await command.ExecuteNonQueryAsync(ct) > 0 ? text : null;
    }

    // What was taken stays counted until it would have expired, so that using links does not buy new ones.
    const string TakeSql = """
        update sign_in_link set hash = sha256(hash || 'taken'::bytea) where hash = $1 and expires > $2 returning customer
        """;

    /// <summary>Whom a link lets in, which is over with this; null when it was used, is too old, or is none.</summary>
    public async Task<CustomerId?> Take(string? text, CancellationToken ct)
    {
        if (!LinkText.TryHash(text, out var hash))
            return null;
        await using var command = store.DataSource.CreateCommand(TakeSql).Add(NpgsqlDbType.Bytea, hash.ToArray()).Add(NpgsqlDbType.TimestampTz, time.GetUtcNow().UtcDateTime);
        return await command.ExecuteScalarAsync(ct) is Guid customer ? new CustomerId(customer) : null;
    }
}
