using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Attachments;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventDesk.Service.Privacy;

/// <summary>What is to be hidden or taken out.</summary>
/// <param name="Passages">By their place in the texts as they are shown.</param>
/// <param name="Everywhere">The same words go wherever else they stand on the ticket.</param>
/// <param name="Until">Hidden passages are erased then; null: never by themselves.</param>
/// <param name="Erase">Taken out for good at once instead of hidden.</param>
public sealed record Redaction(IReadOnlyList<Passage> Passages, string Reason, bool Everywhere, DateTimeOffset? Until, bool Erase)
{
    /// <summary>Instead of passages: wherever these words stand on the ticket.</summary>
    public string? Words { get; init; }
}

/// <summary>Hiding, revealing, erasing and purging: the commands that need the ticket's texts to be decided.</summary>
public sealed partial class TicketPrivacy(
    TicketDesk desk, EventStore store, MasterKeys masters, AttachmentStore files, SubjectCache subjects, OrganisationBook organisation, TimeProvider clock, ILogger<TicketPrivacy> log)
{
    static readonly RuleRef Expiry = new("redaction/expiry", 1);

    readonly KeyShredder shredder = new(store, masters);

    /// <summary>Where else the same words stand; null when there is no such ticket for the asker or no such passage.</summary>
    public async Task<IReadOnlyList<Passage>?> Elsewhere(Guid ticket, IReadOnlyList<Passage> passages, Asker who, CancellationToken ct)
    {
        if (await Texts(ticket, who, Operation.Redact, ct) is not { } texts || Originals(texts, passages) is not { } originals)
            return null;
        return [.. (await texts.Elsewhere(originals, files, ct)).Select(p => p with { Start = Masking.ToShown(texts.HiddenIn(p.Version, p.Field), p.Start) })];
    }

    /// <summary>Hides passages, or takes them out for good.</summary>
    public async Task<Outcome> Redact(Guid ticket, Redaction asked, long version, Asker who, RequestKey? key, CancellationToken ct)
    {
        var operation = asked.Erase ? Operation.Erase : Operation.Redact;
        if (Policy.Decide(who.Principal, operation) is null)
            return new Outcome.Forbidden("Your role may not do that.");
        if (await Texts(ticket, who, operation, ct) is not { } texts)
            return new Outcome.NotFound();
        if (texts.Entry.Version != version)
        {
            // Stale, or a repetition: the desk knows. When neither, only the clock has written since, and every text is as it was seen.
            var since = await desk.Handle(ticket, operation, new RedactPassages([], [], asked.Reason, null), version, who, key, ct);
            if (since is not Outcome.Done { Repeated: false })
                return since;
            version = texts.Entry.Version;
        }
        var words = asked.Words;
        if ((words is null ? Originals(texts, asked.Passages) : await texts.Places([words], [], files, ct)) is not { } passages)
            return new Outcome.Refused("no_such_passage", "One of the passages is not there: look at the texts as they are shown now.");
        if (words is not null && passages.Count == 0)
            return new Outcome.Refused("no_such_words", "These words stand nowhere on the ticket: write them exactly as they stand there. What is hidden already is not found.");
        if (asked.Everywhere)
        {
            // The other tickets come first: a repetition after a crash finds nothing left there, and does the rest.
            if (await OnMerged(texts, words is null ? texts.Words(passages) : [words], asked, who, ct) is { } refused)
                return refused;
            passages = [.. passages, .. await texts.Elsewhere(passages, files, ct)];
        }
        return asked.Erase
            ? await Erase(texts, passages, asked.Reason, null, who, key, ct)
            : await desk.Handle(ticket, operation, new RedactPassages(passages, texts.Shown(passages), asked.Reason, asked.Until), version, who, key, ct);
    }

    /// <summary>Takes out what was hidden until now.</summary>
    /// <returns>True when something was due.</returns>
    public async Task<bool> EraseExpired(Guid ticket, CancellationToken ct)
    {
        if (await Texts(ticket, Asker.System, Operation.Erase, ct) is not { } texts)
            return false;
        var due = texts.Entry.Ticket.Masks?.Where(m => m.Until <= clock.GetUtcNow()).Select(m => m.Passage).ToList();
        return due is { Count: > 0 } && await Erase(texts, due, "The time for which it was hidden has passed.", Expiry, Asker.System, null, ct) is Outcome.Done;
    }

    async Task<Outcome> Erase(
        TicketTexts texts, IReadOnlyList<Passage> passages, string reason, RuleRef? rule, Asker who, RequestKey? key, CancellationToken ct) =>
        await Shred(texts.Entry.Id, await Erase(texts, passages, reason, rule, static erase => erase, who, key, ct), ct);

    /// <param name="command">What is made of the erasure.</param>
    async Task<Outcome> Erase(
        TicketTexts texts, IReadOnlyList<Passage> passages, string reason, RuleRef? rule, Func<ErasePassages, TicketCommand> command, Asker who, RequestKey? key,
        CancellationToken ct)
    {
        var ticket = texts.Entry.Id;
        if (texts.Entry.Ticket.LegalHold) // before the files are sealed anew for nothing
            return await desk.Handle(ticket, Operation.Erase, command(new ErasePassages(passages, reason, [], [], [], [])), texts.Entry.Version, who, key, ct);
        using var fresh = StreamKey.Create(ticket);
        List<KeptAttachment> kept = [];
        foreach (var file in texts.FilesWithout(passages))
            if (await files.Reseal(ticket, file, fresh, ct) is { } resealed) // null: erased before
                kept.Add(resealed);
        var outcome = await desk.Handle(
            ticket, Operation.Erase, command(texts.Without(passages, reason, kept, rule)), texts.Entry.Version, who, key, new Erasing(fresh, kept), ct);
        if (outcome is not Outcome.Done { Repeated: false })
            foreach (var file in kept)
                await files.Remove(file.Content);
        return outcome;
    }

    /// <summary>
    /// Takes out who it was: the requester's name and address wherever they stand, what else tells a person apart, and the tie to the customer. Files go
    /// that hold such words, or cannot be searched for them. <see cref="ShredAll"/> has to be called afterwards.
    /// </summary>
    /// <param name="version">The version the decision was made on.</param>
    internal async Task<Outcome> Anonymise(Guid ticket, RuleRef rule, long version, Asker who, CancellationToken ct)
    {
        if (await Texts(ticket, who, Operation.Erase, ct) is not { } texts)
            return new Outcome.NotFound();
        if (texts.Entry.Version != version)
            return new Outcome.Stale(texts.Entry.Version, []);
        if (texts.Entry.Ticket is { LegalHold: true } or { Status: Status.Open or Status.Purged } or { Anonymised: true }) // it will be refused, or is so already
            return await desk.Handle(ticket, Operation.Erase, new AnonymiseTicket(new ErasePassages([], "", [], [], [], [])), version, who, null, ct);
        var outcome = await Erase(texts, await texts.Identifying(files, ct), "Whose it was is forgotten.", rule, static erase => new AnonymiseTicket(erase), who, null, ct);
        await Forget(ticket, outcome, ct);
        return outcome;
    }

    /// <summary>One look at the original of a text; where a second person has to agree, it is asked for first.</summary>
    /// <returns>How the command ended, the text when it was shown, and whether another person is waited for.</returns>
    public async Task<(Outcome Outcome, string? Text, bool Waits)> Reveal(Guid ticket, long textVersion, string field, string reason, long version, Asker who, CancellationToken ct)
    {
        var outcome = await desk.Handle(
            ticket, Operation.Reveal, new RevealOriginal(textVersion, field, reason, organisation.Now.Privacy?.RevealNeedsSecondPerson == true), version, who, null, ct);
        if (outcome is not Outcome.Done done || await desk.History(ticket, who, Operation.Reveal, ct) is not { } history)
            return (outcome, null, false);
        // By somebody else there is none among these: it would have made this one stale.
        if (!history.Events.Any(e => e.Version > version && e.Version <= done.Version && e.Type == "original_revealed"))
            return (outcome, null, true);
        return (outcome, TicketTexts.Of(history.Entry, history.Events, history.Key).Originals.GetValueOrDefault((textVersion, field)), false);
    }

    /// <summary>Who revealed a file may download it so long.</summary>
    static readonly TimeSpan LookLasts = TimeSpan.FromMinutes(10);

    /// <summary>The files, by the version of the event that names them, that are hidden from someone now.</summary>
    /// <param name="asker">Who revealed a file a moment ago sees it, while they have the right to.</param>
    public static IReadOnlySet<long> HiddenFiles(History history, Principal asker, DateTimeOffset now) =>
        history.Entry.Ticket.Masks is not { } masks ? new HashSet<long>() : masks.Where(m => m.Field == Passage.Content).Select(m => m.Version)
            .Except(from e in history.Events
                    where e.Type == "original_revealed" && e.UserName == asker.Id && e.Timestamp > now - LookLasts && Policy.Decide(asker, Operation.Reveal) is not null
                    select ((OriginalRevealed)history.Read(e).Event).MessageVersion)
            .ToHashSet();

    /// <summary>Everything that is written on the ticket goes for good.</summary>
    public async Task<Outcome> Purge(Guid ticket, PurgeReason reason, RuleRef? rule, long? version, Asker who, RequestKey? key, CancellationToken ct)
    {
        return await Shred(ticket, await PurgeOnly(ticket, reason, rule, version, who, key, ct), ct);
    }

    /// <summary>The same without destroying the key's master at once: <see cref="ShredAll"/> does so for many tickets together.</summary>
    internal async Task<Outcome> PurgeOnly(Guid ticket, PurgeReason reason, RuleRef? rule, long? version, Asker who, RequestKey? key, CancellationToken ct)
    {
        var command = new PurgeTicket(reason, Guid.CreateVersion7(clock.GetUtcNow()), rule);
        var outcome = await desk.Handle(ticket, Operation.Purge, command, version, who, key, new Erasing(null, []), ct);
        await Forget(ticket, outcome, ct);
        await ForgetWords(ticket, outcome, ct);
        return outcome;
    }

    async Task Forget(Guid ticket, Outcome outcome, CancellationToken ct)
    {
        if (outcome is not Outcome.Done)
            return;
        subjects.Forget(ticket);
        await ForgetReplies(ticket, ct);
    }

    const string WordsSql = "delete from search_entry where number = (select number from ticket where id = $1)";

    /// <summary>Of a purged ticket nothing waits for the search to read on.</summary>
    async Task ForgetWords(Guid ticket, Outcome outcome, CancellationToken ct)
    {
        if (outcome is not Outcome.Done)
            return;
        await using var command = store.DataSource.CreateCommand(WordsSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        await command.ExecuteNonQueryAsync(ct);
    }

    const string RepliesSql = "delete from idempotency where substring(reply from 1 for 16) = $1";

    /// <summary>The hashes of requests that were made of the ticket could be compared with guesses.</summary>
    async Task ForgetReplies(Guid ticket, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(RepliesSql);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = ticket.ToByteArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What the database has forgotten is made unreadable in its copies too; if not now, the job does it.</summary>
    async Task<Outcome> Shred(Guid ticket, Outcome outcome, CancellationToken ct)
    {
        if (outcome is not Outcome.Done)
            return outcome;
        subjects.Forget(ticket);
        await ShredAll(ct);
        return outcome;
    }

    /// <summary>What the database has forgotten of any ticket or person is made unreadable in its copies too; if not now, the job does it.</summary>
    internal async Task ShredAll(CancellationToken ct)
    {
        try
        {
            await shredder.Run(ct);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or KeyFileException)
        {
            Later(log, e);
        }
    }

    async Task<TicketTexts?> Texts(Guid ticket, Asker who, Operation operation, CancellationToken ct) =>
        await desk.History(ticket, who, operation, ct) is { } history ? TicketTexts.Of(history.Entry, history.Events, history.Key) : null;

    static List<Passage>? Originals(TicketTexts texts, IReadOnlyList<Passage> shown)
    {
        var originals = shown.Select(texts.Original).OfType<Passage>().ToList();
        return originals.Count == shown.Count ? originals : null;
    }

    [LoggerMessage(1, LogLevel.Warning, "Master keys of erased texts could not be destroyed at once; it is tried again")]
    static partial void Later(ILogger log, Exception e);
}
