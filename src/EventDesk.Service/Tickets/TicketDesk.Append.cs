using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Attachments;
using EventDesk.Service.Incidents;
using EventDesk.Service.Privacy;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tickets;

public sealed partial class TicketDesk
{
    /// <summary>So long a repetition of a request is recognised.</summary>
    static readonly TimeSpan RepliesKept = TimeSpan.FromHours(24);

    /// <summary>The stream's end a decision was made on.</summary>
    /// <param name="Key">What its texts are sealed under; null: nothing was sealed yet.</param>
    sealed record Draft(Guid Id, TicketEntry? Before, StreamKey? Key, Erasing? Erasing)
    {
        public Draft(TicketEntry before, StreamKey? key, Erasing? erasing) : this(before.Id, before, key, erasing) { }
        public static Draft Start(Guid id) => new(id, null, null, null);
        public ChainEnd End => Before is null ? ChainEnd.Start(Id, StreamType) : new ChainEnd(Id, Before.Version, Before.Digest);
    }

    /// <summary>The alias of ticket streams.</summary>
    public const string StreamType = "ticket";

    /// <summary>Who writes, under which grant, and for which line.</summary>
    readonly record struct By(Asker Who, Grant Grant, SupportLine? ActingAs);

    /// <summary>An append as it is sent, and the ticket as it stands when it was stored.</summary>
    sealed record Ready(Draft Draft, Append Append, TicketEntry After, SealScope Scope);

    async Task<AppendResult> Append(
        Draft draft, IReadOnlyList<Decided> decided, DateTimeOffset now, By by, RequestKey? request, Guid? created, CancellationToken ct)
    {
        var ready = Prepare(draft, decided, now, by, request, created);
        var result = await store.Append(ready.Append, ct);
        if (result is AppendResult.Appended)
            Keep(ready);
        return result;
    }

    Ready Prepare(Draft draft, IReadOnlyList<Decided> decided, DateTimeOffset now, By by, RequestKey? request, Guid? created, Append? with = null)
    {
        var who = by.Who;
        var actor = ActorOf(who, by.Grant);
        var scope = draft.Erasing is { } erasing ? new SealScope(draft.Id, erasing.NewKey) : new SealScope(draft.Id, draft.Key);
        var state = draft.Before?.Ticket ?? Ticket.None;
        var version = draft.Before?.Version ?? 0;
        var drafts = new EventDraft[decided.Count];
        List<ClockStep> steps = [];
        for (var i = 0; i < drafts.Length; i++)
        {
            var (e, rule) = decided[i];
            drafts[i] = new EventDraft(
                Guid.CreateVersion7(now), EventNames.Alias(e), EventNames.DotnetType(e), TicketCodec.Write(e, ++version, scope),
                new EventMeta(actor, now, now, rule, by.ActingAs).ToHeaders());
            var before = state;
            state = Ticket.Evolve(before, e, now, actor.IsStaff);
            if (ClockStep.Matters(before, state))
                steps.Add(new ClockStep(before, state, e, version, now, now, actor));
        }
        var recording = new Recording(now, who.CorrelationId, who.CausationId, actor.Id);
        var linked = EventChain.Link(draft.End, recording, drafts);
        var after = new TicketEntry(draft.Id, version, linked[^1].Digest, state, SubjectAfter(draft, drafts));
        var append = new Append
        {
            Stream = draft.Id,
            StreamType = StreamType,
            ExpectedVersion = draft.Before?.Version ?? 0,
            Events = linked,
            Recorded = now,
            CorrelationId = who.CorrelationId,
            CausationId = who.CausationId,
            UserName = actor.Id,
            NewKey = scope.MadeKey || draft.Erasing is not null ? scope.Key?.Wrapped(masters) : null,
            Erases = draft.Erasing?.Erasure(draft.Id),
            Idempotency = request is null
                ? null
                : new Idempotency(request.Key, request.Request, Replies.Store(draft.Id, state.Number, version, created), now + RepliesKept),
            Begins = decided.Select(d => d.Event).OfType<IncidentDeclared>().FirstOrDefault() is { } declared
                ? IncidentDesk.Begin(declared.Incident, state.Product, draft.Id, now, actor, who.CorrelationId)
                : null,
            With = with,
            Change = new TicketChange(draft.Before, after, organisation.History.Hours, steps),
        };
        return new(draft, append, after, scope);
    }

    void Keep(Ready stored)
    {
        if (stored.Draft.Erasing is not null)
            keys.Forget(stored.Draft.Id);
        else if (stored.Scope.MadeKey)
            keys.Keep(stored.Scope.Key!);
        recent.Keep(stored.After);
    }

    static ReadOnlyMemory<byte> SubjectAfter(Draft draft, EventDraft[] drafts) => drafts.Aggregate(
        draft.Before?.Subject ?? TicketEntry.SubjectOf(drafts[0].Data.Span), (subject, e) => Redactions.SubjectAfter(e.Type, e.Data, subject));
}

/// <summary>What an erasure takes out of a ticket beside the texts of its events.</summary>
/// <param name="NewKey">What the kept texts and files are sealed under; null: nothing is kept.</param>
/// <param name="KeptFiles">The attachments' bytes that stay, sealed anew; all others go.</param>
sealed record Erasing(StreamKey? NewKey, IReadOnlyList<KeptAttachment> KeptFiles)
{
    public Erasure Erasure(Guid ticket) => new(batch => AttachmentStore.Swap(ticket, KeptFiles, batch));
}
