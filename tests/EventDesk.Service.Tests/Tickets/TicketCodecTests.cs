using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using EventDesk.Store;

namespace EventDesk.Service.Tests.Tickets;

public sealed class TicketCodecTests
{
    static readonly Guid Stream = Guid.CreateVersion7();

    /// <summary>One of each, every optional member filled, so that a member the codec forgets is seen.</summary>
    public static TheoryData<TicketEvent> EveryEvent => [
        new TicketOpened(
            17, "billing", "pl", Channel.Portal, new Requester(new(Guid.CreateVersion7()), "Ola Nowak", "ola@example.org"), "Faktura", "Gdzie jest? „ą” 🙂",
            Severity.High, SupportLine.L1, true, "first", new Dictionary<string, SealedText> { ["order"] = "A-17" }, "log", "case 1", "vip"),
        new ConfirmationIssued(17, Channel.Email),
        new CustomerMessageReceived(Guid.CreateVersion7(), Channel.Chat, "Hello"),
        new ReplySent(Guid.CreateVersion7(), Channel.Phone, "Answer", true),
        new NoteAdded(Guid.CreateVersion7(), "note \"quoted\" \\ \u0007"),
        new AttachmentAdded(Guid.CreateVersion7(), "invoice.pdf", "application/pdf", 5_000_000_000, "abc=", true),
        new CallbackRequested("contract/vip"), new CallbackReached("done by phone"), new CallbackMissed("no answer"), new MailCollected("desk/billing/pl"),
        new TicketTriaged(SupportLine.L2, "billing"), new TicketAssigned(new("ann"), "t"), new TicketUnassigned("ill"), new TicketTransferred("t2"),
        new SeverityAssessed(SupportLine.Management, Severity.Defect, "because"), new SeverityChanged(Severity.High, Severity.Request),
        new TicketEscalated(SupportLine.L1, SupportLine.L2, "r", "t"), new TicketDeEscalated(SupportLine.L3, SupportLine.L1, "r", "t"),
        new ManagementEvaluated(true, "r"), new ManagementEscalated(SupportLine.L3, "r"),
        new WaitingStarted(WaitingReason.PlannedDate, new DateTimeOffset(2026, 11, 3, 4, 5, 6, TimeSpan.Zero), "n"), new WaitingEnded(WaitingEnd.DateReached),
        new TicketResolved(Resolution.Workaround, 2, "s"), new TicketReopened(ReopenCause.Agent, "r"), new TicketClosed(CloseCause.WindowElapsed),
        new FeedbackGiven(1, 4, "csat-5", "fine"), new FeedbackReviewed(1, "praise", "told ann"),
        new SlaTargetSet("vip", 3, Severity.High, new(3600, "desk/billing/pl", 2880, 1800, "contract/vip"), new(7200), new(1800)), new TicketMoved("billing", "en"), new ContractChanged("vip"), new SlaWarned(SlaClockKind.FirstResponse, DateTimeOffset.UnixEpoch),
        new SLABreached(SlaClockKind.FirstResponse, DateTimeOffset.UnixEpoch), new IncidentDeclared(Guid.CreateVersion7()),
        new IncidentLinked(Guid.CreateVersion7()), new TicketMerged(new(Guid.CreateVersion7())), new TicketUnmerged(new(Guid.CreateVersion7())),
        new TicketLinked(new(Guid.CreateVersion7()), "duplicates"), new TicketUnlinked(new(Guid.CreateVersion7()), "duplicates"),
        new TicketAbsorbed(new(Guid.CreateVersion7()), DateTimeOffset.UnixEpoch), new TicketReleased(new(Guid.CreateVersion7())), new TicketTagged(["a"], ["b"]), new LegalHoldPlaced("court"),
        new LegalHoldLifted("over"), new PassageRedacted(3, "body", 1, 4, [new(3, "body", "x ******** y")], DateTimeOffset.UnixEpoch, "because"),
        new PassagesErased([new(3, "body", 1, 4)], "because", [new(3, "body", "Hello")], [new(3, "body", "x ********")], [new(3, "body", 7, 2, DateTimeOffset.UnixEpoch)],
            [new(Guid.CreateVersion7(), Guid.CreateVersion7(), "abc=")]),
        new OriginalRevealed(3, "body", "audit"), new RevealRequested(3, "body", "audit", new("ann")), new RevealApproved(3, "body", new("ann")), new TicketPurged("cert", PurgeReason.RetentionExpired),
        new TicketAnonymised(), new TicketExpirySet(new(2031, 3, 31), "warranty"),
        new ActivityImported("Wait - User"),
    ];

    [Fact]
    public void A3_Every_event_of_the_domain_is_in_this_list() =>
        EveryEvent.Select(e => e.Data.GetType()).Distinct().Count().ShouldBe(EventNames.ByAlias.Count);

    [Theory]
    [MemberData(nameof(EveryEvent))]
    public void A3_Every_event_comes_back_as_it_was_stored(TicketEvent e)
    {
        var scope = new SealScope(Stream, null);
        var data = TicketCodec.Write(e, 5, scope);
        var back = TicketCodec.Read(Stored(EventNames.Alias(e), data, 5), scope.Key);
        TicketCodec.Write(back.Event, 5, new SealScope(Stream, scope.Key)).Length.ShouldBe(data.Length);
        Shown(back.Event).ShouldBe(Shown(e));
    }

    [Theory]
    [MemberData(nameof(EveryEvent))]
    public void R1_No_sealed_text_is_in_the_stored_bytes_and_none_comes_back_without_the_key(TicketEvent e)
    {
        var scope = new SealScope(Stream, null);
        var data = TicketCodec.Write(e, 5, scope);
        var json = Encoding.UTF8.GetString(data);
        foreach (var secret in new[] { "Ola Nowak", "ola@example.org", "Faktura", "Gdzie", "Hello", "Answer", "quoted", "invoice.pdf", "because", "told ann", "court", "A-17", "done by phone", "no answer" })
            json.ShouldNotContain(secret);
        var back = TicketCodec.Read(Stored(EventNames.Alias(e), data, 5), null);
        if (back.Event is TicketOpened o) (o.Subject, o.Body, o.Requester.Email).ShouldBe((SealedText.Erased, SealedText.Erased, SealedText.Erased));
    }

    [Fact]
    public void R1_A_text_opens_only_at_the_version_it_was_sealed_for()
    {
        var scope = new SealScope(Stream, null);
        var data = TicketCodec.Write(new NoteAdded(Guid.CreateVersion7(), "secret"), 5, scope);
        TicketCodec.Read(Stored("note_added", data, 6), scope.Key).Event.ShouldBeOfType<NoteAdded>().Body.Text.ShouldBeNull();
    }

    [Fact]
    public void A3_An_event_of_a_newer_program_is_an_error_that_says_so() =>
        Should.Throw<UnknownEventException>(() => TicketCodec.Read(Stored("ticket_teleported", "{}"u8.ToArray(), 1), null));

    [Theory]
    [InlineData("TicketOpened", "ticket_opened")]
    [InlineData("SLABreached", "sla_breached")]
    [InlineData("TicketV2Opened", "ticket_v2_opened")]
    [InlineData("Order2Shipped", "order_2_shipped")]
    [InlineData("TicketDeEscalated", "ticket_de_escalated")]
    public void Aliases_follow_Martens_rule(string name, string alias) => EventNames.SnakeCase(name).ShouldBe(alias);

    [Fact]
    public void T1_Headers_keep_who_when_why_and_where_from()
    {
        var recorded = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
        var meta = new EventMeta(
            new Actor("ann", Role.Manager), recorded.AddDays(-2).AddMicroseconds(7), recorded, new RuleRef("r", 3), SupportLine.L1, "Accepted/In Progress", "Accepted", 4);
        var json = "{" + string.Join(",", meta.ToHeaders().Select(h => $"\"{h.Key}\":\"{h.Value}\"")) + ",\"digest\":\"x\"}";
        EventMeta.Read(Encoding.UTF8.GetBytes(json), recorded).ShouldBe(meta);
    }

    static StoredEvent Stored(string type, byte[] data, long version) =>
        new(1, Guid.CreateVersion7(), Stream, version, type, null, DateTimeOffset.UnixEpoch, data, """{"actor":"x","role":"agent"}"""u8.ToArray(), null, null, null);

    static string Shown(TicketEvent e) =>
        System.Text.Json.JsonSerializer.Serialize(e, e.GetType());
}
