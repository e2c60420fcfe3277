using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

public sealed class LedgerChainTests
{
    static readonly Guid Stream = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    static readonly DateTimeOffset At = new DateTimeOffset(2026, 8, 1, 10, 20, 30, TimeSpan.Zero).AddTicks(1_234_560);

    static EventDraft Draft(string data, params (string, string)[] headers) =>
        new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), "ticket_opened", "EventDesk.Domain.Tickets.TicketOpened, EventDesk.Domain",
            Encoding.UTF8.GetBytes(data), [.. headers.Select(h => KeyValuePair.Create(h.Item1, h.Item2))]);

    [Fact]
    public void T2_a_digest_is_over_the_one_before_and_the_canonical_envelope_and_stays_so_for_ever()
    {
        var start = ChainEnd.Start(Stream, "ticket");
        start.Digest.ToArray().ShouldBe(SHA256.HashData("eventdesk:ticket:01890a5d-ac96-774b-bcce-b302099a8057"u8));
        var linked = EventChain.Link(
            start, new Recording(At, "corr", null, "ann"),
            [Draft("""{"b":2,"a":{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealed":"eA=="}}""", ("role", "agent"), ("actor", "ann"))]);

        const string envelope = """
            {"causation":null,"correlation":"corr","data":{"a":{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealed":null},"b":2},"dotnetType":"EventDesk.Domain.Tickets.TicketOpened, EventDesk.Domain","headers":{"actor":"ann","role":"agent"},"id":"01890a5d-ac96-774b-bcce-b302099a8058","stream":"01890a5d-ac96-774b-bcce-b302099a8057","tenant":"*DEFAULT*","timestamp":"2026-08-01T10:20:30.123456Z","type":"ticket_opened","user":"ann","version":1}
            """;
        linked[0].Digest.ToArray().ShouldBe(SHA256.HashData([.. start.Digest.Span, .. Encoding.UTF8.GetBytes(envelope)]));
    }

    [Fact]
    public void T2_the_headers_hold_what_was_given_and_the_digest()
    {
        var linked = EventChain.Link(ChainEnd.Start(Stream, "ticket"), new(At), [Draft("{}", ("actor", "a\"b"), ("role", "é")), Draft("{}")]);
        using var headers = JsonDocument.Parse(linked[0].Headers);
        headers.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()).ShouldBe(new Dictionary<string, string?>
        {
            ["digest"] = Convert.ToBase64String(linked[0].Digest.Span), ["actor"] = "a\"b", ["role"] = "é",
        }, ignoreOrder: true);
        var read = new byte[32];
        Digests.TryReadHeader(linked[1].Headers.Span, read).ShouldBeTrue();
        read.ShouldBe(linked[1].Digest.ToArray());
    }

    [Fact]
    public void T2_events_of_one_append_link_to_each_other_as_those_of_several_do()
    {
        EventDraft one = Draft("""{"n":1}"""), two = Draft("""{"n":2}""");
        var together = EventChain.Link(ChainEnd.Start(Stream, "ticket"), new(At), [one, two]);
        var first = EventChain.Link(ChainEnd.Start(Stream, "ticket"), new(At), [one]);
        var second = EventChain.Link(new(Stream, 1, first[0].Digest), new(At), [two]);
        second[0].Digest.ToArray().ShouldBe(together[1].Digest.ToArray());
        together[0].Digest.ToArray().ShouldNotBe(together[1].Digest.ToArray());
    }

    [Fact]
    public void T2_a_stored_event_gives_the_digest_it_was_linked_with()
    {
        var start = ChainEnd.Start(Stream, "ticket");
        var linked = EventChain.Link(start, new(At, "c", "k", "u"), [Draft("""{"z":1,"a":"x"}""", ("actor", "ann"))])[0];
        var stored = new StoredEvent(
            99, linked.Id, Stream, 1, linked.Type, linked.DotnetType, At, "{\"a\": \"x\", \"z\": 1}"u8.ToArray(), linked.Headers, "c", "k", "u");
        var digest = new byte[32];
        EventChain.Digest(stored, start.Digest.Span, digest);
        digest.ShouldBe(linked.Digest.ToArray());
    }

    [Fact]
    public void T2_a_stream_of_another_kind_begins_another_chain() =>
        ChainEnd.Start(Stream, "ticket").Digest.ToArray().ShouldNotBe(ChainEnd.Start(Stream, "incident").Digest.ToArray());

    [Fact]
    public void T2_a_recorded_time_that_the_database_would_round_or_shift_is_refused()
    {
        var start = ChainEnd.Start(Stream, "ticket");
        Should.Throw<ArgumentException>(() => EventChain.Link(start, new(At.AddTicks(1)), [Draft("{}")]));
        Should.Throw<ArgumentException>(() => EventChain.Link(start, new(At.ToOffset(TimeSpan.FromHours(2))), [Draft("{}")]));
    }

    [Fact]
    public void T2_data_that_cannot_be_verified_later_is_refused_on_the_way_in() =>
        Should.Throw<FormatException>(() => EventChain.Link(ChainEnd.Start(Stream, "ticket"), new(At), [Draft("""{"price":1.5}""")]));

    [Fact]
    public void T2_a_header_cannot_pose_as_the_digest() =>
        Should.Throw<ArgumentException>(() => EventChain.Link(ChainEnd.Start(Stream, "ticket"), new(At), [Draft("{}", ("digest", "x"))]));

    [Theory]
    [InlineData("{}"), InlineData(""), InlineData("[]"), InlineData("null"), InlineData("""{"digest":null}"""), InlineData("""{"digest":"AAAA"}""")]
    [InlineData("""{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="}"""), InlineData("""{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA =" """)]
    public void T2_only_one_form_of_a_digest_counts(string headers) =>
        Digests.TryReadHeader(Encoding.UTF8.GetBytes(headers), new byte[32]).ShouldBeFalse();
}
