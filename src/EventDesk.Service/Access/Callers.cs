using System.Collections.Concurrent;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Organising;
using EventDesk.Store;
using NpgsqlTypes;

namespace EventDesk.Service.Access;

/// <summary>
/// Everybody this process has lately let in. Whether what they may has changed is asked four times a second, and read again for all of them in one round
/// trip, so that whatever changes anywhere holds here within a second: for the next request, and for answers that are still going on. While the log grows
/// by nothing, nobody's standing changes but by time.
/// </summary>
public sealed class Callers(EventStore store, OrganisationBook organisation, SessionRules rules, TimeProvider time)
{
    /// <summary>No answer of the database is believed for longer.</summary>
    static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(1);

    /// <summary>So often everybody is looked at, even though nothing has happened.</summary>
    static readonly TimeSpan Thorough = TimeSpan.FromSeconds(5);

    /// <summary>So long those are kept at hand who ask nothing.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>How exactly other processes know when a session was last used.</summary>
    static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    // Requests read without the lock; who comes in and who goes is decided under it, so that no caller is ever at work who is not known here.
    readonly ConcurrentDictionary<TokenHash, Known> known = new();
    readonly Lock gate = new();
    readonly CallerRows rows = new(store, rules.Idle);
    Look? lastLook;

    /// <summary>When everybody was read, and what they were read of: their rows are views of the log, and the organisation says what a role needs.</summary>
    /// <param name="Asked">After <paramref name="LogEnd"/> was known, so that who was read since then was read with all of it.</param>
    sealed record Look(long Asked, long LogEnd, SupportOrganisation Organisation);

    sealed class Known(Credential credential, Caller caller, long asked)
    {
        public Credential Credential => credential;
        public Caller Caller => caller;

        /// <summary>
        /// When the database was asked, which is before it answered: trust counts from here. Negative: since then there is reason for doubt, and only
        /// a later question counts.
        /// </summary>
        public long Asked = asked;

        /// <summary>UTC ticks.</summary>
        public long Used, Seen;
    }

    /// <summary>The caller with this credential, without a look into the database; null when one has to be taken.</summary>
    /// <param name="used">It is shown because somebody does something; a session that nobody uses ends.</param>
    public Caller? AtHand(TokenHash key, bool used = true)
    {
        if (!known.TryGetValue(key, out var entry) || Volatile.Read(ref entry.Asked) is var asked && (asked < 0 || time.GetElapsedTime(asked) >= LongestTrust))
            return null;
        var now = time.GetUtcNow();
        if (now >= entry.Caller.Standing.Until)
            return null;
        if (used)
            Volatile.Write(ref entry.Used, now.UtcTicks);
        return entry.Caller;
    }

    /// <summary>Who this is; null when the credential opens nothing (any more).</summary>
    /// <param name="used">As in <see cref="AtHand"/>.</param>
    public async Task<Caller?> Find(Credential credential, CancellationToken ct, bool used = true)
    {
        if (AtHand(credential.Key, used) is { } caller)
            return caller;
        var (asked, now) = (time.GetTimestamp(), time.GetUtcNow());
        // A session is not used by showing it too late: what counts is when it was used before.
        var last = known.TryGetValue(credential.Key, out var before) ? new DateTimeOffset(before.Used, TimeSpan.Zero) : DateTimeOffset.MinValue;
        var standing = (await rows.Read([(credential, last)], organisation.Now, now, ct)).GetValueOrDefault(credential.Key);
        if (!Settle(credential, standing, asked, out var found, used))
            return await Find(credential, ct, used);
        if (used && found is not null && known.TryGetValue(credential.Key, out var entry))
            Volatile.Write(ref entry.Used, now.UtcTicks);
        return found;
    }

    /// <summary>Something about a person, a token or a session was changed here: what was known of it is not believed any more.</summary>
    public void Doubt(Guid id)
    {
        foreach (var entry in known.Values)
            if (entry.Caller.Id == id || entry.Caller.Person == id)
                Volatile.Write(ref entry.Asked, -time.GetTimestamp());
    }

    /// <summary>Looks at everybody again and ends those whose standing has ended or changed.</summary>
    public async Task Sweep(CancellationToken ct)
    {
        var (began, now) = (time.GetTimestamp(), time.GetUtcNow());
        foreach (var (key, entry) in known)
            if (!entry.Caller.IsWatched && now.UtcTicks - Volatile.Read(ref entry.Used) > Kept.Ticks)
                Remove(key);
        var all = known.Values.ToList();
        if (all.Count == 0)
            return;
        var look = new Look(Asked: 0, await store.HighWater(ct), organisation.Now) with { Asked = time.GetTimestamp() };
        var still = lastLook is { } before && before.LogEnd == look.LogEnd && ReferenceEquals(before.Organisation, look.Organisation) && time.GetElapsedTime(before.Asked) < Thorough ? before : null;
        var unsure = all.FindAll(e => !Confirm(e, still, began, now));
        if (unsure.Count > 0)
        {
            var standings = await rows.Read([.. unsure.Select(e => (e.Credential, new DateTimeOffset(e.Used, TimeSpan.Zero)))], look.Organisation, now, ct);
            foreach (var entry in unsure)
                Settle(entry.Credential, standings.GetValueOrDefault(entry.Credential.Key), look.Asked, out _);
        }
        lastLook = still ?? look;
        await TellSeen(all, ct);
    }

    /// <summary>Trusts somebody further without reading anything: nothing was changed since they were read, and their time has not come.</summary>
    bool Confirm(Known entry, Look? still, long began, DateTimeOffset now)
    {
        lock (gate)
        {
            if (still is null || entry.Asked < still.Asked || entry.Caller.Standing.Until <= now)
                return false;
            Volatile.Write(ref entry.Asked, Math.Max(entry.Asked, began));
            return true;
        }
    }

    /// <summary>Nobody can be looked at: who goes on watching for longer than they are trusted is ended, and may come again.</summary>
    public void GiveUp()
    {
        foreach (var (key, entry) in known)
            if (entry.Caller.IsWatched && time.GetElapsedTime(Math.Abs(Volatile.Read(ref entry.Asked))) >= LongestTrust)
                Remove(key);
    }

    /// <returns>False when the answer came too late to count: something has been changed since the question.</returns>
    bool Settle(Credential credential, Standing? standing, long asked, out Caller? found, bool used = true)
    {
        lock (gate)
            return SettleAlone(credential, standing, asked, used, out found);
    }

    bool SettleAlone(Credential credential, Standing? standing, long asked, bool used, out Caller? found)
    {
        known.TryGetValue(credential.Key, out var before);
        found = before?.Caller;
        // Of two answers the one to the later question counts.
        if (before is not null && Volatile.Read(ref before.Asked) is var last && Math.Abs(last) > asked)
            return last > 0;
        if (standing is null)
        {
            found = null;
            Remove(credential.Key);
        }
        else if (before is not null && before.Caller.Standing.IsLike(standing))
        {
            before.Caller.Prolong(standing);
            Volatile.Write(ref before.Asked, asked);
        }
        else
        {
            found = new Caller(standing);
            known[credential.Key] = new(credential, found, asked) { Used = before?.Used ?? (used ? time.GetUtcNow().UtcTicks : 0), Seen = before?.Seen ?? 0 };
            before?.Caller.End();
        }
        return true;
    }

    /// <summary>Whoever is forgotten is ended too: a request that got hold of them in this moment must not watch somebody nobody looks after.</summary>
    void Remove(TokenHash key)
    {
        if (known.TryRemove(key, out var gone))
            gone.Caller.End();
    }

    const string SeenSql = """
        insert into session_seen as held (session, seen)
        select * from unnest($1::uuid[], $2::timestamptz[])
        on conflict (session) do update set seen = excluded.seen where held.seen < excluded.seen
        """;

    async Task TellSeen(List<Known> all, CancellationToken ct)
    {
        // Rows are touched in one order, so that two processes do not cross each other.
        var used = all.Where(e => e.Caller.Kind == CredentialKind.Session && e.Used - e.Seen > SeenEvery.Ticks).OrderBy(e => e.Caller.Id).ToList();
        if (used.Count == 0)
            return;
        await using var command = store.DataSource.CreateCommand(SeenSql);
        command.Parameters.Add(new() { Value = used.Select(e => e.Caller.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = used.Select(e => new DateTime(e.Used, DateTimeKind.Utc)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(ct);
        used.ForEach(e => e.Seen = e.Used);
    }
}
