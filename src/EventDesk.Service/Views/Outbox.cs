using EventDesk.Domain.Access;
using EventDesk.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// What customers are to be told: the confirmation of receipt and every public change that is not their own doing. One row per
/// event, so delivering twice can be noticed by its id; no text and no address, those are read and unsealed at delivery.
/// What has been delivered is not kept here: a view can be built anew, a mail cannot be unsent.
/// </summary>
public sealed class Outbox : FollowedView
{
    internal sealed class Notice
    {
        public Guid Id, Ticket;
        public long SeqId, Version;
        public string Kind = "", Type = "";
        public DateTime Recorded;
    }

    static readonly RowTable<Notice> Rows = new("outbox", "id",
        Column<Notice>.Id("id", n => n.Id, (n, v) => n.Id = v),
        Column<Notice>.Long("seq_id", n => n.SeqId, (n, v) => n.SeqId = v),
        Column<Notice>.Id("ticket", n => n.Ticket, (n, v) => n.Ticket = v),
        Column<Notice>.Long("version", n => n.Version, (n, v) => n.Version = v),
        Column<Notice>.Text("kind", n => n.Kind, (n, v) => n.Kind = v ?? ""),
        Column<Notice>.Text("type", n => n.Type, (n, v) => n.Type = v ?? ""),
        Column<Notice>.Of("recorded", "timestamptz", NpgsqlDbType.TimestampTz, true, n => n.Recorded, (n, v) => n.Recorded = v));

    public override string Name => "Outbox";

    public override IReadOnlyList<string> Tables { get; } = [Rows.Name];

    public override string CreateTables(string suffix) => Rows.Create(suffix);

    public override string CreateIndexes(string suffix) =>
        Rows.PrimaryKey(suffix) + $"create unique index ix_outbox_seq{suffix} on outbox{suffix} (seq_id);";

    public override async Task Apply(IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        var reader = new StepReader();
        List<Notice> notices = [];
        List<Guid> purged = [];
        foreach (var stored in page)
        {
            var step = reader.Read(stored);
            if (NoticeFor(step) is { } notice) notices.Add(notice);
            if (step.Kind == StepKind.Purged) purged.Add(step.Ticket);
        }
        notices.RemoveAll(n => purged.Contains(n.Ticket));
        await Rows.Save(connection, notices, ct);
        if (purged.Count > 0) await Forget(purged, connection, ct);
    }

    // By the events' ids: an index over tickets would cost every notice for the sake of a rare purge.
    const string ForgetSql = "delete from outbox where id in (select id from mt_events where stream_id = any($1))";

    static async Task Forget(List<Guid> purged, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ForgetSql, connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. purged] } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    public override IViewFold NewFold() => new Fold();

    /// <summary>Nobody is told today of what an import says happened years ago.</summary>
    static Notice? NoticeFor(Step e) => e.Imported ? null : e.Kind switch
    {
        StepKind.Confirmed => New("confirmation", e),
        StepKind.Reply or StepKind.Resolved or StepKind.Reopened or StepKind.Closed when e.Role != Role.Customer => New("progress", e),
        StepKind.Attachment when !e.Internal && e.Role != Role.Customer => New("progress", e),
        _ => null,
    };

    static Notice New(string kind, Step e) =>
        new() { Id = e.Id, SeqId = e.SeqId, Ticket = e.Ticket, Version = e.Version, Kind = kind, Type = e.Type, Recorded = e.Recorded };

    sealed class Fold : IViewFold
    {
        readonly StepReader reader = new();
        readonly List<Notice> notices = [];
        readonly HashSet<Guid> purged = [];

        public FoldColumns Columns => FoldColumns.Id | FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            var step = reader.Read(e);
            if (NoticeFor(step) is { } notice) notices.Add(notice);
            if (step.Kind == StepKind.Purged) purged.Add(step.Ticket);
        }

        public Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct) =>
            Rows.Copy(connection, suffix, notices.Where(n => !purged.Contains(n.Ticket)), ct);
    }
}
