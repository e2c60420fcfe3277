using EventDesk.Domain.Incidents;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Incidents;

/// <summary>What the view needs to know of an incident's append.</summary>
sealed record IncidentChange(Incident After, IReadOnlyList<IncidentEvent> Events);

/// <summary>Incidents, the tickets that belong to them (from the tickets' own events), and which customers were told personally.</summary>
public sealed class IncidentsView : InlineView
{
    public override string Name => "Incidents";
    public override IReadOnlyList<string> Tables => ["incident", "incident_ticket", "incident_contact"];
    public override TypeFilter Reads => TypeFilter.Only([.. IncidentJson.Aliases, "incident_declared", "incident_linked"]);

    public override string CreateTables(string suffix) => $"""
        create table incident{suffix} (
          id uuid not null, product text not null, opened_at timestamptz not null, state smallint not null, published boolean not null,
          version bigint not null, digest bytea not null);
        create table incident_ticket{suffix} (incident uuid not null, ticket uuid not null, linked_at timestamptz not null);
        create table incident_contact{suffix} (incident uuid not null, customer uuid not null, channel smallint not null, at timestamptz not null);
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table incident{suffix} add constraint incident_pkey{suffix} primary key (id);
        create index incident_open_idx{suffix} on incident{suffix} (product, opened_at) where state < 3;
        alter table incident_ticket{suffix} add constraint incident_ticket_pkey{suffix} primary key (incident, ticket);
        alter table incident_contact{suffix} add constraint incident_contact_pkey{suffix} primary key (incident, customer);
        """;

    const string IncidentSql = """
        insert into incident (id, product, opened_at, state, published, version, digest) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update set state = excluded.state, published = excluded.published, version = excluded.version, digest = excluded.digest
        """;

    const string TicketSql = "insert into incident_ticket (incident, ticket, linked_at) values ($1, $2, $3)";
    const string ContactSql = "insert into incident_contact (incident, customer, channel, at) values ($1, $2, $3, $4) on conflict do nothing";

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
        {
            if (append.Change is TicketChange { After.Ticket.Incident: { } incident } ticket && ticket.Before?.Ticket.Incident is null)
                batch.BatchCommands.Add(Command(TicketSql, incident, append.Stream, append.Recorded.UtcDateTime));
            if (append.Change is not IncidentChange change)
                continue;
            var row = new Row(append.Stream, append.Recorded.UtcDateTime) { Incident = change.After, Version = append.NewVersion, Digest = append.Events[^1].Digest.ToArray() };
            batch.BatchCommands.Add(Command(
                IncidentSql, row.Id, row.Incident.Product, row.OpenedAt, (short)row.Incident.State, row.Incident.Published, row.Version, row.Digest));
            foreach (var told in change.Events.OfType<CustomerContacted>())
                batch.BatchCommands.Add(Command(ContactSql, append.Stream, told.Customer.Value, (short)told.Channel, append.Recorded.UtcDateTime));
        }
    }

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public override IViewFold NewFold() => new Fold();

    sealed record Row(Guid Id, DateTime OpenedAt)
    {
        public Incident Incident { get; set; } = Incident.None;
        public long Version { get; set; }
        public byte[] Digest { get; set; } = [];
    }

    sealed class Fold : IViewFold
    {
        readonly Dictionary<Guid, Row> incidents = [];
        readonly List<(Guid Incident, Guid Ticket, DateTime At)> tickets = [];
        readonly Dictionary<(Guid Incident, Guid Customer), (Channel Channel, DateTime At)> contacts = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            if (e.Type.SequenceEqual("incident_declared"u8) || e.Type.SequenceEqual("incident_linked"u8))
                tickets.Add((IncidentOf(e.Data), e.Stream, e.Timestamp.UtcDateTime));
            else if (e.Type.StartsWith("incident_"u8) || e.Type.SequenceEqual("customer_contacted"u8))
                Take(e, IncidentJson.Read(e.Type, e.Data));
        }

        void Take(in FoldedEvent e, IncidentEvent? happened)
        {
            if (happened is null) return;
            if (!incidents.TryGetValue(e.Stream, out var row))
                incidents.Add(e.Stream, row = new Row(e.Stream, e.Timestamp.UtcDateTime));
            row.Incident = Incident.Evolve(row.Incident, happened);
            row.Version = e.Version;
            row.Digest = new byte[Digests.Length];
            Digests.TryReadHeader(e.Headers, row.Digest);
            if (happened is CustomerContacted told)
                contacts.TryAdd((e.Stream, told.Customer.Value), (told.Channel, e.Timestamp.UtcDateTime));
        }

        static Guid IncidentOf(ReadOnlySpan<byte> data)
        {
            var json = new System.Text.Json.Utf8JsonReader(data);
            while (json.Read())
                if (json.TokenType == System.Text.Json.JsonTokenType.PropertyName && json.ValueTextEquals("incident"u8) && json.Read())
                    return json.GetGuid();
            return default;
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await CopyIncidents(connection, suffix, ct);
            await using (var copy = await connection.BeginBinaryImportAsync($"copy incident_ticket{suffix} (incident, ticket, linked_at) from stdin (format binary)", ct))
            {
                foreach (var (incident, ticket, at) in tickets)
                {
                    copy.StartRow();
                    copy.Write(incident, NpgsqlDbType.Uuid);
                    copy.Write(ticket, NpgsqlDbType.Uuid);
                    copy.Write(at, NpgsqlDbType.TimestampTz);
                }
                await copy.CompleteAsync(ct);
            }
            await CopyContacts(connection, suffix, ct);
        }

        async Task CopyIncidents(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy incident{suffix} (id, product, opened_at, state, published, version, digest) from stdin (format binary)", ct);
            foreach (var row in incidents.Values)
            {
                copy.StartRow();
                copy.Write(row.Id, NpgsqlDbType.Uuid);
                copy.Write(row.Incident.Product, NpgsqlDbType.Text);
                copy.Write(row.OpenedAt, NpgsqlDbType.TimestampTz);
                copy.Write((short)row.Incident.State, NpgsqlDbType.Smallint);
                copy.Write(row.Incident.Published, NpgsqlDbType.Boolean);
                copy.Write(row.Version, NpgsqlDbType.Bigint);
                copy.Write(row.Digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync(ct);
        }

        async Task CopyContacts(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy incident_contact{suffix} (incident, customer, channel, at) from stdin (format binary)", ct);
            foreach (var ((incident, customer), (channel, at)) in contacts)
            {
                copy.StartRow();
                copy.Write(incident, NpgsqlDbType.Uuid);
                copy.Write(customer, NpgsqlDbType.Uuid);
                copy.Write((short)channel, NpgsqlDbType.Smallint);
                copy.Write(at, NpgsqlDbType.TimestampTz);
            }
            await copy.CompleteAsync(ct);
        }
    }
}
