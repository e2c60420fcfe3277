using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using NodaTime;
using Npgsql;

namespace EventDesk.Service.Organising;

/// <summary>How a change of the organisation ended.</summary>
public abstract record Defining
{
    private Defining() { }

    public sealed record Done(long Version) : Defining;
    public sealed record Stale(long ActualVersion) : Defining;

    /// <param name="Reasons">In sentences.</param>
    public sealed record Refused(IReadOnlyList<string> Reasons) : Defining;
}

/// <summary>The organisation with its history, in memory: loaded from its view and kept up with changes made elsewhere within a second or so.</summary>
public sealed class OrganisationBook
{
    readonly EventStore? store;
    readonly TimeProvider time;
    volatile Loaded loaded = new(OrganisationHistory.Empty, 0, 0);
    volatile Snapshot? snapshot;

    sealed record Loaded(OrganisationHistory History, long Rows, long HourRows);

    sealed record Snapshot(OrganisationHistory Of, SupportOrganisation Organisation, Instant Until);

    public OrganisationBook(EventStore store, TimeProvider time) => (this.store, this.time) = (store, time);

    OrganisationBook(OrganisationHistory history) => (time, loaded) = (TimeProvider.System, new(history, 0, 0));

    /// <summary>One that never changes.</summary>
    public static OrganisationBook Of(SupportOrganisation organisation) => Of(OrganisationHistory.Of(organisation));

    /// <summary>One whose history is all told.</summary>
    public static OrganisationBook Of(OrganisationHistory history) => new(history);

    public OrganisationHistory History => loaded.History;

    /// <summary>How many definitions it holds: it grows with every change.</summary>
    public long Rows => loaded.Rows;

    /// <summary>How many of these opening hours depend on: a team or a rule that changes moves no clock.</summary>
    public long HourRows => loaded.HourRows;

    /// <summary>The organisation as it stands at this moment.</summary>
    public SupportOrganisation Now
    {
        get
        {
            var (history, now) = (History, Instant.FromDateTimeOffset(time.GetUtcNow()));
            if (snapshot is { } kept && ReferenceEquals(kept.Of, history) && now < kept.Until)
                return kept.Organisation;
            var made = new Snapshot(history, history.At(now), history.ChangeAfter(now));
            snapshot = made;
            return made.Organisation;
        }
    }

    const string LoadSql = "select type, data from organisation order by key, version";
    const string CountSql = "select count(*) from organisation";

    public async Task Load(CancellationToken ct)
    {
        await using var command = store!.DataSource.CreateCommand(LoadSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var (history, rows, hours) = (OrganisationHistory.Empty, 0L, 0L);
        for (; await row.ReadAsync(ct); rows++)
            if (OrganisationJson.Read(row.GetString(0).AsSpan(), System.Text.Encoding.UTF8.GetBytes(row.GetString(1))) is { } defined)
            {
                history = history.With(defined.Defined, Instant.FromDateTimeOffset(defined.From));
                hours += defined.Defined is Desk or Contract or CalendarDefinition ? 1 : 0;
            }
        loaded = new(history, rows, hours);
    }

    /// <summary>Loads it again when somebody has changed it.</summary>
    public async Task Refresh(CancellationToken ct)
    {
        await using var command = store!.DataSource.CreateCommand(CountSql);
        if ((long)(await command.ExecuteScalarAsync(ct))! != Rows)
            await Load(ct);
    }

    /// <summary>Loads it; where there is none yet, it becomes <paramref name="seed"/>. Several processes may do so at once.</summary>
    public async Task Ensure(SupportOrganisation seed, CancellationToken ct)
    {
        await Load(ct);
        if (Rows > 0)
            return;
        var now = time.Now();
        await Task.WhenAll(seed.Parts.Select(p => Append(OrganisationEvent.Of(p, now), ChainStart(p), now, Actor.System, null, ct)));
        await Load(ct);
    }

    /// <summary>A further version of one part, or the first one. It holds from <paramref name="from"/> on; the past stays as it was.</summary>
    /// <param name="from">Not before now; null: now.</param>
    /// <param name="expectedVersion">The version the change was thought out on; 0: there is none yet.</param>
    public async Task<Defining> Define(object definition, DateTimeOffset? from, long expectedVersion, Actor by, string? correlation, CancellationToken ct)
    {
        await Load(ct);
        var now = time.Now();
        var start = from ?? now;
        if (start < now)
            return new Defining.Refused(["A change holds from now on at the earliest: what was, stays."]);
        var key = OrganisationHistory.KeyOf(definition);
        var versions = History.Versions(key);
        if (versions.Count != expectedVersion)
            return new Defining.Stale(versions.Count);
        var at = Instant.FromDateTimeOffset(start);
        var then = History.With(definition, at).At(at);
        // What was at odds before is not held against this change: or nothing could be mended one part at a time.
        List<string> faults = [.. then.Faults().Except(History.At(at).Faults()), .. History.Untimely(definition, at)];
        if (definition is ContractHolder holder && then.FindContract(holder.Contract) is null)
            faults.Add($"There is no contract \"{holder.Contract}\".");
        if (faults.Count > 0)
            return new Defining.Refused(faults);
        var end = versions.Count == 0 ? ChainStart(definition) : await End(key, ct);
        var result = await Append(OrganisationEvent.Of(definition, start), end, now, by, correlation, ct);
        await Load(ct);
        return result is AppendResult.Appended done ? new Defining.Done(done.Version) : new Defining.Stale(History.Versions(key).Count);
    }

    const string EndSql = "select stream, version, digest from organisation where key = $1 order by version desc limit 1";

    async Task<ChainEnd> End(string key, CancellationToken ct)
    {
        await using var command = store!.DataSource.CreateCommand(EndSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new ChainEnd(row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
    }

    static ChainEnd ChainStart(object definition) => ChainEnd.Start(OrganisationJson.StreamOf(OrganisationHistory.KeyOf(definition)), OrganisationJson.StreamType);

    async Task<AppendResult> Append(OrganisationEvent e, ChainEnd end, DateTimeOffset now, Actor by, string? correlation, CancellationToken ct)
    {
        var draft = new EventDraft(
            Guid.CreateVersion7(now), OrganisationJson.Alias(e), $"{e.GetType().FullName}, {e.GetType().Assembly.GetName().Name}",
            OrganisationJson.Write(e), new EventMeta(by, now, now).ToHeaders());
        return await store!.Append(
            new Append
            {
                Stream = end.Stream, StreamType = OrganisationJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = correlation,
                Events = EventChain.Link(end, new Recording(now, correlation), [draft]),
                Change = new OrganisationChange(OrganisationHistory.KeyOf(e.Defined), e),
            }, ct);
    }
}
