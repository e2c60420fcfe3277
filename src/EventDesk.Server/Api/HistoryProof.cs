using System.Text.Json;
using EventDesk.Store;
using EventDesk.Store.Ledger;

namespace EventDesk.Server.Api;

/// <summary>What joins a ticket's events to the newest checkpoint: for each its leaf, where it stands, and the proof.</summary>
public sealed class HistoryProof
{
    readonly SignedCheckpoint? checkpoint;
    readonly Dictionary<long, (long Index, IReadOnlyList<byte[]> Proof)> leaves = [];

    HistoryProof(SignedCheckpoint? checkpoint) => this.checkpoint = checkpoint;

    /// <summary>Events that are younger than the checkpoint have no leaf yet.</summary>
    public static async Task<HistoryProof> Of(IReadOnlyList<StoredEvent> events, LedgerTables ledger, CancellationToken ct)
    {
        var proof = new HistoryProof(await ledger.Last(ct));
        if (proof.checkpoint is not { } last)
            return proof;
        var tree = ledger.Tree();
        foreach (var (seq, index) in await ledger.Places([.. events.Select(e => e.SeqId)], ct))
            if (index < last.Size)
                proof.leaves[seq] = (index, await tree.Inclusion(index, last.Size, ct));
        return proof;
    }

    public void WriteCheckpoint(Utf8JsonWriter json)
    {
        if (checkpoint is not null)
            json.WriteString("checkpoint"u8, checkpoint.Text);
    }

    public void WriteLeaf(Utf8JsonWriter json, StoredEvent e)
    {
        if (!leaves.TryGetValue(e.SeqId, out var leaf))
            return;
        json.WriteStartObject("leaf"u8);
        json.WriteNumber("index"u8, leaf.Index);
        json.WriteString("record"u8, e.Leaf().ToBytes());
        json.WriteStartArray("proof"u8);
        foreach (var hash in leaf.Proof)
            json.WriteBase64StringValue(hash);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
