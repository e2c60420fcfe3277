using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Views;

/// <summary>Anything that can happen in any order: imported histories went through none of our gates.</summary>
static class RandomLives
{
    /// <param name="Minutes">After the event before; sometimes none, sometimes earlier.</param>
    /// <param name="Row">It came from a row of a source.</param>
    public sealed record Happening(TicketEvent Event, Actor By, int Minutes, bool Row)
    {
        public override string ToString() => $"{Minutes:+0;-0}m {By.Id}{(Row ? " (row)" : "")} {Event.GetType().Name}";
    }

    static readonly Gen<SupportLine> Lines = Gen.Elements(Enum.GetValues<SupportLine>());
    static readonly Gen<Severity> Severities = Gen.Elements(Enum.GetValues<Severity>());
    static readonly Gen<string> Teams = Gen.Elements("north", "south", "west");
    static readonly Gen<string?> PerhapsTeam = Gen.Elements<string?>(null, "north", "south");
    static readonly Gen<DateTimeOffset?> Dates = Gen.Elements<DateTimeOffset?>(null, Life.Monday.AddDays(3), Life.Monday.AddDays(5));

    static readonly Gen<TicketEvent> Events = Gen.OneOf(
        As(Gen.Constant(new CustomerMessageReceived(Guid.Empty, Channel.Email, "text"))),
        As(Gen.Elements(true, false, false).Select(auto => new ReplySent(Guid.Empty, Channel.Email, "text", auto))),
        As(Gen.Constant(new NoteAdded(Guid.Empty, "text"))),
        As(Gen.Elements(true, false).Select(i => new AttachmentAdded(Guid.Empty, "name", "text/plain", 1, "AAAA", i))),
        As(Lines.Zip(PerhapsTeam, (l, t) => new TicketTriaged(l, t))),
        As(Gen.Elements("ann", "ben").Zip(PerhapsTeam, (a, t) => new TicketAssigned(new AgentId(a), t))),
        As(Gen.Constant(new TicketUnassigned())),
        As(Teams.Select(t => new TicketTransferred(t))),
        As(Gen.Elements("billing", "cloud").Select(p => new TicketMoved(p, "en"))),
        As(Severities.Select(s => new SeverityChanged(null, s))),
        As(Lines.Zip(PerhapsTeam, (l, t) => new TicketEscalated(SupportLine.L1, l, "reason", t))),
        As(Lines.Zip(PerhapsTeam, (l, t) => new TicketDeEscalated(SupportLine.L3, l, "reason", t))),
        As(Gen.Constant(new ManagementEscalated(SupportLine.L3, "reason"))),
        As(Gen.Elements(Enum.GetValues<WaitingReason>()).Zip(Dates, (r, until) => new WaitingStarted(r, until))),
        As(Gen.Constant(new WaitingEnded(WaitingEnd.Agent))),
        As(Gen.Elements(Enum.GetValues<Resolution>()).Zip(Gen.Choose(1, 3), (how, cycle) => new TicketResolved(how, cycle))),
        As(Gen.Elements(Enum.GetValues<ReopenCause>()).Select(c => new TicketReopened(c))),
        As(Gen.Elements(Enum.GetValues<CloseCause>()).Select(c => new TicketClosed(c))),
        As(Gen.Choose(1, 3).Zip(Gen.Choose(1, 5), (cycle, rating) => new FeedbackGiven(cycle, rating, GiveFeedback.Scale, rating < 3 ? new SealedText("comment") : null))),
        As(Gen.Choose(1, 3).Select(cycle => new FeedbackReviewed(cycle, "speed"))),
        As(Gen.Constant(new TicketMerged(default))),
        As(Gen.Constant(new TicketUnmerged(default))),
        As(Dates.Select(since => new TicketAbsorbed(default, since))),
        As(Gen.Constant(new TicketReleased(default))),
        As(Gen.Constant(new ActivityImported("something"))));

    public static readonly Gen<Happening> Happenings =
        from e in Events
        from actor in Gen.Elements(Life.Ann, Life.Ben, Life.Customer, Actor.System)
        from minutes in Gen.Frequency((6, Gen.Choose(1, 4_000)), (2, Gen.Constant(0)), (1, Gen.Choose(-30, -1)))
        from row in Gen.Elements(true, false, false)
        select new Happening(e, actor, minutes, row);

    /// <summary>Three tickets at once, up to 30 events each.</summary>
    public static readonly Arbitrary<Happening[][]> Three = Arb.From(
        Gen.Choose(1, 30).SelectMany(n => Happenings.ArrayOf(n)).ArrayOf(3),
        lives => Enumerable.Range(0, 3).SelectMany(at => Enumerable.Range(0, lives[at].Length)
            .Select(i => lives.Select((l, j) => j == at ? [.. l.Where((_, k) => k != i)] : l).ToArray())));

    public static Life Live(IEnumerable<Happening> happenings, int number)
    {
        var life = new Life(number, triage: number == 2, team: number == 3 ? "north" : null, source: number == 3 ? "log" : null);
        foreach (var h in happenings)
        {
            life.After(TimeSpan.FromMinutes(h.Minutes));
            if (h.Row) life.Row(h.Minutes % 2 == 0 ? "work" : "rest", "state " + (h.Minutes % 3), h.By, h.Event);
            else life.Then(h.Event, h.By, h.Minutes % 5 == 0 ? SupportLine.L1 : null);
        }
        return life;
    }

    static Gen<TicketEvent> As<T>(Gen<T> gen) where T : TicketEvent => gen.Select(e => (TicketEvent)e);
}
