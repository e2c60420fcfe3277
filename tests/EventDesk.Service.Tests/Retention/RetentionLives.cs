using System.Text.Json;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Retention;
using EventDesk.Service.Tests.Views;
using EventDesk.Service.Tickets;
using EventDesk.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace EventDesk.Service.Tests.Retention;

/// <summary>Three tickets of one customer, with holds, reopenings and administrative events in between, the customer's requests, and rules.</summary>
/// <param name="Log">As it stands in the log, seq_ids and all.</param>
sealed record RetentionWorld(IReadOnlyList<Life> Tickets, IReadOnlyList<StoredEvent> Log, OrganisationHistory History, DateTimeOffset Now)
{
    public static readonly CustomerId Customer = new(Guid.Parse(Life.Customer.Id));

    static readonly Gen<TicketEvent> Private = Gen.Elements<TicketEvent>(
        new LegalHoldPlaced("court"), new LegalHoldPlaced("court"), new LegalHoldLifted("over"), new LegalHoldLifted("over"),
        new PassageRedacted(1, "body", 0, 2), new OriginalRevealed(1, "body", "look"), new PassagesErased([], "r", [], [], [], []),
        new TicketExpirySet(DateOnly.FromDateTime(Life.Monday.AddDays(9).DateTime), "r"), new TicketExpirySet(DateOnly.FromDateTime(Life.Monday.AddDays(40).DateTime), "r"),
        new TicketExpirySet(null, "r"), new TicketAnonymised(), new TicketPurged("c"), new SlaWarned(SlaClockKind.NextResponse, Life.Monday), new ContractChanged("vip"),
        new TicketResolved(Domain.Tickets.Resolution.Fixed, 1), new TicketReopened(ReopenCause.Agent));

    static readonly Gen<RandomLives.Happening> Happenings = Gen.Frequency(
        (2, RandomLives.Happenings),
        (1, from e in Private
            from actor in Gen.Elements(Life.Ann, Actor.System)
            from minutes in Gen.Choose(0, 4_000)
            select new RandomLives.Happening(e, actor, minutes, false)));

    static readonly Gen<RetentionRule> Rule =
        from id in Gen.Choose(1, 1_000_000)
        from trigger in Gen.Elements(Enum.GetValues<RetentionTrigger>())
        from action in Gen.Elements(Enum.GetValues<RetentionAction>())
        from days in Gen.Choose(1, 40)
        from products in Gen.Elements<string[]?>(null, null, ["billing"], ["cloud"])
        from contracts in Gen.Elements<string[]?>(null, null, null, ["vip"], ["standard"])
        select new RetentionRule($"r{id}", trigger, action, trigger == RetentionTrigger.Expires ? null : days, new RetentionScope(products, Contracts: contracts));

    public static readonly Arbitrary<RetentionWorld> Some = Arb.From(
        from lives in Gen.Choose(1, 14).SelectMany(n => Happenings.ArrayOf(n)).ArrayOf(3)
        from rules in Gen.Choose(1, 5).SelectMany(n => Rule.ArrayOf(n))
        from later in Gen.Choose(0, 2).SelectMany(n => Rule.ArrayOf(n))
        from changed in Gen.Choose(0, 60)
        from requests in Gen.Choose(0, 2).SelectMany(n => Gen.Choose(-1, 40 * 24).ArrayOf(n))
        from now in Gen.Choose(0, 90 * 24)
        select Make(lives, rules, later, changed, requests, now));

    static RetentionWorld Make(RandomLives.Happening[][] lives, RetentionRule[] rules, RetentionRule[] later, int changed, int[] requests, int now)
    {
        var tickets = lives.Select((l, i) => RandomLives.Live(l, i + 1)).ToList();
        var requested = requests.Order().Select((hours, i) => Request(Life.Monday.AddHours(hours), i + 1));
        var log = tickets.SelectMany(t => InOrder(t.Events)).Concat(InOrder([.. requested])).OrderBy(e => e.Recorded)
            .Select((e, i) => e.Event with { SeqId = i + 1 }).ToList();
        var history = OrganisationHistory.Of(new([new("billing", "B"), new("cloud", "C")], [new("en", "E")], [new("billing", "en", Contract: "standard"), new("cloud", "en")],
            Contracts: [new("standard", "S", []), new("vip", "V", [])], Retention: new(rules)));
        if (later.Length > 0)
            history = history.With(new RetentionRules(later), Instant.FromDateTimeOffset(Life.Monday.AddDays(changed)));
        return new(tickets, log, history, Life.Monday.AddHours(now));
    }

    /// <summary>A stream stands in the log in the order of its versions, whatever its clocks said.</summary>
    static IEnumerable<(DateTimeOffset Recorded, StoredEvent Event)> InOrder(IReadOnlyList<StoredEvent> stream) =>
        stream.Select((e, i) => (stream.Take(i + 1).Max(before => before.Timestamp), e));

    static StoredEvent Request(DateTimeOffset at, long version) => new(
        0, Guid.CreateVersion7(at), Customer.Value, version, CustomerJson.RequestedAlias, CustomerJson.DotnetType, at, "{}"u8.ToArray(),
        JsonSerializer.SerializeToUtf8Bytes(new EventMeta(Life.Ann, at, at).ToHeaders().Append(new("digest", "AAAA")).ToDictionary()), null, null, null);

    /// <summary>From the ticket's own stream, as the execution does it.</summary>
    public RetentionFacts FactsOf(Life ticket)
    {
        var events = Log.Where(e => e.Stream == ticket.Id).OrderBy(e => e.Version).ToList();
        var facts = events.Select(e => TicketCodec.Read(e, null)).Aggregate(RetentionFacts.None, (f, e) => RetentionFacts.Evolve(f, e.Event, e.Meta.Occurred, e.Meta.By));
        var asked = Log.FirstOrDefault(e => e.Type == CustomerJson.RequestedAlias && e.SeqId > events[0].SeqId);
        return facts.Customer is not null && asked is not null ? facts.Requested(asked.Timestamp) : facts;
    }

    public override string ToString() =>
        $"at {Now:s}, rules {string.Join("; ", History.Versions(RetentionRules.Key).Select(v => $"{v.From}: {string.Join(", ", ((RetentionRules)v.Definition).Rules)}"))}\n"
        + string.Join('\n', Log.Select(e => $"{e.SeqId} {e.Timestamp:s} {e.Stream.ToString()[^4..]} {e.Version} {e.Type}"));
}
