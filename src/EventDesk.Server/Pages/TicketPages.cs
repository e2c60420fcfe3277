using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Web;
using OwnTicketPage = EventDesk.Web.Pages.OwnTicketPage;
using TicketPage = EventDesk.Web.Pages.TicketPage;

namespace EventDesk.Server.Pages;

/// <summary>A ticket's own page.</summary>
static class TicketPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tickets/{ticket}", Show).For(Operation.ReadTicket);
        pages.MapGet("/tickets/{ticket}/clocks", Clocks).For(Operation.ReadClocks);
        pages.MapGet("/tickets/{ticket}/live", (string ticket, HttpContext http) => new LiveTicket(ticket)).For(Operation.ReadTicket);
    }

    static async Task<IResult> Show(string ticket, HttpContext http, TicketScreens screens, QueueLists queues, Viewers viewers, CancellationToken ct) =>
        await screens.Read(ticket, http.Asker(), null, ct, http.Request.Query["macro"].ToString()) is { } screen
            ? Of(screen with { GoOn = await GoOn.Of(screen, http, queues, ct) }, viewers.Of(http))
            : Problems.NoSuchTicket();

    static async Task<IResult> Clocks(string ticket, HttpContext http, TicketDesk desk, OrganisationBook organisation, Viewers viewers, TimeProvider clock, CancellationToken ct) =>
        await desk.Resolve(ticket, ct) is { } id && await desk.Replay(id, http.Asker(), Operation.ReadClocks, ct) is var (entry, events)
            ? PageResults.Of<Web.Pages.ClocksPage>(viewers.Of(http), nameof(Web.Pages.ClocksPage.Screen),
                new ClocksScreen(entry.Ticket.Number, TicketClocks.Explain(events, clock.GetUtcNow(), organisation.History.Hours)))
            : Problems.NoSuchTicket();

    /// <summary>The page of the desk, or the customer's own.</summary>
    public static IResult Of(TicketScreen screen, Viewer viewer, int status = StatusCodes.Status200OK) => screen.IsOwn
        ? PageResults.Of<OwnTicketPage>(viewer, nameof(OwnTicketPage.Screen), screen, status)
        : PageResults.Of<TicketPage>(viewer, nameof(TicketPage.Screen), screen, status);
}

/// <summary>Reads all that a ticket's page shows.</summary>
public sealed class TicketScreens(TicketDesk desk, OrganisationBook organisation, AgentChoices agents, Settings settings, TimeProvider clock)
{
    static readonly Operation[] All = Enum.GetValues<Operation>();

    /// <summary>No list is read that is longer; what is hidden makes room.</summary>
    const int MostFound = 20;

    /// <param name="ticket">Its number or id.</param>
    /// <param name="macro">The canned reply that is chosen; one that there is not counts as none.</param>
    /// <returns>Null when there is no such ticket within reach.</returns>
    public async Task<TicketScreen?> Read(string ticket, Asker asker, FormTrouble? trouble, CancellationToken ct, string? macro = null)
    {
        if (await desk.Resolve(ticket, ct) is not { } id || await desk.Replay(id, asker, Operation.ReadTicket, ct) is not var (entry, events))
            return null;
        var clocks = Policy.Decide(asker.Principal, Operation.ReadClocks) is null ? [] : TicketClocks.Explain(events, clock.GetUtcNow(), organisation.History.Hours);
        var subject = (events[0].Event as TicketOpened)?.Subject?.Text;
        var own = Policy.Decide(asker.Principal, Operation.ReadTicket) is { Reach.SeesInternal: false };
        var t = entry.Ticket;
        var allowed = Allowed(asker.Principal, entry);
        Guid[] named = own ? [.. new[] { t.MergedInto }.OfType<TicketId>().Select(other => other.Value)] : [.. events.Select(e => TicketScreen.OtherOf(e.Event)).OfType<TicketId>().Select(other => other.Value).Distinct()];
        return new(
            entry, subject, (events[0].Event as TicketOpened)?.Requester, Shown(events, own), clocks, allowed,
            [.. (organisation.Now.Teams ?? []).Where(t => !t.Retired && t.Desk == entry.Ticket.Desk.Value).Select(t => t.Id)], trouble, own)
        {
            Merged = await Merged(t, asker, own, ct),
            Agents = allowed.Contains(Operation.Assign) ? agents.Within(Policy.Decide(asker.Principal, Operation.Assign)!.Reach, t.Desk) : [],
            MostFileBytes = settings.MaxAttachmentBytes,
            Macros = own ? [] : Offered,
            Macro = own ? null : Chosen(trouble?.Values.GetValueOrDefault("macro") ?? macro, t, (events[0].Event as TicketOpened)?.Requester, asker.Principal),
            Found = t.Status is not Status.Purged && allowed.Contains(Operation.ReadHints) && allowed.Contains(Operation.Redact) ? Found(events) : null,
            Related = (await desk.Related(named, asker, ct)).ToDictionary(r => r.Id),
        };
    }

    static List<FoundPassage> Found(IReadOnlyList<RecordedEvent> events)
    {
        var found = TicketHints.InContext([.. events.Select(e => (e.Stored.Version, e.Event))], MostFound);
        return [.. found.Select(f => new FoundPassage(events.First(e => e.Stored.Version == f.Hint.Version), f.Hint, f.Excerpt))];
    }

    List<Macro> Offered => [.. (organisation.Now.Macros ?? []).Where(m => !m.Retired).OrderBy(m => m.Name, StringComparer.Ordinal)];

    ChosenMacro? Chosen(string? id, Ticket t, Requester? requester, Principal asker) => Offered.Find(m => m.Id == id) is { } macro
        ? new(macro, Macros.Text(macro, t, requester, asker.Id), ApplyMacro.Needs(macro.Steps).All(o => Policy.Decide(asker, o) is not null))
        : null;

    static IReadOnlyList<RecordedEvent> Shown(IReadOnlyList<RecordedEvent> events, bool own) => own ? [.. events.Where(e => Audience.IsPublic(e.Event))] : events;

    /// <summary>The messages stay where they were written; they are read where the ticket goes on.</summary>
    async Task<List<MergedTicket>> Merged(Ticket into, Asker asker, bool own, CancellationToken ct)
    {
        List<MergedTicket> merged = [];
        Queue<TicketId> next = new(into.Absorbed ?? []);
        while (next.TryDequeue(out var id) && merged.Count < TicketDesk.MostMerged)
            if (await desk.Replay(id.Value, asker, Operation.ReadTicket, ct) is var (entry, events))
            {
                merged.Add(new(entry.Ticket.Number, Shown(events, own)));
                foreach (var further in entry.Ticket.Absorbed ?? [])
                    next.Enqueue(further);
            }
        return merged;
    }

    /// <summary>What the asker may do to it. Acting as the first line outside its hours is left to the command, which knows the hour.</summary>
    HashSet<Operation> Allowed(Principal asker, TicketEntry entry) =>
        [.. All.Where(o => Policy.Decide(asker, o) is { } grant
            && (grant.Allows(o, entry.Scope) || (grant.Lines?.Contains(SupportLine.L2) == true && organisation.History.SecondLineActsAsFirst(entry.Ticket, clock.GetUtcNow()))))];
}
