using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Npgsql;

namespace EventDesk.Service.Privacy;

public sealed partial class TicketPrivacy
{
    /// <summary>How often another ticket's words are looked for anew when somebody writes on it at the same time.</summary>
    const int Attempts = 5;

    // Messages are not copied by a merge, but they are quoted. By the requester, since merged tickets are told by their state alone.
    const string MergedSql = """
        select id, state
        from ticket
        where customer in (select customer from ticket where id = any($1)) and state like '%"mergedInto":%'
        """;

    /// <summary>The tickets that were merged with this one, whichever into which; without itself.</summary>
    async Task<IReadOnlyList<Guid>> MergedWith(Guid ticket, Ticket state, CancellationToken ct)
    {
        List<Guid> group = [ticket];
        for (var up = state.MergedInto; up is { } into && !group.Contains(into.Value); up = (await desk.Find(into.Value, Asker.System, Operation.Redact, ct))?.Ticket.MergedInto)
            group.Add(into.Value);
        List<(Guid Id, Guid Into)> merged = [];
        await using (var command = store.DataSource.CreateCommand(MergedSql))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. group] });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                if (TicketEntry.ReadState(System.Text.Encoding.UTF8.GetBytes(row.GetString(1))).MergedInto is { } into)
                    merged.Add((row.GetGuid(0), into.Value));
        }
        for (var i = 0; i < group.Count; i++)
            group.AddRange(merged.Where(m => m.Into == group[i] && !group.Contains(m.Id)).Select(m => m.Id).ToList());
        return [.. group.Where(id => id != ticket)];
    }

    /// <summary>Hides or erases the words on the tickets that were merged with this one.</summary>
    /// <returns>Null when it is done; else why nothing may be erased.</returns>
    async Task<Outcome?> OnMerged(TicketTexts texts, IReadOnlyList<string> words, Redaction asked, Asker who, CancellationToken ct)
    {
        if (words.Count == 0 || (asked.Erase && texts.Entry.Ticket.LegalHold)) // which is going to be refused as a whole
            return null;
        var others = await MergedWith(texts.Entry.Id, texts.Entry.Ticket, ct);
        if (asked.Erase)
            foreach (var other in others)
                if (await Found(other, words, ct) is var (held, _) && held.Entry.Ticket.LegalHold)
                    return new Outcome.Refused("legal_hold", $"Ticket #{held.Entry.Ticket.Number}, which it was merged with, is on legal hold: nothing of it may be forgotten.");
        // Hiding shows nothing, so it follows the words to desks the asker does not work for, in the asker's name.
        var wide = who with { Principal = who.Principal with { Desks = null, Lines = null } };
        foreach (var other in others)
            for (var attempt = 0; attempt < Attempts && await Found(other, words, ct) is var (there, places); attempt++)
            {
                var outcome = asked.Erase
                    ? await Erase(there, places, asked.Reason, null, wide, null, ct)
                    : await desk.Handle(other, Operation.Redact, new RedactPassages(places, there.Shown(places), asked.Reason, asked.Until), there.Entry.Version, wide, null, ct);
                if (outcome is not Outcome.Stale)
                    break;
            }
        return null;
    }

    /// <summary>Null when the words do not stand there, or nothing does any more.</summary>
    async Task<(TicketTexts Texts, IReadOnlyList<Passage> Places)?> Found(Guid ticket, IReadOnlyList<string> words, CancellationToken ct) =>
        await Texts(ticket, Asker.System, Operation.Redact, ct) is { Entry.Ticket.Status: not Status.Purged } texts
        && await texts.Places(words, [], files, ct) is { Count: > 0 } places ? (texts, places) : null;
}
