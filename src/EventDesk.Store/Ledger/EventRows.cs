namespace EventDesk.Store.Ledger;

/// <summary>Stored events with their stream rows, as both verify and export read them by binary COPY.</summary>
static class EventRows
{
    public const string Select = """
        select e.stream_id, e.version, e.seq_id, e.id, e.type, e.mt_dotnet_type, e.timestamp, e.tenant_id, e.data, e.headers,
          e.correlation_id, e.causation_id, e.user_name, e.bdata is not null, s.id is not null, coalesce(s.version, 0), s.type
        from mt_events e
        left join mt_streams s on s.id = e.stream_id
        """;

    /// <summary>Valid until the next row.</summary>
    public static ChainRow Read(CopyRows row) => new()
    {
        SeqId = row.Int64(2),
        HasBinary = row.Bool(13),
        HasStreamRow = row.Bool(14),
        StreamVersion = row.Int64(15),
        StreamType = row.Bytes(16),
        Envelope = new Envelope
        {
            Stream = row.IsNull(0) ? Guid.Empty : row.Uuid(0),
            Version = row.Int64(1),
            Id = row.Uuid(3),
            Type = row.Bytes(4),
            DotnetType = Text(row, 5),
            Recorded = row.Timestamp(6),
            Tenant = Text(row, 7),
            Data = row.Jsonb(8),
            Headers = row.Jsonb(9),
            Correlation = Text(row, 10),
            Causation = Text(row, 11),
            User = Text(row, 12),
        },
    };

    static MaybeText Text(CopyRows row, int column) => row.IsNull(column) ? default : new(row.Bytes(column));
}
