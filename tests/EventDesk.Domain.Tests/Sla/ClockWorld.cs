using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using FsCheck;
using FsCheck.Fluent;
using NodaTime.Text;

namespace EventDesk.Domain.Tests.Sla;

/// <summary>Desks, contracts and random lives of tickets for the laws of clocks. All times are whole minutes, so that a naive walk can follow.</summary>
static class ClockWorld
{
    static readonly string[] Workdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];

    public static readonly Contract Vip = new(
        "vip", "VIP",
        [
            new(Severity.Critical, new("1h"), new("4h")), new(Severity.High, new("30m", TimeCounted.Working), new("4h", TimeCounted.Working)),
            new(Severity.Standard, new("2wd"), new("2wd"), new("2h"), new("2h")), new(Severity.Defect, new("1wd"), NextPromise: new("24h")),
        ], Calendar: "vip", Callback: new("1h", TimeCounted.Working), CallbackPromise: new("30m", TimeCounted.Working));

    public static readonly Contract Standard = new(
        "standard", "Standard",
        [
            new(Severity.Critical, new("1h"), new("2h")), new(Severity.High, new("2h", TimeCounted.Working), new("4h", TimeCounted.Working)),
            new(Severity.Standard, new("1wd"), new("1wd")), new(Severity.Defect, new("4h"), new("8h", TimeCounted.Working), Callback: new("12h")),
        ], Callback: new("2h", TimeCounted.Working));

    public static readonly SupportOrganisation Desks = new(
        [new("billing", "Billing"), new("cloud", "Cloud")], [new("en", "English"), new("pl", "Polski"), new("ar", "العربية"), new("fi", "Suomi"), new("sv", "Svenska")],
        [
            new("billing", "pl", Calendar: "pl", Contract: "standard"), new("billing", "ar", Calendar: "ar", Contract: "standard"),
            new("billing", "fi", Calendar: "fi", Contract: "standard"), new("billing", "en", Calendar: "always", Contract: "standard"),
            new("cloud", "pl", Calendar: "pl", Contract: "vip"), new("billing", "sv", Calendar: "sv", Contract: "standard"),
        ],
        [
            Week("pl", "Europe/Warsaw", "08:00-16:00", Workdays), Week("ar", "Asia/Riyadh", "09:00-18:00", ["sunday", .. Workdays[..4]]),
            Week("fi", "UTC+02:00", "08:00-16:00", Workdays), Week("always", "UTC", "00:00-24:00", [.. Workdays, "saturday", "sunday"]),
            Week("vip", "Europe/Warsaw", "09:00-17:00", Workdays), new("sv", "Europe/Stockholm", Days: Workdays),
        ],
        [Vip, Standard]);

    public static CalendarDefinition Week(string id, string zone, string interval, params string[] days) =>
        new(id, zone, days.ToDictionary(d => d, _ => (IReadOnlyList<string>)[interval]));

    public static DateTimeOffset At(string utc) =>
        InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'").Parse(utc).Value.ToDateTimeOffset();

    public static readonly Actor Ann = new("ann", Role.Agent), Customer = new("7f3c", Role.Customer);

    /// <summary>What happened to a ticket, told by its commands under an organisation.</summary>
    public sealed class Told(OrganisationHistory organisation)
    {
        public OrganisationHistory Organisation { get; } = organisation;
        public Ticket Ticket { get; private set; } = Ticket.None;
        public List<(TicketEvent Event, DateTimeOffset At, bool ByStaff)> Events { get; } = [];

        public Told Do(TicketCommand command, DateTimeOffset at, Actor by)
        {
            if (command.Handle(Ticket, new Circumstances(at, by, DeskRules.Default, Organisation)) is Decision.Accepted accepted)
                foreach (var (e, _) in accepted.Events)
                {
                    Ticket = Ticket.Evolve(Ticket, e, at, by.IsStaff);
                    Events.Add((e, at, by.IsStaff));
                }
            return this;
        }

        public Told Open(DateTimeOffset at, string desk = "billing/pl", Severity? severity = null, Channel channel = Channel.Email) => Do(
            new OpenTicket(17, desk.Split('/')[0], desk.Split('/')[1], channel, new Requester(new CustomerId(Guid.Empty)), "s", "b", severity), at, Customer);

        public IReadOnlyList<PastClock> Clocks => ClockStory.Of(Events);

        public IEnumerable<T> All<T>() where T : TicketEvent => Events.Select(e => e.Event).OfType<T>();
    }

    public static Told ATicket(SupportOrganisation? organisation = null) => new(OrganisationHistory.Of(organisation ?? Desks));

    public sealed record Move(int Minutes, TicketCommand Command, Actor By)
    {
        public override string ToString() => $"+{Minutes}m {By.Role} {Command}";
    }

    /// <param name="End">Minutes after the last move at which one looks.</param>
    public sealed record Life(string Desk, Severity? Severity, Channel Channel, DateTimeOffset Begin, IReadOnlyList<Move> Moves, int End)
    {
        public Told Tell(OrganisationHistory? organisation = null)
        {
            var told = new Told(organisation ?? OrganisationHistory.Of(Desks)).Open(Begin, Desk, Severity, Channel);
            var at = Begin;
            foreach (var move in Moves)
                told.Do(move.Command, at = at.AddMinutes(move.Minutes), move.By);
            return told;
        }

        public DateTimeOffset Looked => Begin.AddMinutes(Moves.Sum(m => m.Minutes) + End);

        public override string ToString() => $"{Desk} {Severity} {Channel} {Begin:u} [{string.Join(", ", Moves)}] +{End}m";
    }

    static Gen<TicketCommand> Commands => Gen.Frequency(
        (4, Gen.Elements(Channel.Email, Channel.Phone).Select(c => (TicketCommand)new ReceiveCustomerMessage(Guid.Empty, c, "m"))),
        (2, Gen.Elements(true, false).Select(reached => (TicketCommand)new CallBack(reached))),
        (3, Gen.Constant<TicketCommand>(new SendReply(Guid.Empty, Channel.Email, "r"))),
        (2, Gen.Constant<TicketCommand>(new AddNote(Guid.Empty, "n"))),
        (2, Gen.Elements(WaitingReason.Customer, WaitingReason.ThirdParty).Select(r => (TicketCommand)new StartWaiting(r))),
        (1, Gen.Constant<TicketCommand>(new EndWaiting())),
        (2, Gen.Elements(Severity.Critical, Severity.High, Severity.Standard, Severity.Defect).Select(s => (TicketCommand)new AssessSeverity(s))),
        (1, Gen.Elements("billing/pl", "billing/ar", "billing/fi", "billing/en", "cloud/pl").Select(d => (TicketCommand)new MoveTicket(d.Split('/')[0], d.Split('/')[1]))),
        (1, Gen.Elements("vip", "standard").Select(c => (TicketCommand)new ChangeContract(c))),
        (1, Gen.Constant<TicketCommand>(new ResolveTicket(Resolution.Fixed))),
        (1, Gen.Constant<TicketCommand>(new ReopenTicket(ReopenCause.Agent))),
        (1, Gen.Constant<TicketCommand>(new WakeTicket())));

    static Gen<Move> Moves =>
        from command in Commands
        from minutes in Gen.Frequency((3, Gen.Choose(0, 90)), (2, Gen.Choose(0, 600)), (1, Gen.Choose(0, 4_000)))
        from system in Gen.Choose(0, 9)
        let who = command is ReceiveCustomerMessage ? Customer : command is WakeTicket || (command is SendReply && system == 0) ? Actor.System : Ann
        select new Move(minutes, command, who);

    /// <summary>Lives around both changes of summer time, over nights and weekends.</summary>
    public static Arbitrary<Life> Lives { get; } = Arb.From(
        from desk in Gen.Elements("billing/pl", "billing/ar", "billing/fi", "billing/en", "cloud/pl")
        from severity in Gen.Elements<Severity?>(null, Severity.Critical, Severity.High, Severity.Standard, Severity.Defect)
        from channel in Gen.Elements(Channel.Email, Channel.Phone, Channel.Portal)
        from begin in Gen.Elements("2026-03-27T06:00Z", "2026-10-23T12:00Z", "2026-11-19T10:00Z")
        from offset in Gen.Choose(0, 3 * 24 * 60)
        from count in Gen.Choose(0, 9)
        from moves in Moves.ListOf(count)
        from end in Gen.Choose(0, 3_000)
        select new Life(desk, severity, channel, At(begin).AddMinutes(offset), [.. moves], end),
        life => life.Moves.Select((_, i) => life with { Moves = [.. life.Moves.Where((_, at) => at != i)] }));

    public static void ForAll(Action<Life> law, int cases = 10_000) => Prop.ForAll(Lives, law).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));
}
