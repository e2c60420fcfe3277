using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Service.Access;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Ledger;
using EventDesk.Store.Sealing;
using Npgsql;

namespace EventDesk.Service.People;

/// <summary>Who someone is, in plain words: what a door takes in and shows.</summary>
/// <param name="UserName">What the directory calls them.</param>
public sealed record PersonTexts(
    string UserName, string? Name = null, string? GivenName = null, string? FamilyName = null, string? Email = null, string? ExternalId = null);

/// <summary>Someone to be let in.</summary>
/// <param name="Handle">Null: one is made that says nothing about them.</param>
/// <param name="Subject">The sign-in provider's subject, as <see cref="PeopleDesk.SubjectOf"/> makes it.</param>
public sealed record NewPerson(string? Handle, PersonTexts Texts, Guid? Subject = null, SetAccess? Access = null);

/// <summary>A person as they stand.</summary>
/// <param name="Texts">Empty texts where the key is gone.</param>
public sealed record PersonEntry(Guid Id, long Version, Person State, PersonTexts Texts, DateTimeOffset Created, DateTimeOffset Changed);

/// <summary>Members of staff: let in, given access, taught, let go. Every change is an event of the person's own stream.</summary>
public sealed partial class PeopleDesk(EventStore store, StreamKeys keys, MasterKeys masters, Callers callers, TimeProvider clock)
{
    /// <summary>How often a command without an expected version is decided anew when others write at the same time.</summary>
    const int Attempts = 20;

    /// <summary>Lets someone in. Answers with their id in <see cref="Outcome.Done"/>'s ticket place, or with why not.</summary>
    public async Task<Outcome> Provision(NewPerson person, Actor by, string? correlation, CancellationToken ct)
    {
        var now = clock.Now();
        var id = Guid.CreateVersion7(now);
        List<PersonEvent> events = [new PersonProvisioned(person.Handle ?? MadeUpHandle(id), Seal(person.Texts), person.Subject)];
        if (person.Access is { } access)
        {
            var decision = access.Decide(Person.None, now);
            if (decision.Code is { } code)
                return new Outcome.Refused(code, decision.Reason!);
            events.AddRange(decision.Events);
        }
        return await Append(new Loaded(ChainEnd.Start(id, PersonJson.StreamType), Person.None, null), events, now, by, correlation, ct);
    }

    /// <param name="expectedVersion">The version the asker saw; null where nobody looked.</param>
    /// <param name="rule">The rule, where nobody chose it.</param>
    public async Task<Outcome> Handle(Guid id, PersonCommand command, long? expectedVersion, Actor by, string? correlation, CancellationToken ct, RuleRef? rule = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await Load(id, ct) is not { } loaded)
                return new Outcome.NotFound();
            if (expectedVersion is { } expected && expected != loaded.End.Version)
                return new Outcome.Stale(loaded.End.Version, []);
            var now = clock.Now();
            var decision = command.Decide(loaded.State, now);
            if (decision.Code is { } code)
                return new Outcome.Refused(code, decision.Reason!);
            if (decision.Events.Count == 0)
                return new Outcome.Done(id, 0, loaded.End.Version);
            var outcome = await Append(loaded, decision.Events, now, by, correlation, ct, rule);
            if (expectedVersion is not null || outcome is not Outcome.Stale || attempt == Attempts)
                return outcome;
        }
    }

    public PersonDetails Seal(PersonTexts t) => new(
        t.UserName, UserNameKey(t.UserName), Sealed(t.Name), Sealed(t.GivenName), Sealed(t.FamilyName),
        Sealed(t.Email), t.Email is { } email ? EmailKey(email) : null, Sealed(t.ExternalId), t.ExternalId is { } external ? ExternalIdKey(external) : null);

    public Guid UserNameKey(string userName) => masters.Pseudonym("person-user-name", userName.Trim().ToLowerInvariant());

    public Guid EmailKey(string email) => masters.Pseudonym("person-email", email.Trim().ToLowerInvariant());

    /// <summary>Unlike names and addresses, an id counts to the letter.</summary>
    public Guid ExternalIdKey(string externalId) => masters.Pseudonym("person-external-id", externalId);

    /// <summary>The pseudonym of a sign-in provider's subject; the same subject of another provider is somebody else.</summary>
    public Guid SubjectOf(string issuer, string subject) => masters.Pseudonym("person-subject", $"{issuer}\n{subject}");

    static SealedText? Sealed(string? text) => text is null ? null : new SealedText(text);

    /// <summary>Tells nothing about the person, and can still be said aloud.</summary>
    static string MadeUpHandle(Guid id) => $"p-{id.ToString("N")[^10..]}";

    sealed record Loaded(ChainEnd End, Person State, StreamKey? Key);

    const string LoadSql = """
        select p.version, p.digest, p.state, k.master_id, k.wrapped
        from person p left join stream_key k on k.stream_id = p.id
        where p.id = $1
        """;

    async Task<Loaded?> Load(Guid id, CancellationToken ct)
    {
        await using var command = store.DataSource.CreateCommand(LoadSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(new ChainEnd(id, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), PersonJson.ReadState(row.GetString(2)), KeyIn(row, id, 3))
            : null;
    }

    StreamKey? KeyIn(NpgsqlDataReader row, Guid id, int column) =>
        row.IsDBNull(column) ? null : keys.Open(id, new WrappedKey(row.GetInt32(column), row.GetFieldValue<byte[]>(column + 1)));

    async Task<Outcome> Append(Loaded before, IReadOnlyList<PersonEvent> events, DateTimeOffset now, Actor by, string? correlation, CancellationToken ct, RuleRef? rule = null)
    {
        var forgets = events.Any(e => e is PersonForgotten);
        var scope = new SealScope(before.End.Stream, before.Key);
        var headers = new EventMeta(by, now, now, rule).ToHeaders();
        var drafts = new EventDraft[events.Count];
        (string, long)? details = null;
        for (var i = 0; i < drafts.Length; i++)
        {
            var version = before.End.Version + i + 1;
            var data = PersonJson.Write(events[i], version, scope);
            drafts[i] = new EventDraft(Guid.CreateVersion7(now), PersonJson.Alias(events[i]), PersonJson.DotnetType(events[i]), data, headers);
            details = PersonJson.DetailsIn(events[i], data) is { } told ? (told, version) : details;
        }
        var after = events.Aggregate(before.State, (p, e) => Person.Evolve(p, e, now));
        var append = new Append
        {
            Stream = before.End.Stream, StreamType = PersonJson.StreamType, ExpectedVersion = before.End.Version, Recorded = now, CorrelationId = correlation,
            UserName = by.Id,
            Events = EventChain.Link(before.End, new Recording(now, correlation, null, by.Id), drafts),
            NewKey = scope.MadeKey ? scope.Key!.Wrapped(masters) : null,
            Erases = forgets ? new Erasure(static _ => { }) : null,
            Change = new PersonChange(after, details, forgets, before.State.Administers && !after.Administers),
        };
        try
        {
            var result = await store.Append(append, ct);
            callers.Doubt(append.Stream);
            if (forgets)
                keys.Forget(append.Stream);
            return result switch
            {
                AppendResult.Appended a => new Outcome.Done(append.Stream, 0, a.Version),
                AppendResult.Conflict c => new Outcome.Stale(c.ActualVersion, []),
                var other => throw new InvalidOperationException($"Unknown end of an append: {other}."),
            };
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && Taken(e.ConstraintName) is { } refusal)
        {
            return refusal;
        }
        catch (PostgresException e) when (e.SqlState == PeopleView.NoAdministratorLeft)
        {
            return new Outcome.Refused("last_administrator", "Nobody would be left to administer: make somebody else an administrator first.");
        }
    }

    static Outcome.Refused? Taken(string? index) => index switch
    {
        PeopleView.HandleIndex => new("handle_taken", "Somebody has that handle, or had it."),
        PeopleView.UserNameIndex => new("user_name_taken", "Somebody has that user name."),
        PeopleView.SubjectIndex => new("subject_taken", "That account of the sign-in provider belongs to somebody else."),
        _ => null,
    };
}
