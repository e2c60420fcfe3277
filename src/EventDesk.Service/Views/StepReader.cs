using System.Text.Json;
using EventDesk.Domain.Access;
using EventDesk.Store;

namespace EventDesk.Service.Views;

/// <summary>Reads stored events as <see cref="Step"/>s, straight from their UTF-8. Not for several threads.</summary>
internal sealed class StepReader
{
    static readonly Dictionary<string, StepKind> Kinds = new(StringComparer.Ordinal)
    {
        ["ticket_opened"] = StepKind.Opened,
        ["confirmation_issued"] = StepKind.Confirmed,
        ["customer_message_received"] = StepKind.CustomerMessage,
        ["reply_sent"] = StepKind.Reply,
        ["attachment_added"] = StepKind.Attachment,
        ["ticket_triaged"] = StepKind.Triaged,
        ["ticket_assigned"] = StepKind.Assigned,
        ["ticket_unassigned"] = StepKind.Unassigned,
        ["ticket_transferred"] = StepKind.Transferred,
        ["ticket_moved"] = StepKind.Moved,
        ["severity_changed"] = StepKind.SeverityChanged,
        ["ticket_escalated"] = StepKind.Escalated,
        ["ticket_de_escalated"] = StepKind.DeEscalated,
        ["management_escalated"] = StepKind.ManagementEscalated,
        ["waiting_started"] = StepKind.WaitingStarted,
        ["waiting_ended"] = StepKind.WaitingEnded,
        ["ticket_resolved"] = StepKind.Resolved,
        ["ticket_reopened"] = StepKind.Reopened,
        ["ticket_closed"] = StepKind.Closed,
        ["feedback_given"] = StepKind.Feedback,
        ["feedback_reviewed"] = StepKind.FeedbackReviewed,
        ["ticket_merged"] = StepKind.Merged,
        ["ticket_unmerged"] = StepKind.Unmerged,
        ["ticket_purged"] = StepKind.Purged,
        ["callback_reached"] = StepKind.CalledBack,
        ["sla_target_set"] = StepKind.TargetSet,
        ["passage_redacted"] = StepKind.Administrative,
        ["passages_erased"] = StepKind.Administrative,
        ["original_revealed"] = StepKind.Administrative,
        ["reveal_requested"] = StepKind.Administrative,
        ["reveal_approved"] = StepKind.Administrative,
        ["legal_hold_placed"] = StepKind.Administrative,
        ["legal_hold_lifted"] = StepKind.Administrative,
        ["ticket_anonymised"] = StepKind.Administrative,
        ["ticket_expiry_set"] = StepKind.Administrative,
    };

    readonly Utf8Names names = new();
    readonly Step step = new();

    public Step Read(in FoldedEvent e) =>
        Read(e.Stream, e.Id, e.SeqId, e.Version, names.Get(e.Type), e.Timestamp, e.Data, e.Headers);

    public Step Read(StoredEvent e) =>
        Read(e.Stream, e.Id, e.SeqId, e.Version, e.Type, e.Timestamp, e.Data.Span, e.Headers.Span);

    Step Read(
        Guid stream, Guid id, long seqId, long version, string type, DateTimeOffset recorded, ReadOnlySpan<byte> data, ReadOnlySpan<byte> headers)
    {
        step.Clear();
        step.Ticket = stream;
        step.Id = id;
        step.SeqId = seqId;
        step.Version = version;
        step.Type = type;
        step.Kind = Kinds.GetValueOrDefault(type);
        step.At = step.Recorded = recorded.UtcDateTime;
        if (!headers.IsEmpty) ReadHeaders(headers);
        if (HasContent(step.Kind) && !data.IsEmpty) ReadContent(data);
        step.Imported = step.StartsRow || step.Activity is not null || step.State is not null || step.Source is not null;
        return step;
    }

    static bool HasContent(StepKind kind) => kind is not (
        StepKind.Other or StepKind.Confirmed or StepKind.CustomerMessage or StepKind.Unassigned or StepKind.ManagementEscalated
        or StepKind.WaitingEnded or StepKind.Reopened or StepKind.Closed or StepKind.Merged or StepKind.Unmerged or StepKind.Purged
        or StepKind.CalledBack or StepKind.Administrative);

    void ReadHeaders(ReadOnlySpan<byte> headers)
    {
        var json = new Utf8JsonReader(headers);
        ReadOnlySpan<byte> actor = default;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            if (name.SequenceEqual("digest"u8)) json.Skip();
            else if (name.SequenceEqual("role"u8)) { json.Read(); step.Role = Names.Role(json.ValueSpan); }
            else if (name.SequenceEqual("actor"u8)) { json.Read(); actor = json.ValueSpan; }
            else if (name.SequenceEqual("occurred"u8)) { json.Read(); step.At = Time(ref json) ?? step.At; }
            else if (name.SequenceEqual("activity"u8)) { json.Read(); step.Activity = Text(ref json); }
            else if (name.SequenceEqual("state"u8)) { json.Read(); step.State = Text(ref json); }
            else if (name.SequenceEqual("row"u8)) { step.StartsRow = true; json.Skip(); }
            else if (name.SequenceEqual("actingAs"u8)) { json.Read(); step.ActingAsFirstLine = json.ValueTextEquals("L1"u8); }
            else json.Skip();
        }
        if (step.Role != Role.Customer && !actor.IsEmpty) step.Actor = names.Get(actor);
    }

    void ReadContent(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (name.SequenceEqual("comment"u8)) step.HasComment = true;
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.String) Word(name, ref json);
            else if (json.TokenType == JsonTokenType.Number) Number(name, ref json);
            else if (json.TokenType == JsonTokenType.True) Flag(name);
        }
    }

    void Word(ReadOnlySpan<byte> name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case var _ when name.SequenceEqual("line"u8): step.Line = Names.Line(json.ValueSpan); break;
            case var _ when name.SequenceEqual("to"u8):
                if (step.Kind == StepKind.SeverityChanged) step.Severity = Names.Severity(json.ValueSpan);
                else step.Line = Names.Line(json.ValueSpan);
                break;
            case var _ when name.SequenceEqual("team"u8): step.Team = Text(ref json); break;
            case var _ when name.SequenceEqual("agent"u8): step.Agent = Text(ref json); break;
            case var _ when name.SequenceEqual("severity"u8): step.Severity = Names.Severity(json.ValueSpan); break;
            case var _ when name.SequenceEqual("reason"u8): step.Reason = Names.Reason(json.ValueSpan); break;
            case var _ when name.SequenceEqual("until"u8): step.Until = Time(ref json) ?? default; break;
            case var _ when name.SequenceEqual("how"u8): step.How = Names.How(json.ValueSpan); break;
            case var _ when name.SequenceEqual("scale"u8): step.Scale = Text(ref json); break;
            case var _ when name.SequenceEqual("category"u8): step.Category = Text(ref json); break;
            case var _ when name.SequenceEqual("contract"u8): step.Contract = Text(ref json); break;
            case var _ when name.SequenceEqual("product"u8): step.Product = Text(ref json); break;
            case var _ when name.SequenceEqual("language"u8): step.Language = Text(ref json); break;
            case var _ when name.SequenceEqual("source"u8): step.Source = Text(ref json); break;
            case var _ when name.SequenceEqual("channel"u8): step.Channel = Names.Channel(json.ValueSpan); break;
        }
    }

    void Number(ReadOnlySpan<byte> name, ref Utf8JsonReader json)
    {
        if (name.SequenceEqual("number"u8)) step.Number = json.GetInt64();
        else if (name.SequenceEqual("cycle"u8)) step.Cycle = json.GetInt32();
        else if (name.SequenceEqual("rating"u8)) step.Rating = json.GetInt32();
    }

    void Flag(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("triage"u8)) step.Triage = true;
        else if (name.SequenceEqual("automated"u8)) step.Automated = true;
        else if (name.SequenceEqual("internal"u8)) step.Internal = true;
    }

    string Text(ref Utf8JsonReader json) => json.ValueIsEscaped ? json.GetString()! : names.Get(json.ValueSpan);

    /// <summary>What is no time is left out: a fold never throws on old data.</summary>
    static DateTime? Time(ref Utf8JsonReader json) => json.TryGetDateTimeOffset(out var at) ? at.UtcDateTime : null;
}
