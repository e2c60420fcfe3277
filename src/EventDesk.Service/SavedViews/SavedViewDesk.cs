using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.SavedViews;

/// <summary>A view as it stands.</summary>
/// <param name="Owner">Handle of who made it.</param>
public sealed record SavedView(Guid Id, string Owner, ViewContent Content, long Version);

/// <summary>
/// Saves views, finds and retires them. A personal one is its owner's alone, and to everybody else there is none; a shared one is everybody's to look at, and those
/// who share views change it.
/// </summary>
public sealed class SavedViewDesk(EventStore store, StreamKeys keys, MasterKeys masters, TimeProvider clock)
{
    /// <summary>More than anybody finds their way in.</summary>
    const int MostOfOne = 100;

    const string Columns = """
        select v.id, v.owner, v.name, v.name_version, v.shared, v.queue, v.desk, v.line, v.agent, v.version, v.digest, k.master_id, k.wrapped
        from saved_view v left join stream_key k on k.stream_id = v.id

        """;

    const string VisibleSql = Columns + "where not v.retired and (v.owner = $1 or v.shared)";

    const string FindSql = Columns + "where v.id = $1 and not v.retired and (v.owner = $2 or v.shared)";

    const string CountSql = "select count(*) from saved_view where owner = $1 and not retired";

    /// <summary>One's own and the shared ones: the personal first, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> Visible(Principal to, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(VisibleSql).Add(NpgsqlDbType.Text, to.Id);
        return [.. (await Read(command, ct)).Select(r => r.View).OrderBy(v => v.Content.Shared).ThenBy(v => v.Content.Name.ToLowerInvariant(), StringComparer.Ordinal).ThenBy(v => v.Id)];
    }

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    public async Task<SavedView?> Find(Guid id, Principal to, CancellationToken ct) => (await Load(id, to, ct))?.View;

    /// <summary>May change the view, or retire it.</summary>
    public static bool MayChange(SavedView view, Principal who) => view.Content.Shared ? Policy.Decide(who, Operation.ShareViews) is not null : view.Owner == who.Id;

    /// <summary>Makes a view, or a further version of it.</summary>
    /// <param name="expectedVersion">The version that was seen; 0: there is none yet.</param>
    public async Task<Outcome> Save(Guid id, ViewContent content, long expectedVersion, Asker who, CancellationToken ct)
    {
        if (Policy.Decide(who.Principal, Operation.ReadQueues) is not { } grant)
            return new Outcome.Forbidden("Your role may not do that.");
        if (content.Shared && Policy.Decide(who.Principal, Operation.ShareViews) is null)
            return new Outcome.Forbidden("Coordinators and managers share views.");
        if (expectedVersion > 0)
            return await Change(id, expectedVersion, grant, who, content, ct);
        await using (var command = store.DataSource.CreateCommand(CountSql).Add(NpgsqlDbType.Text, who.Principal.Id))
            if ((long)(await command.ExecuteScalarAsync(ct))! >= MostOfOne)
                return new Outcome.Refused("too_many_views", $"Nobody has more than {MostOfOne} views: retire one first.");
        return await Append(ChainEnd.Start(id, SavedViewJson.StreamType), null, new SavedViewDefined(who.Principal.Id, StoredView.Of(content)), grant, who, ct);
    }

    /// <summary>Takes it out of every list.</summary>
    public async Task<Outcome> Retire(Guid id, long expectedVersion, Asker who, CancellationToken ct) =>
        Policy.Decide(who.Principal, Operation.ReadQueues) is { } grant
            ? await Change(id, expectedVersion, grant, who, null, ct)
            : new Outcome.Forbidden("Your role may not do that.");

    /// <param name="content">What it is from now on; null: it is retired.</param>
    async Task<Outcome> Change(Guid id, long expectedVersion, Grant grant, Asker who, ViewContent? content, CancellationToken ct)
    {
        if (await Load(id, who.Principal, ct) is not { } loaded)
            return new Outcome.NotFound();
        var view = loaded.View;
        if (!MayChange(view, who.Principal))
            return new Outcome.Forbidden("Coordinators and managers change shared views.");
        if (view.Version != expectedVersion)
            return new Outcome.Stale(view.Version, []);
        return content == view.Content
            ? new Outcome.Done(id, 0, view.Version)
            : await Append(loaded.End, loaded.Key, content is null ? null : new SavedViewDefined(view.Owner, StoredView.Of(content)), grant, who, ct);
    }

    async Task<Outcome> Append(ChainEnd end, StreamKey? key, SavedViewDefined? defined, Grant grant, Asker who, CancellationToken ct)
    {
        var now = clock.Now();
        var headers = new EventMeta(new Actor(who.Principal.Id, grant.Role), now, now).ToHeaders();
        var scope = new SealScope(end.Stream, key);
        var data = defined is null ? "{}"u8.ToArray() : SavedViewJson.Write(defined, end.Version + 1, scope);
        var draft = defined is null
            ? new EventDraft(Guid.CreateVersion7(now), SavedViewJson.Retired, SavedViewJson.RetiredClass, data, headers)
            : new EventDraft(Guid.CreateVersion7(now), SavedViewJson.Defined, SavedViewJson.DefinedClass, data, headers);
        var append = new Append
        {
            Stream = end.Stream, StreamType = SavedViewJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = who.CorrelationId,
            Events = EventChain.Link(end, new Recording(now, who.CorrelationId), [draft]), NewKey = scope.MadeKey ? scope.Key!.Wrapped(masters) : null,
            Change = new SavedViewChange(defined, defined is null ? "" : SavedViewJson.NameIn(data)),
        };
        return await store.Append(append, ct) switch
        {
            AppendResult.Appended a => new Outcome.Done(end.Stream, 0, a.Version),
            AppendResult.Conflict c => new Outcome.Stale(c.ActualVersion, []),
            var other => throw new InvalidOperationException($"Unknown end of an append: {other}."),
        };
    }

    sealed record Loaded(SavedView View, ChainEnd End, StreamKey? Key);

    async Task<Loaded?> Load(Guid id, Principal to, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(FindSql).Add(NpgsqlDbType.Uuid, id).Add(NpgsqlDbType.Text, to.Id);
        return await Read(command, ct) is [var found] ? found : null;
    }

    async Task<List<Loaded>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Loaded> found = [];
        while (await row.ReadAsync(ct))
        {
            var (id, version) = (row.GetGuid(0), row.GetInt64(9));
            var key = row.IsDBNull(11) ? null : keys.Open(id, new WrappedKey(row.GetInt32(11), row.GetFieldValue<byte[]>(12)));
            var content = new ViewContent(
                SavedViewJson.ReadName(row.GetString(2), row.GetInt64(3), new SealScope(id, key)).Text ?? "", row.GetBoolean(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6),
                row.IsDBNull(7) ? null : (SupportLine)row.GetInt16(7), row.IsDBNull(8) ? null : row.GetString(8));
            found.Add(new(new(id, row.GetString(1), content, version), new(id, version, row.GetFieldValue<byte[]>(10)), key));
        }
        return found;
    }
}
