using EventDesk.Domain.People;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.People;

/// <summary>What the view needs to know of a person's append.</summary>
/// <param name="Details">The sealed details as the append's events leave them, and the version of the event that told them; null: as before.</param>
/// <param name="Forgets">What was sealed is erased with the append.</param>
/// <param name="StepsDown">They administer no more.</param>
sealed record PersonChange(Person After, (string Json, long Version)? Details, bool Forgets = false, bool StepsDown = false);

/// <summary>People as they stand. Names and addresses are here as sealed as in the events; they are found by their pseudonyms.</summary>
public sealed class PeopleView : InlineView
{
    /// <summary>No two people may share these, however close together they are provisioned.</summary>
    internal const string HandleIndex = "person_handle", UserNameIndex = "person_user_name", SubjectIndex = "person_subject";

    /// <summary>The state by which the database refuses to be left without an administrator.</summary>
    internal const string NoAdministratorLeft = "ED010";

    /// <summary><see cref="Person.Administers"/> as a condition on <c>person</c>.</summary>
    internal const string Administers = """active and state @> '{"roles":["administrator"]}'""";

    public override string Name => "People";
    public override IReadOnlyList<string> Tables => ["person"];
    public override TypeFilter Reads => TypeFilter.Only(PersonJson.Aliases);

    public override string CreateTables(string suffix) => $"""
        create table person{suffix} (
          id uuid not null, handle text not null, user_name uuid not null, email uuid, external_id uuid, subject uuid, active boolean not null,
          state jsonb not null, details jsonb not null, details_version bigint not null, created timestamptz not null, changed timestamptz not null,
          version bigint not null, digest bytea not null)
        """;

    public override string CreateIndexes(string suffix) => $"""
        alter table person{suffix} add constraint person_pkey{suffix} primary key (id);
        create unique index {HandleIndex}{suffix} on person{suffix} (handle);
        create unique index {UserNameIndex}{suffix} on person{suffix} (user_name);
        create unique index {SubjectIndex}{suffix} on person{suffix} (subject);
        create index person_email{suffix} on person{suffix} (email);
        create index person_external_id{suffix} on person{suffix} (external_id);
        """;

    // Not "on conflict": the insert would be checked for nulls before it became an update.
    const string InsertSql = """
        insert into person (id, handle, user_name, email, external_id, subject, active, state, details, details_version, created, changed, version, digest)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)
        """;

    const string UpdateSql = """
        update person
        set handle = $2, user_name = $3, email = $4, external_id = $5, subject = $6, active = $7, state = $8, details = coalesce($9, details),
          details_version = coalesce($10, details_version), changed = $11, version = $12, digest = $13
        where id = $1
        """;

    /// <summary>As the erasure leaves the event they stand in.</summary>
    const string ForgetSql = "update person set details = eventdesk_sealed_blanked(details)::jsonb where id = $1";

    const string SomebodyAdministersSql = $"""
        do $$
        begin
          if not exists (select from person where {Administers}) then
            raise exception 'Nobody would be left to administer.' using errcode = '{NoAdministratorLeft}';
          end if;
        end $$
        """;

    /// <summary>
    /// Two administrators who remove each other do so in streams of their own, and neither would see the other go. Under the append lock they do: whoever comes
    /// second waits for the first one's commit, looks with a snapshot of their own, and finds nobody else.
    /// </summary>
    public override void WriteShared(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        if (accepted.Any(a => a.Change is PersonChange { StepsDown: true }))
            batch.BatchCommands.Add(new NpgsqlBatchCommand(SomebodyAdministersSql));
    }

    public override void Write(IReadOnlyList<Append> accepted, NpgsqlBatch batch)
    {
        foreach (var append in accepted)
            if (append.Change is PersonChange { Forgets: true })
                batch.BatchCommands.Add(new NpgsqlBatchCommand(ForgetSql) { Parameters = { new() { Value = append.Stream } } });
        foreach (var append in accepted)
            if (append.Change is PersonChange change)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(append.ExpectedVersion == 0 ? InsertSql : UpdateSql)
                {
                    Parameters =
                    {
                        new() { Value = append.Stream },
                        new() { Value = change.After.Handle },
                        new() { Value = change.After.UserName },
                        Id(change.After.Email),
                        Id(change.After.ExternalId),
                        Id(change.After.Subject),
                        new() { Value = change.After.Active },
                        new() { Value = PersonJson.WriteState(change.After), NpgsqlDbType = NpgsqlDbType.Jsonb },
                        new() { Value = (object?)change.Details?.Json ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
                        new() { Value = (object?)change.Details?.Version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                        new() { Value = append.Recorded.UtcDateTime },
                        new() { Value = append.NewVersion },
                        new() { Value = append.Events[^1].Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                    },
                });
    }

    static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public override IViewFold NewFold() => new Fold();

    sealed class Row
    {
        public Person State = Person.None;
        public string Details = "{}";
        public long DetailsVersion, Version;
        public DateTimeOffset Created, Changed;
        public byte[] Digest = [];
    }

    sealed class Fold : IViewFold
    {
        readonly Dictionary<Guid, Row> rows = [];

        public FoldColumns Columns => FoldColumns.Data | FoldColumns.Headers;

        public void Apply(in FoldedEvent e)
        {
            if (PersonJson.Read(e.Type, e.Data) is not { } happened)
                return;
            if (!rows.TryGetValue(e.Stream, out var row))
                rows.Add(e.Stream, row = new Row { Created = e.Timestamp });
            row.State = Person.Evolve(row.State, happened, e.Timestamp);
            if (PersonJson.DetailsIn(happened, e.Data) is { } details)
                (row.Details, row.DetailsVersion) = (details, e.Version);
            (row.Version, row.Changed, row.Digest) = (e.Version, e.Timestamp, new byte[Digests.Length]);
            Digests.TryReadHeader(e.Headers, row.Digest);
        }

        public async Task CopyTo(NpgsqlConnection connection, string suffix, CancellationToken ct)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                $"copy person{suffix} (id, handle, user_name, email, external_id, subject, active, state, details, details_version, created, changed, version, digest) from stdin (format binary)", ct);
            foreach (var (id, row) in rows)
            {
                copy.StartRow();
                copy.Write(id, NpgsqlDbType.Uuid);
                copy.Write(row.State.Handle, NpgsqlDbType.Text);
                copy.Write(row.State.UserName, NpgsqlDbType.Uuid);
                Write(copy, row.State.Email);
                Write(copy, row.State.ExternalId);
                Write(copy, row.State.Subject);
                copy.Write(row.State.Active, NpgsqlDbType.Boolean);
                copy.Write(PersonJson.WriteState(row.State), NpgsqlDbType.Jsonb);
                copy.Write(row.Details, NpgsqlDbType.Jsonb);
                copy.Write(row.DetailsVersion, NpgsqlDbType.Bigint);
                copy.Write(row.Created.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.Changed.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.Version, NpgsqlDbType.Bigint);
                copy.Write(row.Digest, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync(ct);
        }

        static void Write(NpgsqlBinaryImporter copy, Guid? id)
        {
            if (id is { } known)
                copy.Write(known, NpgsqlDbType.Uuid);
            else
                copy.WriteNull();
        }
    }
}
