using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>A ticket's life, step by step.</summary>
static class HistoryPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/tickets/{ticket}/history", Show).For(Operation.ReadHistory);

    static async Task<IResult> Show(string ticket, HttpContext http, HistoryScreens screens, Viewers viewers, CancellationToken ct)
    {
        long? version = long.TryParse(http.Request.Query["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : null;
        return await screens.Read(ticket, version, http.Asker(), ct) is { } screen
            ? PageResults.Of<HistoryPage>(viewers.Of(http), nameof(HistoryPage.Screen), screen)
            : Problems.NoSuchTicket();
    }
}

/// <summary>Reads a ticket at one of its steps, from its events alone.</summary>
public sealed class HistoryScreens(TicketDesk desk, OrganisationBook organisation, TicketAccess access, LedgerTables ledger)
{
    /// <param name="version">The step to look at; null, or one that is not there: the last.</param>
    /// <returns>Null when there is no such ticket within reach.</returns>
    public async Task<HistoryScreen?> Read(string ticket, long? version, Asker asker, CancellationToken ct)
    {
        var mayProve = Policy.Decide(asker.Principal, Operation.ReadProof) is not null;
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.Replay(id, asker, Operation.ReadHistory, ct) is not var (_, events)
            || Policy.Decide(asker.Principal, Operation.ReadHistory) is { Reach.SeesInternal: false })
            return null;
        var at = Math.Clamp(version ?? events.Count, 1, events.Count);
        var before = events.Take((int)at - 1).Aggregate(Ticket.None, After);
        var step = events[(int)at - 1];
        var clocks = Policy.Decide(asker.Principal, Operation.ReadClocks) is null
            ? [] : TicketClocks.Explain(events.Take((int)at), step.Meta.Occurred, organisation.History.Hours);
        var readers = Policy.Decide(asker.Principal, Operation.ReadAccess) is null ? null : await access.Of(id, step.Meta.Occurred, asker, ct);
        return new(events, at, at == 1 ? null : before, After(before, step), clocks, mayProve ? await Prove([.. events.Take((int)at).Select(e => e.Stored)], ct) : null, readers);
    }

    static Ticket After(Ticket ticket, RecordedEvent e) => Ticket.Evolve(ticket, e.Event, e.Meta.Occurred, e.Meta.By.IsStaff);

    /// <summary>Computes anew what was stored, for the last of the events.</summary>
    async Task<StepProof> Prove(IReadOnlyList<StoredEvent> events, CancellationToken ct)
    {
        var step = events[^1];
        var digest = new byte[Digests.Length];
        Digests.TryReadHeader(step.Headers.Span, digest);
        var text = Convert.ToHexStringLower(digest);
        var holds = ChainHolds(events, TicketDesk.StreamType);
        if (await ledger.Last(ct) is not { } last || !(await ledger.Places([step.SeqId], ct)).TryGetValue(step.SeqId, out var place) || place >= last.Size)
            return new(text, holds, null, null, InTree: false);
        var proof = await ledger.Tree().Inclusion(place, last.Size, ct);
        return new(text, holds, place, last.Size, MerkleTree.VerifyInclusion(place, last.Size, step.Leaf().Hash(), proof, last.Checkpoint.Root.Span));
    }

    /// <param name="events">Of one stream, one after the other; when the first is not the stream's first, its own digest is taken as it stands.</param>
    internal static bool ChainHolds(IReadOnlyList<StoredEvent> events, string streamType)
    {
        var whole = events[0].Version == 1;
        var previous = ChainEnd.Start(events[0].Stream, streamType).Digest.ToArray();
        if (!whole && !Digests.TryReadHeader(events[0].Headers.Span, previous))
            return false;
        Span<byte> stored = stackalloc byte[Digests.Length], computed = stackalloc byte[Digests.Length];
        foreach (var e in events.Skip(whole ? 0 : 1))
        {
            EventChain.Digest(e, previous, computed);
            if (!Digests.TryReadHeader(e.Headers.Span, stored) || !stored.SequenceEqual(computed))
                return false;
            computed.CopyTo(previous);
        }
        return true;
    }
}
