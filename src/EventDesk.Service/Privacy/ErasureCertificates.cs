using System.Globalization;
using System.Text;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;

namespace EventDesk.Service.Privacy;

/// <summary>
/// Says, signed with the ledger's key, what was erased of a ticket, when, by whom, that the key which opened it is destroyed, and where in the ledger the
/// event stands that did it. Made from what is stored whenever it is asked for; it holds no personal data.
/// </summary>
public sealed class ErasureCertificates(EventStore store, LedgerTables ledger)
{
    const string DestroyedSql = "select max(destroyed), count(*) filter (where destroyed is null) from erased_stream where stream_id = $1";

    /// <summary>The certificate of the last erasure of the ticket.</summary>
    /// <returns>Null when nothing was erased; an empty text while the key is not destroyed, or the event not in a signed tree.</returns>
    public async Task<string?> Of(History history, LedgerKeys keys, CancellationToken ct)
    {
        if (history.Events.LastOrDefault(e => e.Type is "ticket_purged" or "passages_erased") is not { } erasing)
            return null;
        if (await Destroyed(history.Entry.Id, ct) is not { } destroyed || await ledger.Last(ct) is not { } signed
            || !(await ledger.Places([erasing.SeqId], ct)).TryGetValue(erasing.SeqId, out var leaf) || leaf >= signed.Size)
            return "";
        var body = new StringBuilder();
        Write(body, history, erasing, destroyed, keys.Origin);
        var tree = ledger.Tree();
        Line(body, "leaf", leaf);
        Line(body, "leaf hash", Convert.ToBase64String(await tree.LeafHash(leaf, ct)));
        Line(body, "tree size", signed.Size);
        Line(body, "tree root", Convert.ToBase64String(signed.Checkpoint.Root.Span));
        foreach (var hash in await tree.Inclusion(leaf, signed.Size, ct))
            Line(body, "inclusion", Convert.ToBase64String(hash));
        return SignedNote.Sign(body.ToString(), keys.Signers);
    }

    static void Write(StringBuilder body, History history, StoredEvent erasing, DateTime destroyed, string origin)
    {
        var read = history.Read(erasing);
        body.Append("EventDesk certificate of erasure\n");
        Line(body, "ledger", origin);
        Line(body, "ticket", history.Entry.Id);
        Line(body, "number", history.Entry.Ticket.Number);
        Line(body, "what", read.Event switch
        {
            TicketPurged => "every text and file of the ticket, and whose it was",
            PassagesErased e => string.Create(CultureInfo.InvariantCulture, $"{e.Passages.Count} passages in {e.Passages.Select(p => (p.Version, p.Field)).Distinct().Count()} texts"),
            _ => "",
        });
        if (read.Event is TicketPurged purged)
        {
            Line(body, "certificate", purged.Certificate);
            Line(body, "reason", purged.Reason?.ToString() ?? "unknown");
        }
        Line(body, "by", $"{read.Meta.By.Id} ({read.Meta.By.Role})");
        if (read.Meta.Rule is { } rule)
            Line(body, "rule", string.Create(CultureInfo.InvariantCulture, $"{rule.Id} version {rule.Version}"));
        Line(body, "erased", read.Meta.Recorded.UtcDateTime.ToString("o", CultureInfo.InvariantCulture));
        Line(body, "key destroyed", destroyed.ToString("o", CultureInfo.InvariantCulture));
        Line(body, "event", string.Create(CultureInfo.InvariantCulture, $"version {erasing.Version}, seq_id {erasing.SeqId}"));
        var digest = new byte[Digests.Length];
        Digests.TryReadHeader(erasing.Headers.Span, digest);
        Line(body, "event digest", Convert.ToBase64String(digest));
    }

    static void Line(StringBuilder body, string name, object value) => body.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");

    async Task<DateTime?> Destroyed(Guid ticket, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(DestroyedSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = ticket });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && !row.IsDBNull(0) && row.GetInt64(1) == 0 ? row.GetDateTime(0) : null;
    }
}
