using EventDesk.Domain;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Importing;

/// <summary>How a case of the file stands to what was imported before.</summary>
enum CaseKind
{
    /// <summary>Never imported.</summary>
    New,

    /// <summary>Imported by an earlier attempt of this very run.</summary>
    NewBefore,
    Same,

    /// <summary>The old rows are as they were, and more follow.</summary>
    Longer,
    Changed,
}

/// <param name="Append">What is to be stored; null when nothing is.</param>
/// <param name="Content">Digest over the facts of all rows.</param>
/// <param name="RowsImported">Rows of the case that this run brings.</param>
sealed record CaseOutcome(SourceCase Case, CaseKind Kind, Append? Append, ReadOnlyMemory<byte> Content, int RowsImported)
{
    public IReadOnlyList<string> UnknownStates { get; init; } = [];
    public IReadOnlyList<(string Field, string Value)> UnknownValues { get; init; } = [];
}

/// <summary>A ticket that was imported before, as it stands now.</summary>
sealed record StandingTicket(TicketEntry Entry, StreamKey? Key);

/// <summary>Makes appends of cases: tells them, seals what is personal, links the digests. The same case always gives the same bytes, sealed texts excepted.</summary>
sealed class CaseBuilder(Mapping mapping, ImportRun run, MasterKeys masters, Func<Guid, CancellationToken, Task<StandingTicket?>> load)
{
    readonly string source = mapping.File.Source;

    public async ValueTask<CaseOutcome> Build(SourceCase sourceCase, KnownCase known, CancellationToken ct)
    {
        var story = new Story(new CaseIdentity(source, sourceCase.Id, known.Number, o => RequesterOf(o, sourceCase.Id)), run.Recorded);
        var digest = new FactsDigest(text => masters.Pseudonym("import-text", text));
        List<string> unknownStates = [];
        List<(string, string)> unknownValues = [];
        var (oldContent, oldEvents) = (ReadOnlyMemory<byte>.Empty, 0);
        for (var i = 0; i < sourceCase.Rows.Count; i++)
        {
            var facts = mapping.Read(sourceCase.Rows[i], i == 0 ? null : sourceCase.Rows[i - 1], (field, value) => unknownValues.Add((field, value)));
            if (!facts.Known && mapping.File.Rules.Count > 0) unknownStates.Add(facts.State ?? facts.Activity ?? "(none)");
            story.Add(facts);
            digest.Add(facts);
            if (i + 1 == known.Rows) (oldContent, oldEvents) = (digest.Value, story.Events.Count);
        }
        var outcome = new CaseOutcome(sourceCase, CaseKind.Changed, null, digest.Value, 0) { UnknownStates = unknownStates, UnknownValues = unknownValues };
        if (known.Rows == 0)
            return outcome with { Kind = CaseKind.New, Append = Append(story, known, sourceCase.Id, 0, null), RowsImported = story.Rows };
        if (!oldContent.Span.SequenceEqual(known.Content) || oldEvents != known.Version)
            return outcome;
        if (known.Rows == story.Rows)
            return known.Run == run.Id ? outcome with { Kind = CaseKind.NewBefore, RowsImported = story.Rows } : outcome with { Kind = CaseKind.Same };
        return await load(known.Stream, ct) is { } standing && standing.Entry.Version == known.Version
            ? outcome with { Kind = CaseKind.Longer, Append = Append(story, known, sourceCase.Id, oldEvents, standing), RowsImported = story.Rows - known.Rows }
            : outcome;
    }

    Append Append(Story story, KnownCase known, string caseId, int from, StandingTicket? standing)
    {
        var scope = new SealScope(known.Stream, standing?.Key);
        var drafts = new EventDraft[story.Events.Count - from];
        for (var i = 0; i < drafts.Length; i++)
        {
            var (e, meta) = story.Events[from + i];
            var version = from + i + 1;
            drafts[i] = new EventDraft(
                ImportIds.Event(source, caseId, version, meta.Occurred), EventNames.Alias(e), EventNames.DotnetType(e),
                TicketCodec.Write(e, version, scope), meta.ToHeaders());
        }
        var end = standing is null
            ? ChainEnd.Start(known.Stream, TicketDesk.StreamType)
            : new ChainEnd(known.Stream, standing.Entry.Version, standing.Entry.Digest);
        var linked = EventChain.Link(end, new Recording(run.Recorded), drafts);
        var subject = standing?.Entry.Subject ?? TicketEntry.SubjectOf(drafts[0].Data.Span);
        return new Append
        {
            Stream = known.Stream,
            StreamType = TicketDesk.StreamType,
            ExpectedVersion = from,
            Events = linked,
            Recorded = run.Recorded,
            NewKey = scope.MadeKey ? scope.Key!.Wrapped(masters) : null,
            Change = new TicketChange(standing?.Entry, new TicketEntry(known.Stream, story.Events.Count, linked[^1].Digest, story.Ticket, subject), static _ => null, []),
        };
    }

    /// <summary>Who is known by an address is the person who writes from it; others are known inside their source, or not at all.</summary>
    CustomerId RequesterOf(Opening o, string caseId) => o.RequesterEmail is { } address
        ? TicketDesk.CustomerOf(masters, address)
        : new CustomerId(ImportIds.Requester(source, o.Requester is { } known ? $"requester\n{known}" : $"case\n{caseId}"));
}
