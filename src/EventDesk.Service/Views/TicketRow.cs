using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>One row of the table <c>ticket</c>.</summary>
sealed record TicketRow(
    Guid Id, long Number, long Version, byte[] Digest, short Status, short? Place, string Desk, short Line, short Severity,
    string? Agent, string? Team, Guid Customer, DateTime Due, DateTime OpenedAt, DateTime? WakeAt, short? Sla, string? Contract, byte[]? Subject, string State,
    CallbackColumns Callback, bool Collected)
{
    /// <summary>No clock runs: behind everything that is due, stored as infinity.</summary>
    static readonly DateTime Never = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>Not assessed yet: behind every severity.</summary>
    const short NoSeverity = 9;

    /// <param name="hours">The opening hours its clock is read in, as they are known now.</param>
    public static TicketRow Of(TicketEntry e, HoursOf hours)
    {
        var t = e.Ticket;
        // Read at the last event and not now, so that the row says the same whenever it is made.
        var (answer, callback) = (t.Clock?.Read(t.ChangedAt, hours), t.CallbackClock?.Read(t.ChangedAt, hours));
        return new(
            e.Id, t.Number, e.Version, e.Digest.ToArray(), (short)t.Status, (short?)t.Place, t.Desk.Value, (short)t.Line,
            (short?)t.Severity ?? NoSeverity, t.Agent?.Value, t.Team, t.Requester.Value, Earlier(DueOf(answer), DueOf(callback)),
            t.OpenedAt.UtcDateTime, WakeOf(t, answer, callback), (short?)ClockReading.Foremost(answer?.State, callback?.State), t.Targets?.Contract,
            e.Subject.IsEmpty ? null : e.Subject.ToArray(), e.State,
            t is { Status: Domain.Tickets.Status.Open, Callback: { } owed } ? new(owed.Since.UtcDateTime, (short)Math.Min(owed.Attempts, short.MaxValue), DueOf(callback)) : default,
            t.CollectedAt is not null);
    }

    static DateTime DueOf(ClockFace? face) => face?.Due is { } due ? Micros(due.ToDateTimeUtc()) : Never;

    static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    /// <summary>
    /// When a rule has to look by itself: a clock warns or breaches, a planned date comes, or the reopening window ends. Imported history is kept
    /// as it happened: our rules do not go on with it.
    /// </summary>
    static DateTime? WakeOf(Ticket t, ClockFace? answer, ClockFace? callback)
    {
        var expiry = t.LegalHold ? null : t.Masks?.Min(m => m.Until)?.UtcDateTime;
        if (t.Channel == Channel.Import) return expiry is { } only ? Micros(only) : null;
        DateTime?[] moments =
        [
            expiry,
            t is { Status: Domain.Tickets.Status.Open, Waiting: not null } ? t.WaitingUntil?.UtcDateTime : null,
            t.Status == Domain.Tickets.Status.Resolved ? (t.ResolvedAt + DeskRules.Default.ReopenWindow)?.UtcDateTime : null,
            answer?.WarnAt?.ToDateTimeUtc(), answer?.BreachAt?.ToDateTimeUtc(), callback?.WarnAt?.ToDateTimeUtc(), callback?.BreachAt?.ToDateTimeUtc(),
        ];
        return moments.Min() is { } first ? Micros(first) : null;
    }

    /// <summary>What PostgreSQL keeps of a time; a fraction it would round up must not make a clock look too early for ever.</summary>
    static DateTime Micros(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    public void Copy(NpgsqlBinaryImporter copy)
    {
        copy.StartRow();
        copy.Write(Id, NpgsqlDbType.Uuid);
        copy.Write(Number, NpgsqlDbType.Bigint);
        copy.Write(Version, NpgsqlDbType.Bigint);
        copy.Write(Digest, NpgsqlDbType.Bytea);
        copy.Write(Status, NpgsqlDbType.Smallint);
        if (Place is { } place) copy.Write(place, NpgsqlDbType.Smallint); else copy.WriteNull();
        copy.Write(Desk, NpgsqlDbType.Text);
        copy.Write(Line, NpgsqlDbType.Smallint);
        copy.Write(Severity, NpgsqlDbType.Smallint);
        if (Agent is not null) copy.Write(Agent, NpgsqlDbType.Text); else copy.WriteNull();
        if (Team is not null) copy.Write(Team, NpgsqlDbType.Text); else copy.WriteNull();
        copy.Write(Customer, NpgsqlDbType.Uuid);
        copy.Write(Due, NpgsqlDbType.TimestampTz);
        copy.Write(OpenedAt, NpgsqlDbType.TimestampTz);
        if (WakeAt is { } wake) copy.Write(wake, NpgsqlDbType.TimestampTz); else copy.WriteNull();
        if (Sla is { } sla) copy.Write(sla, NpgsqlDbType.Smallint); else copy.WriteNull();
        if (Contract is not null) copy.Write(Contract, NpgsqlDbType.Text); else copy.WriteNull();
        if (Subject is not null) copy.Write(Subject, NpgsqlDbType.Bytea); else copy.WriteNull();
        copy.Write(State, NpgsqlDbType.Text);
        if (Callback.Since is { } since) copy.Write(since, NpgsqlDbType.TimestampTz); else copy.WriteNull();
        if (Callback.Attempts is { } attempts) copy.Write(attempts, NpgsqlDbType.Smallint); else copy.WriteNull();
        if (Callback.Due is { } callbackDue) copy.Write(callbackDue, NpgsqlDbType.TimestampTz); else copy.WriteNull();
        copy.Write(Collected, NpgsqlDbType.Boolean);
    }
}

/// <summary>The call back that is owed; all null when none is.</summary>
/// <param name="Due">Never (infinity): it is not timed, or nobody can say.</param>
readonly record struct CallbackColumns(DateTime? Since, short? Attempts, DateTime? Due);
