using System.Globalization;
using System.Text;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tests.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Timing;

/// <summary>Runs while no other test does: the zone of the machine is one for the whole process.</summary>
[CollectionDefinition(nameof(MachineZone), DisableParallelization = true)]
public sealed class MachineZone;

/// <summary>
/// The same lives decided, stored, read back and timed on machines that stand in different time zones. A machine's zone is what TZ says when it is
/// looked up, and everything in .NET that speaks of local time looks it up in <see cref="TimeZoneInfo.Local"/>.
/// </summary>
[Collection(nameof(MachineZone))]
public sealed class MachineZoneTests : IDisposable
{
    const int Cases = 10_000;

    /// <summary>Behind and before UTC, by half an hour, with summer time of its own in the north and in the south, and half an hour of it.</summary>
    static readonly string[] Zones = ["UTC", "Asia/Kolkata", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe", "Europe/Warsaw"];

    static readonly OrganisationHistory Organisation = OrganisationHistory.Of(ClockWorld.Desks);
    static readonly Guid Stream = new("019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a");

    /// <summary>The same on every run, so that what differs in one zone can be looked at in another.</summary>
    static readonly IReadOnlyList<ClockWorld.Life> Lives = [.. Golden, .. ClockWorld.Lives.Generator.Sample(Cases, new Rnd(20261126, 7), 30)];

    static IEnumerable<ClockWorld.Life> Golden =>
    [
        .. from life in new (string Desk, Severity Severity, string At)[]
           {
               ("billing/pl", Severity.High, "2026-10-23T13:30Z"), ("billing/ar", Severity.High, "2026-11-19T14:00Z"), ("billing/fi", Severity.High, "2026-07-06T04:30Z"),
               ("billing/en", Severity.Critical, "2026-10-24T21:30Z"), ("cloud/pl", Severity.Critical, "2026-11-20T15:30Z"), ("cloud/pl", Severity.High, "2026-11-20T15:30Z"),
           }
           from channel in new[] { Channel.Email, Channel.Phone }
           select new ClockWorld.Life(life.Desk, life.Severity, channel, ClockWorld.At(life.At), [], 4_000),
    ];

    readonly string? before = Environment.GetEnvironmentVariable("TZ");

    public void Dispose() => StandIn(before);

    [Fact]
    public void C2_C5_Replay_on_a_machine_in_any_time_zone_gives_the_same_clocks()
    {
        StandIn(Zones[0]);
        var told = Lives.Select(l => (Life: l, Told: l.Tell(Organisation))).Select(t => (t.Life, Events: Stored(t.Told), Decided: Decided(t.Told))).ToList();
        var expected = told.ConvertAll(t => Figures(t.Life, t.Events));
        expected.Count.ShouldBeGreaterThanOrEqualTo(Cases);
        foreach (var zone in Zones.Skip(1))
        {
            StandIn(zone);
            for (var i = 0; i < told.Count; i++)
            {
                Figures(told[i].Life, told[i].Events).ShouldBe(expected[i], $"{told[i].Life} in {zone}");
                Decided(told[i].Life.Tell(Organisation)).ShouldBe(told[i].Decided, $"{told[i].Life} decided in {zone}");
            }
        }
    }

    [Fact]
    public void C2_The_zones_do_differ_code_that_asked_for_local_time_would_be_found_out()
    {
        List<string> days = [], hours = [];
        foreach (var zone in Zones)
        {
            StandIn(zone);
            TimeZoneInfo.Local.Id.ShouldBe(zone);
            days.Add(string.Concat(Lives.Take(1_000).Select(l => l.Begin.LocalDateTime.ToString("dd HH:mm ", CultureInfo.InvariantCulture))));
            hours.Add(string.Concat(Lives.Take(1_000).Select(l => Naive(l.Begin))));
        }
        days.Distinct().Count().ShouldBe(Zones.Length);
        hours.Distinct().Count().ShouldBeGreaterThan(1);

        // Opening hours as somebody would write them who trusts the machine's clock.
        static string Naive(DateTimeOffset at) => at.LocalDateTime.Hour is >= 8 and < 16 ? "open " : "closed ";
    }

    static void StandIn(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }

    static List<(string Type, byte[] Data, DateTimeOffset At, bool ByStaff)> Stored(ClockWorld.Told told) =>
        told.Events.ConvertAll(e => (EventNames.Alias(e.Event), TicketCodec.Write(e.Event, 1, new SealScope(Stream, null)), e.At, e.ByStaff));

    /// <summary>What was decided, word for word, but for texts: those are sealed anew each time.</summary>
    static string Decided(ClockWorld.Told told) =>
        string.Join('\n', told.Events.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Event} {e.At.UtcTicks} {e.At.Offset} {e.ByStaff}")));

    /// <summary>All that is read of a ticket's time: its row, its state as stored, and each clock with its segments.</summary>
    static string Figures(ClockWorld.Life life, IReadOnlyList<(string Type, byte[] Data, DateTimeOffset At, bool ByStaff)> stored)
    {
        var events = stored.Select(e => (TicketCodec.Decode(e.Type, 1, e.Data, new SealScope(Stream, null)), e.At, e.ByStaff)).ToList();
        var ticket = events.Aggregate(Ticket.None, (t, e) => Ticket.Evolve(t, e.Item1, e.At, e.ByStaff));
        var row = TicketRow.Of(new TicketEntry(Stream, events.Count, default, ticket, default), Organisation.Hours);
        var figures = new StringBuilder($"{row.Due.Ticks} {row.WakeAt?.Ticks} {row.Sla} {row.Place} {row.OpenedAt.Ticks} {row.Callback.Due?.Ticks} {row.State}\n");
        foreach (var clock in ClockStory.Of(events))
        {
            var face = clock.Clock.Read(clock.Stopped ?? life.Looked, Organisation.Hours);
            figures.Append(CultureInfo.InvariantCulture, $"{clock.Clock.Kind} {face.State} {face.Elapsed.TotalNanoseconds} {face.Due?.ToUnixTimeTicks()} {face.WarnAt?.ToUnixTimeTicks()}");
            foreach (var segment in clock.Segments(life.Looked, Organisation.Hours))
                figures.Append(CultureInfo.InvariantCulture, $" {segment.Kind} {segment.From.ToUnixTimeTicks()} {segment.To.ToUnixTimeTicks()} {segment.Calendar}");
            figures.Append('\n');
        }
        return figures.ToString();
    }
}
