using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Access;
using EventDesk.Service.Attachments;
using EventDesk.Service.People;
using EventDesk.Service.Retention;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Retention;

/// <summary>R5: who it was goes, of tickets and of accounts.</summary>
public sealed class AnonymisingTests
{
    [Fact]
    public async Task R5_who_it_was_goes_what_was_written_stays_and_nothing_leads_to_the_customer_any_more()
    {
        await using var t = await RetainingDesk.Start(null, new RetentionRule("anonymous", RetentionTrigger.SinceResolved, RetentionAction.Anonymise, 10));
        var kim = t.Desk.Customer("kim.doe@example.org");
        var ticket = await t.Desk.Open("Invoice for Bob", "Bob here: no invoice came. My card is 4111 1111 1111 1111.", email: "kim.doe@example.org");
        await t.Do(ticket, new SendReply(Guid.CreateVersion7(), Channel.Email, "Dear Bob, we sent it again to kim.doe@example.org."));
        var telling = await Attach(t, ticket, "letter.txt", "text/plain", "Sincerely, BOB");
        var harmless = await Attach(t, ticket, "log.txt", "text/plain", "error 17 at line 4");
        var picture = await Attach(t, ticket, "passport.png", "image/png", "…");
        await t.Do(ticket, new ResolveTicket(Domain.Tickets.Resolution.Fixed), Operation.Resolve);
        t.Days(10);
        (await t.Run()).ShouldBe(new RetentionTotals(0, 1, 0, 0, 0));

        var history = (await t.Desk.Desk.History(ticket, TestDesk.Auditor, Operation.ReadHistory, default))!;
        var events = history.Events.Select(history.Read).Select(e => e.Event).ToList();
        var opened = (TicketOpened)events[0];
        (opened.Requester.Name!.Text, opened.Requester.Email!.Text).ShouldBe((Masking.Stars, Masking.Stars));
        (opened.Subject!.Text, opened.Body!.Text).ShouldBe(("Invoice for ********", "******** here: no invoice came. My card is ********."));
        events.OfType<ReplySent>().Single().Body.Text.ShouldBe("Dear ********, we sent it again to ********.");
        events[^1].ShouldBe(new TicketAnonymised());
        history.Events[^1].Version.ShouldBe(history.Entry.Version);
        (await t.Desk.Desk.SubjectOf(history.Entry, default)).ShouldBe("Invoice for ********");
        (await t.Desk.Desk.Find(ticket, kim, Operation.ReadTicket, default)).ShouldBeNull("it is nobody's now");
        var files = t.Desk.Get<AttachmentStore>();
        (await files.Open(ticket, telling, default)).ShouldBeNull();
        (await files.Open(ticket, picture, default)).ShouldBeNull("what cannot be searched goes");
        using (var kept = new StreamReader((await files.Open(ticket, harmless, default))!))
            (await kept.ReadToEndAsync()).ShouldBe("error 17 at line 4");
        var customer = kim.Principal.Customer!.Value.Value;
        (await t.Scalar($"select count(*) from ticket where customer = '{customer}'")).ShouldBe(0);
        (await t.Scalar($"select (select count(*) from ticket_retention where customer = '{customer}') + (select count(*) from customer_retention where customer = '{customer}')")).ShouldBe(0);
        (await t.Scalar($"select count(*) from erased_stream where stream_id = '{ticket}' and destroyed is not null")).ShouldBe(1);
        t.Days(400);
        (await t.Preview()).ShouldBeEmpty();
        await t.IsSound();
    }

    static async Task<Guid> Attach(RetainingDesk t, Guid ticket, string name, string type, string content)
    {
        var files = t.Desk.Get<AttachmentStore>();
        var stored = (await files.Put(ticket, new MemoryStream(Encoding.UTF8.GetBytes(content)), 1_000, default))!;
        await t.Do(ticket, new AddAttachment(stored.Id, name, type, stored.Bytes, Convert.ToBase64String(stored.Digest), false), Operation.Attach);
        await files.Keep(stored.Id, default);
        return stored.Id;
    }

    [Fact]
    public async Task R5_a_customers_request_takes_the_tickets_there_were_each_once_it_is_not_open()
    {
        await using var t = await RetainingDesk.Start(null, new RetentionRule("asked", RetentionTrigger.CustomerRequest, RetentionAction.Purge, 0));
        var requests = t.Desk.Get<ErasureRequests>();
        var officer = new Actor("olga", Role.PrivacyOfficer);
        (await requests.Record(t.Desk.Desk.CustomerOf("nobody@example.org"), officer, null, default)).ShouldBeNull();
        var (ended, open, others) = (await t.Resolved(), await t.Desk.Open(), await t.Resolved("kim@example.org"));
        (await requests.Record(t.Desk.Desk.CustomerOf("bob@example.org"), officer, null, default))!.Value.Version.ShouldBe(1);
        (await requests.Record(t.Desk.Desk.CustomerOf("bob@example.org"), officer, null, default))!.Value.Version.ShouldBe(2);
        var later = await t.Resolved();
        (await t.Preview()).Select(d => d.Ticket).ShouldBe([ended]);
        (await t.Run()).Purged.ShouldBe(1);
        await t.Do(open, new ResolveTicket(Domain.Tickets.Resolution.Fixed), Operation.Resolve);
        (await t.Preview()).Select(d => d.Ticket).ShouldBe([open]);
        (await t.Run()).Purged.ShouldBe(1);
        foreach (var kept in new[] { others, later })
            (await t.Read(kept)).Entry.Ticket.Status.ShouldBe(Status.Resolved);
        await t.IsSound();
    }

    [Fact]
    public async Task R5_people_who_do_not_sign_in_and_those_who_ask_are_removed_with_all_that_tells_who_they_were()
    {
        await using var t = await RetainingDesk.Start(new AccountRetention(30));
        var people = t.Desk.Get<PeopleDesk>();
        var admin = new Actor("adam", Role.Administrator);
        async Task<Guid> Provision(string handle) =>
            ((Outcome.Done)await people.Provision(new NewPerson(handle, new PersonTexts($"{handle}@example.com", $"Kanarienvogel {handle}", Email: $"{handle}@example.com")), admin, null, default)).Ticket;
        var (away, here, asks) = (await Provision("away"), await Provision("here"), await Provision("asks"));
        t.Days(29);
        await t.Desk.Get<Sessions>().Start(here, new Actor("here", Role.Agent), null, ["mfa"], null, default);
        (await t.Run()).People.ShouldBe(0);

        (await t.Retention.Forget(asks, admin, null, default)).ShouldBeOfType<Outcome.Done>();
        (await t.Retention.Forget(asks, admin, null, default)).ShouldBeOfType<Outcome.Done>("asking twice is harmless");
        t.Days(1);
        (await t.Retention.Preview(t.Desk.Clock.GetUtcNow(), null, 10, default)).Totals.People.ShouldBe(1);
        (await t.Run()).People.ShouldBe(1);
        (await t.Run()).People.ShouldBe(0);

        foreach (var gone in new[] { away, asks })
        {
            var entry = (await people.Find(gone, default))!;
            (entry.State.Active, entry.State.Removed, entry.State.Forgotten).ShouldBe((false, true, true));
            (entry.Texts.UserName, entry.Texts.Name, entry.Texts.Email).ShouldBe(("", null, null));
            entry.State.CredentialsEndedAt.ShouldNotBeNull();
            (await t.Scalar($"select count(*) from stream_key where stream_id = '{gone}'")).ShouldBe(0);
            (await t.Scalar($"select count(*) from erased_stream where stream_id = '{gone}' and destroyed is not null")).ShouldBe(1);
            (await people.Handle(gone, new ChangeDetails(people.Seal(new PersonTexts("new@example.com"))), null, admin, null, default)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("person_removed");
        }
        (await people.Find(here, default))!.Texts.Name.ShouldBe("Kanarienvogel here");
        (await t.Scalar($"select count(*) from mt_events where stream_id = '{away}' and headers ->> 'rule' = 'retention/accounts' and headers ->> 'ruleVersion' = '1'")).ShouldBe(2);
        (await people.FindByUserName("away@example.com", default)).ShouldBeNull("the name is free");
        await t.IsSound();
    }

    [Fact]
    public async Task R5_of_administrators_who_do_not_sign_in_the_one_who_was_here_last_stays()
    {
        await using var t = await RetainingDesk.Start(new AccountRetention(30));
        var people = t.Desk.Get<PeopleDesk>();
        var admin = new Actor("adam", Role.Administrator);
        async Task<Guid> Administrator(string handle) => ((Outcome.Done)await people.Provision(
            new NewPerson(handle, new PersonTexts($"{handle}@example.com"), Access: new SetAccess([Role.Administrator], [], [])), admin, null, default)).Ticket;
        var (first, last) = (await Administrator("first"), await Administrator("last"));
        t.Days(1);
        await t.Desk.Get<Sessions>().Start(last, new Actor("last", Role.Administrator), null, ["mfa"], null, default);
        t.Days(40);
        (await t.Retention.Preview(t.Desk.Clock.GetUtcNow(), null, 10, default)).Totals.People.ShouldBe(1);
        (await t.Run()).People.ShouldBe(1);
        (await t.Run()).People.ShouldBe(0);
        ((await people.Find(first, default))!.State.Active, (await people.Find(last, default))!.State.Active).ShouldBe((false, true));
        (await t.Retention.Forget(last, admin, null, default)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("last_administrator");
    }
}
