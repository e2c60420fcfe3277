using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Attachments;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Privacy;

/// <summary>Everything that is written on one ticket, in its original words, with what of it is hidden.</summary>
/// <param name="Originals">By version and field.</param>
/// <param name="Files">Attachments by the version of the event that names them.</param>
sealed record TicketTexts(
    TicketEntry Entry, IReadOnlyDictionary<(long Version, string Field), string> Originals, IReadOnlyDictionary<long, AttachmentAdded> Files)
{
    /// <summary>Larger files are not searched for words.</summary>
    const int SearchedBytes = 1 << 20;

    public static TicketTexts Of(TicketEntry entry, IReadOnlyList<StoredEvent> events, StreamKey? key)
    {
        var standIns = Redactions.Originals(events);
        Dictionary<(long, string), string> texts = [];
        Dictionary<long, AttachmentAdded> files = [];
        foreach (var e in events)
        {
            if (key is not null)
                foreach (var text in SealedTexts.Of(e.Data, key, e.Version, standIns))
                    texts[(e.Version, text.Field)] = text.Text;
            if (e.Type == "attachment_added")
                files[e.Version] = (AttachmentAdded)TicketCodec.Read(e, null).Event;
        }
        return new(entry, texts, files);
    }

    IReadOnlyList<Mask> Masks => Entry.Ticket.Masks ?? [];

    /// <summary>The hidden passages of one text.</summary>
    public IEnumerable<Passage> HiddenIn(long version, string field) => Masks.Where(m => m.Passage.IsIn(version, field)).Select(m => m.Passage);

    /// <summary>A passage as the reader saw it, by its place in the original; null when there is no such text or it ends before.</summary>
    public Passage? Original(Passage shown)
    {
        if (shown.Field == Passage.Content)
            return Files.ContainsKey(shown.Version) ? shown with { Start = 0, Length = 0 } : null;
        if (!Originals.TryGetValue((shown.Version, shown.Field), out var text) || shown.Length < 1)
            return null;
        var (start, length) = Masking.ToOriginal(HiddenIn(shown.Version, shown.Field), shown.Start, shown.Length);
        return start + length <= Masking.Length(text) ? shown with { Start = start, Length = length } : null;
    }

    /// <summary>The words of these passages.</summary>
    public IReadOnlyList<string> Words(IEnumerable<Passage> passages) =>
        [.. passages.Where(p => p.Field != Passage.Content).Select(p => Masking.Read(Originals[(p.Version, p.Field)], p.Start, p.Length)).Distinct()];

    /// <summary>The same words wherever else they stand on the ticket and are not hidden yet: messages, quotes, names and contents of files.</summary>
    public Task<IReadOnlyList<Passage>> Elsewhere(IReadOnlyCollection<Passage> passages, AttachmentStore files, CancellationToken ct) => Places(Words(passages), passages, files, ct);

    /// <summary>Where these words stand and are not hidden yet.</summary>
    /// <param name="known">Passages not to be named again.</param>
    /// <remarks>
    /// Words that reach into a hidden passage are not found: whether they stand there would tell, letter by letter, what is hidden to somebody who guesses.
    /// </remarks>
    public async Task<IReadOnlyList<Passage>> Places(IReadOnlyList<string> words, IReadOnlyCollection<Passage> known, AttachmentStore files, CancellationToken ct)
    {
        List<Passage> found = [];
        foreach (var ((version, field), text) in Originals.OrderBy(t => t.Key.Version).ThenBy(t => t.Key.Field, StringComparer.Ordinal))
            foreach (var (start, length) in words.SelectMany(secret => Masking.Find(text, secret)))
                if (new Passage(version, field, start, length) is var place && !known.Concat(found).Any(p => Covers(p, place)) && !HiddenIn(version, field).Any(p => Overlap(p, place)))
                    found.Add(place);
        foreach (var (version, file) in Files)
            if (!known.Concat(HiddenIn(version, Passage.Content)).Any(p => p.IsIn(version, Passage.Content))
                && await Text(file, files, ct) is { } content && words.Any(secret => Masking.Find(content, secret).Any()))
                found.Add(new(version, Passage.Content, 0, 0));
        return found;
    }

    static bool Covers(Passage p, Passage place) => p.IsIn(place.Version, place.Field) && p.Start <= place.Start && place.Start + place.Length <= p.Start + p.Length;

    async Task<string?> Text(AttachmentAdded file, AttachmentStore files, CancellationToken ct)
    {
        var readable = file.MediaType.StartsWith("text/", StringComparison.Ordinal) || file.MediaType is "application/json" or "application/xml" or "message/rfc822";
        if (!readable || file.Bytes > SearchedBytes || await files.Open(Entry.Id, file.AttachmentId, ct) is not { } content)
            return null;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }

    /// <summary>The passages, and the files, that tell whose ticket it is.</summary>
    public async Task<IReadOnlyList<Passage>> Identifying(AttachmentStore files, CancellationToken ct)
    {
        var (name, email) = (Originals.GetValueOrDefault((1, "requester.name")), Originals.GetValueOrDefault((1, "requester.email")));
        List<Passage> found = [.. Identity.Find(Originals, name, email)];
        foreach (var (version, file) in Files)
            if (await Text(file, files, ct) is not { } content || Identity.Tells(content, name, email))
                found.Add(new(version, Passage.Content, 0, 0));
        return found;
    }

    /// <summary>What is shown of each text once these passages are hidden too.</summary>
    public IReadOnlyList<KeptText> Shown(IReadOnlyCollection<Passage> more) =>
        [.. more.Where(p => p.Field != Passage.Content).Select(p => (p.Version, p.Field)).Distinct().Select(t =>
            new KeptText(t.Version, t.Field, Masking.Hide(Originals[t], HiddenIn(t.Version, t.Field).Concat(more.Where(p => p.IsIn(t.Version, t.Field))))))];

    /// <summary>The command that takes these passages out; what overlaps with one of them and was hidden goes with it.</summary>
    public ErasePassages Without(IReadOnlyList<Passage> erased, SealedText reason, IReadOnlyList<KeptAttachment> files, RuleRef? rule)
    {
        List<KeptText> kept = [], shown = [];
        List<Mask> masks = [.. Masks.Where(m => m.Field == Passage.Content && !erased.Any(p => p.IsIn(m.Version, m.Field)))];
        foreach (var ((version, field), text) in Originals)
        {
            var here = erased.Where(p => p.IsIn(version, field)).ToList();
            var touched = Masks.Where(m => m.Passage.IsIn(version, field)).ToLookup(m => here.Exists(p => Overlap(p, m.Passage)));
            List<Passage> gone = [.. here, .. touched[true].Select(m => m.Passage)];
            var left = touched[false].Select(m => m with { Start = Masking.ToShown(gone, m.Start) }).ToList();
            var rest = Masking.Hide(text, gone);
            kept.Add(new(version, field, rest));
            if (left.Count > 0)
                shown.Add(new(version, field, Masking.Hide(rest, left.Select(m => m.Passage))));
            masks.AddRange(left);
        }
        return new(erased, reason, kept, shown, masks, files, rule);
    }

    static bool Overlap(Passage a, Passage b) => a.Start < b.Start + b.Length && b.Start < a.Start + a.Length;

    /// <summary>The attachments whose bytes stay when these passages go.</summary>
    public IEnumerable<Guid> FilesWithout(IReadOnlyCollection<Passage> erased) =>
        Files.Where(f => !erased.Any(p => p.IsIn(f.Key, Passage.Content))).Select(f => f.Value.AttachmentId);
}
