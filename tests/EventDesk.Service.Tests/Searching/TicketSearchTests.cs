using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Privacy;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Privacy;
using EventDesk.Service.Searching;
using EventDesk.Service.Tickets;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Searching;

public sealed class TicketSearchTests : IAsyncLifetime
{
    readonly TestDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();
    public ValueTask DisposeAsync() => desk.DisposeAsync();

    static readonly Asker Officer = TestDesk.Someone("pia", Role.PrivacyOfficer);

    async Task CatchUp()
    {
        while (await desk.Get<SearchIndex>().Pass(default) is not SearchStep.Nothing)
        {
            // Another step.
        }
    }

    async Task<SearchPage> Page(string text, Principal? who = null, SearchFilter? filter = null, long? below = null, int limit = 20) =>
        await desk.Get<TicketSearch>().Page(SearchQuery.Parse(text)!, filter ?? new(), who ?? TestDesk.Agent.Principal, below, limit, default);

    async Task<IReadOnlyList<Guid>> Found(string text, Principal? who = null, SearchFilter? filter = null)
    {
        await CatchUp();
        return [.. (await Page(text, who, filter)).Hits.Select(h => h.Id)];
    }

    [Fact]
    public async Task D4_subjects_questions_messages_replies_and_notes_are_searched()
    {
        var ticket = await desk.Open("Alpha", "A bravo");
        await desk.Do(ticket, new ReceiveCustomerMessage(Guid.CreateVersion7(), Channel.Email, "charlie"), operation: Operation.WriteAsCustomer);
        await desk.Do(ticket, new SendReply(Guid.CreateVersion7(), Channel.Email, "delta"));
        await desk.Do(ticket, new AddNote(Guid.CreateVersion7(), "echo"), operation: Operation.AddNote);
        await desk.Open("Other", "Nothing of it");
        foreach (var word in new[] { "alpha", "bravo", "charlie", "delta", "echo", "alpha echo" })
            (await Found(word)).ShouldBe([ticket], word);
        (await Page("charlie")).Hits.Single().ShouldSatisfyAllConditions(
            h => h.Place.ShouldBe(SearchPlace.Message),
            h => h.Snippet.ShouldBe([new("charlie", true)]),
            h => h.Subject.ShouldBe([new("Alpha", false)]));
    }

    [Fact]
    public async Task D4_a_new_message_is_found_when_the_index_has_read_on()
    {
        var ticket = await desk.Open("Alpha", "one");
        (await Found("later")).ShouldBeEmpty();
        await desk.Do(ticket, new AddNote(Guid.CreateVersion7(), "later"), operation: Operation.AddNote);
        (await Found("later alpha")).ShouldBe([ticket]);
    }

    [Fact]
    public async Task D4_rows_of_words_exclusions_beginnings_and_numbers()
    {
        var one = await desk.Open("Refund of the second invoice", "Order AB-1234 came twice.");
        var two = await desk.Open("Second refund", "The invoice of order AB-9999.");
        (await Found("refund invoice")).ShouldBe([two, one], "newest first");
        (await Found("\"second invoice\"")).ShouldBe([one]);
        (await Found("refund -twice")).ShouldBe([two]);
        (await Found("refund -\"second invoice\"")).ShouldBe([two]);
        (await Found("AB-1234")).ShouldBe([one]);
        (await Found("AB-12")).ShouldBe([one], "the end is not typed yet");
        (await Found("\"AB-12\"")).ShouldBeEmpty();
        (await Found("refund inv")).ShouldBe([two, one]);
        (await Found("seco refund")).ShouldBeEmpty("only the last word may be unfinished");
        var number = (await desk.Desk.Find(one, TestDesk.Agent, Operation.ReadTicket, default))!.Ticket.Number;
        (await Found($"#{number}")).ShouldContain(one);
    }

    [Fact]
    public async Task D4_pages_go_on_below_the_last_ticket_and_show_each_once()
    {
        List<Guid> all = [];
        for (var i = 0; i < 7; i++)
            all.Add(await desk.Open("Common", $"text {i}"));
        await CatchUp();
        List<Guid> seen = [];
        for (long? below = null; ;)
        {
            var page = await Page("common", below: below, limit: 3);
            seen.AddRange(page.Hits.Select(h => h.Id));
            if ((below = page.Below) is null)
                break;
        }
        seen.ShouldBe(Enumerable.Reverse(all));
    }

    [Fact]
    public async Task D4_only_tickets_within_reach_are_found_and_customers_find_none()
    {
        var (here, there) = (await desk.Open("Common", product: "billing"), await desk.Open("Common", product: "router"));
        (await Found("common")).ShouldBe([there, here]);
        var ofBilling = new Principal("bea", new HashSet<Role> { Role.Agent }, new HashSet<DeskId> { DeskId.Of("billing", "en") });
        (await Found("common", ofBilling)).ShouldBe([here]);
        (await Found("common", filter: new(DeskId.Of("router", "en")))).ShouldBe([there]);
        (await Found("common", ofBilling, new(DeskId.Of("router", "en")))).ShouldBeEmpty();
        (await Found("common", desk.Customer("bob@example.org").Principal)).ShouldBeEmpty();
        await desk.Do(here, new MoveTicket("router", "en"), TestDesk.Coordinator, Operation.Move);
        (await Page("common", ofBilling)).Hits.ShouldBeEmpty("at once, whatever the index knows");
    }

    [Fact]
    public async Task R3_what_is_hidden_is_not_found_even_before_the_index_has_read_of_it()
    {
        var ticket = await desk.Open("Alpha", "My card is hornbill today");
        (await Found("hornbill")).ShouldBe([ticket]);
        await Privacy("hornbill", ticket, erase: false, TestDesk.Agent);
        (await Page("hornbill")).Hits.ShouldBeEmpty();
        (await Found("hornbill")).ShouldBeEmpty();
        (await Found("hornbill", Officer.Principal)).ShouldBeEmpty();
        (await Found("today")).ShouldBe([ticket]);
        (await Page("today")).Hits.Single().Snippet.ShouldBe([new("My card is ******** ", false), new("today", true)]);
    }

    [Fact]
    public async Task R4_what_is_erased_or_purged_is_not_found_and_has_no_entry()
    {
        var (erased, purged) = (await desk.Open("Alpha", "My card is hornbill today"), await desk.Open("Alpha", "toucan"));
        await CatchUp();
        var before = await Marks();
        await Privacy("hornbill", erased, erase: true, Officer);
        (await desk.Do(purged, new ResolveTicket(Resolution.Fixed), operation: Operation.Resolve)).ShouldBeOfType<Outcome.Done>();
        (await desk.Get<TicketPrivacy>().Purge(purged, PurgeReason.CustomerRequest, null, null, Officer, null, default)).ShouldBeOfType<Outcome.Done>();
        (await Page("hornbill")).Hits.ShouldBeEmpty("at once");
        (await Page("alpha")).Hits.Select(h => h.Id).ShouldBe([erased], "what is kept is found");
        (await Marks()).Count.ShouldBe(1, "of the purged ticket nothing is left at once");
        (await Found("hornbill")).ShouldBeEmpty();
        (await Found("today")).ShouldBe([erased]);
        (await Found("toucan")).ShouldBeEmpty();
        (await Marks()).Single().Length.ShouldBeLessThan(before[0].Length);
    }

    [Fact]
    public async Task D4_no_word_stands_in_the_index()
    {
        await desk.Open("Alpha", "hornbill");
        await CatchUp();
        await using var command = desk.Store.DataSource.CreateCommand("select string_agg(e::text, '') || (select string_agg(s::text, '') from search_state s) from search_entry e");
        ((string)(await command.ExecuteScalarAsync())!).ShouldNotContain("hornbill");
    }

    [Fact]
    public async Task D4_an_index_that_a_crash_has_emptied_is_made_anew()
    {
        var ticket = await desk.Open("Alpha", "hornbill");
        (await Found("hornbill")).ShouldBe([ticket]);
        await using (var command = desk.Store.DataSource.CreateCommand("truncate search_entry, search_state"))
            await command.ExecuteNonQueryAsync();
        (await Page("hornbill")).Ready.ShouldBeFalse();
        (await Found("hornbill")).ShouldBe([ticket]);
    }

    async Task Privacy(string word, Guid ticket, bool erase, Asker who)
    {
        var version = (await desk.Desk.Find(ticket, who, Operation.ReadTicket, default))!.Version;
        var passage = new Passage(1, "body", "My card is ".Length, word.Length);
        (await desk.Get<TicketPrivacy>().Redact(ticket, new Redaction([passage], "A card.", true, null, erase), version, who, null, default)).ShouldBeOfType<Outcome.Done>();
    }

    async Task<List<long[]>> Marks()
    {
        await using var command = desk.Store.DataSource.CreateCommand("select marks from search_entry order by number");
        await using var row = await command.ExecuteReaderAsync();
        List<long[]> all = [];
        while (await row.ReadAsync())
            all.Add(row.GetFieldValue<long[]>(0));
        return all;
    }
}
