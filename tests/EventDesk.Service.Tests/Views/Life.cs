using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using EventDesk.Store.Sealing;

namespace EventDesk.Service.Tests.Views;

/// <summary>A ticket's events as the log holds them, told one after the other.</summary>
sealed class Life
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly Actor Ann = new("ann", Role.Agent), Ben = new("ben", Role.Agent);
    public static readonly Actor Customer = new("0198c0de-0000-7000-8000-000000000001", Role.Customer);

    readonly List<StoredEvent> events = [];
    readonly SealScope scope;
    int rows;

    public Life(long number = 1, string product = "billing", string language = "en", SupportLine line = SupportLine.L1, bool triage = false,
        string? team = null, Severity? severity = null, Channel channel = Channel.Email, DateTimeOffset? at = null, string? source = null,
        SupportLine? actingAs = null, string? state = null, string? activity = null)
    {
        Id = Guid.CreateVersion7(Monday.AddMilliseconds(number));
        scope = new SealScope(Id, StreamKey.Create(Id));
        Now = at ?? Monday;
        var opened = new TicketOpened(
            number, product, language, channel, new Requester(new CustomerId(Guid.Parse(Customer.Id)), "Eve", "eve@example.org"), "Subject", "Body", severity,
            line, triage, team, Source: source);
        Add(opened, source is null ? Customer : Ann, actingAs, state, activity, source is not null, null);
    }

    public Guid Id { get; }
    public DateTimeOffset Now { get; private set; }
    public Ticket Ticket { get; private set; } = Ticket.None;
    public IReadOnlyList<StoredEvent> Events => events;

    /// <summary>The next event happens so much later.</summary>
    public Life After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public Life Then(TicketEvent e, Actor? by = null, SupportLine? actingAs = null, RuleRef? rule = null)
    {
        Add(e, by ?? Ann, actingAs, null, null, false, rule);
        return this;
    }

    /// <summary>The next events come from one row of a source.</summary>
    public Life Row(string activity, string state, Actor by, params IEnumerable<TicketEvent> told)
    {
        var first = true;
        foreach (var e in told)
        {
            Add(e, by, null, state, activity, first, null);
            first = false;
        }
        return this;
    }

    public void More(string activity, string state, Actor by, IEnumerable<TicketEvent> told)
    {
        foreach (var e in told) Add(e, by, null, state, activity, false, null);
    }

    void Add(TicketEvent e, Actor by, SupportLine? actingAs, string? state, string? activity, bool startsRow, RuleRef? rule)
    {
        var version = events.Count + 1;
        // What was imported is recorded long after it happened.
        var recorded = state is null && activity is null ? Now : Monday.AddYears(1);
        var meta = new EventMeta(by, Now, recorded, rule, actingAs, activity, state, startsRow ? ++rows : null);
        var headers = JsonSerializer.SerializeToUtf8Bytes(meta.ToHeaders().Append(new("digest", "AAAA")).ToDictionary());
        events.Add(new StoredEvent(
            0, Guid.CreateVersion7(Now), Id, version, EventNames.Alias(e), EventNames.DotnetType(e), recorded,
            TicketCodec.Write(e, version, scope), headers, null, null, null));
        Ticket = Ticket.Evolve(Ticket, e, Now, by.IsStaff);
    }

    /// <summary>Several lives as one log, in the order they were recorded.</summary>
    public static IReadOnlyList<StoredEvent> Log(params IEnumerable<Life> lives) =>
        [.. lives.SelectMany(l => l.events).OrderBy(e => e.Timestamp).Select((e, i) => e with { SeqId = i + 1 })];
}
