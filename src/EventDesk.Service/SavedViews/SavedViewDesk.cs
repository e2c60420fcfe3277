using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Reporting;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
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
public sealed class SavedViewDesk(EventStore store, TimeProvider clock)
{
    /// <summary>More than anybody finds their way in.</summary>
    const int MostOfOne = 100;

    const string Columns = "id, owner, name, shared, queue, desk, line, agent, version, digest";

    const string VisibleSql = $"select {Columns} from saved_view where not retired and (owner = $1 or shared) order by shared, lower(name), id";

    const string FindSql = $"select {Columns} from saved_view where id = $1 and not retired and (owner = $2 or shared)";

    const string CountSql = "select count(*) from saved_view where owner = $1 and not retired";

    /// <summary>One's own and the shared ones: the personal first, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> Visible(Principal to, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(VisibleSql).Add(NpgsqlDbType.Text, to.Id);
        return [.. (await Read(command, ct)).Select(r => r.View)];
    }

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    public async Task<SavedView?> Find(Guid id, Principal to, CancellationToken ct) => await End(id, to, ct) is var (view, _) ? view : null;

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
            return await Change(id, expectedVersion, grant, who, view => new SavedViewDefined(view.Owner, content), ct);
        await using (var command = store.DataSource.CreateCommand(CountSql).Add(NpgsqlDbType.Text, who.Principal.Id))
            if ((long)(await command.ExecuteScalarAsync(ct))! >= MostOfOne)
                return new Outcome.Refused("too_many_views", $"Nobody has more than {MostOfOne} views: retire one first.");
        return await Append(ChainEnd.Start(id, SavedViewJson.StreamType), new SavedViewDefined(who.Principal.Id, content), grant, who, ct);
    }

    /// <summary>Takes it out of every list.</summary>
    public async Task<Outcome> Retire(Guid id, long expectedVersion, Asker who, CancellationToken ct) =>
        Policy.Decide(who.Principal, Operation.ReadQueues) is { } grant
            ? await Change(id, expectedVersion, grant, who, _ => null, ct)
            : new Outcome.Forbidden("Your role may not do that.");

    async Task<Outcome> Change(Guid id, long expectedVersion, Grant grant, Asker who, Func<SavedView, SavedViewDefined?> after, CancellationToken ct)
    {
        if (await End(id, who.Principal, ct) is not var (view, end))
            return new Outcome.NotFound();
        if (!MayChange(view, who.Principal))
            return new Outcome.Forbidden("Coordinators and managers change shared views.");
        if (view.Version != expectedVersion)
            return new Outcome.Stale(view.Version, []);
        var defined = after(view);
        return defined is { } same && same.View == view.Content ? new Outcome.Done(id, 0, view.Version) : await Append(end, defined, grant, who, ct);
    }

    async Task<Outcome> Append(ChainEnd end, SavedViewDefined? defined, Grant grant, Asker who, CancellationToken ct)
    {
        var now = clock.Now();
        var headers = new EventMeta(new Actor(who.Principal.Id, grant.Role), now, now).ToHeaders();
        var draft = defined is null
            ? new EventDraft(Guid.CreateVersion7(now), SavedViewJson.Retired, SavedViewJson.RetiredClass, "{}"u8.ToArray(), headers)
            : new EventDraft(
                Guid.CreateVersion7(now), SavedViewJson.Defined, SavedViewJson.DefinedClass,
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(defined, SavedViewJson.Default.SavedViewDefined), headers);
        var append = new Append
        {
            Stream = end.Stream, StreamType = SavedViewJson.StreamType, ExpectedVersion = end.Version, Recorded = now, CorrelationId = who.CorrelationId,
            Events = EventChain.Link(end, new Recording(now, who.CorrelationId), [draft]), Change = new SavedViewChange(defined),
        };
        return await store.Append(append, ct) switch
        {
            AppendResult.Appended a => new Outcome.Done(end.Stream, 0, a.Version),
            AppendResult.Conflict c => new Outcome.Stale(c.ActualVersion, []),
            var other => throw new InvalidOperationException($"Unknown end of an append: {other}."),
        };
    }

    async Task<(SavedView View, ChainEnd End)?> End(Guid id, Principal to, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(FindSql).Add(NpgsqlDbType.Uuid, id).Add(NpgsqlDbType.Text, to.Id);
        return await Read(command, ct) is [var found] ? found : null;
    }

    static async Task<List<(SavedView View, ChainEnd End)>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        List<(SavedView, ChainEnd)> found = [];
        while (await row.ReadAsync(ct))
        {
            var content = new ViewContent(
                row.GetString(2), row.GetBoolean(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : (SupportLine)row.GetInt16(6),
                row.IsDBNull(7) ? null : row.GetString(7));
            found.Add((new(row.GetGuid(0), row.GetString(1), content, row.GetInt64(8)), new(row.GetGuid(0), row.GetInt64(8), row.GetFieldValue<byte[]>(9))));
        }
        return found;
    }
}
