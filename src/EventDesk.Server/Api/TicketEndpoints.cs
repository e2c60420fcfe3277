using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Store.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>Opening tickets and reading them.</summary>
public static class TicketEndpoints
{
    const string Tag = "Tickets";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets", Open).Is(Operation.OpenTicket, "openTicket", Tag, "Open a ticket",
            "Stores the ticket and answers once it is durable. Customers open tickets for themselves, through the channels the desk offers; staff and programs for "
            + "the requester named. A call (phone) while the hours that count are over is voicemail, and a call back is owed; mail is collected then.")
            .WithMetadata(new Repeatable());
        api.MapGet("/tickets", Mine).Is(Operation.ReadTicket, "listOwnTickets", Tag, "List one's own tickets",
            "The tickets a customer asked for, newest first. Staff find tickets through the queues.")
            .WithMetadata(new QueryParameter("mine", "boolean", "Must be given: there is no list of everybody's tickets.", "true"), QueryParameter.Limit, QueryParameter.After);
        api.MapGet("/tickets/{ticket}", Read).Is(Operation.ReadTicket, "readTicket", Tag, "Read a ticket",
            "Its state now, or at a version or an instant, folded from its events. Customers see what is public.")
            .WithMetadata(QueryParameter.Version, QueryParameter.AsOf, new Conditional());
        api.MapGet("/tickets/{ticket}/events", Events).Is(Operation.ReadHistory, "readHistory", Tag, "Read a ticket's complete history",
            "Every event in order, texts in plain form; customers see the public ones. With proof (auditors): as stored, with ciphertexts and chain digests, and each event's leaf with the proof that joins it to the newest checkpoint.")
            .WithMetadata(
                QueryParameter.Version, QueryParameter.AsOf, new Conditional(),
                new QueryParameter("proof", "boolean", "The stored form, from which the chain of digests can be computed anew.", "true"));
    }

    static async Task<Results<Created, Problem>> Open(Posted<OpenRequest> posted, TicketDesk desk, CancellationToken ct)
    {
        if (posted.Problem is { } problem)
            return problem;
        var (asker, ask) = (posted.Asker, posted.Body);
        if (asker.Principal.Customer is { } own && posted.AsCustomer && desk.CustomerOf(ask.Requester.Email) != own)
            return Problems.Invalid([new Fault("/requester/email", "not_your_address", "Customers open tickets under their own address.")]);
        if (posted.AsCustomer && ask.Contract is not null)
            return Problems.Invalid([new Fault("/contract", "not_allowed", "Customers have the plan they have.")]);
        var outcome = await desk.Open(ask.Asked(), asker, posted.Key(""), ct);
        return outcome is Outcome.Done done ? new Created(done, $"/api/tickets/{done.Ticket}") : Outcomes.Problem(outcome, asker.Principal);
    }

    static async Task<Results<Ok<TicketPage>, Problem>> Mine(HttpContext http, OwnTickets tickets, CancellationToken ct)
    {
        var query = new Query(http);
        if (!query.Flag("mine"))
            query.Fault("mine", "required", "Ask for your own tickets with ?mine=true; staff use the queues.");
        var (limit, position) = (query.Limit(), query.AfterTimeAndId());
        if (query.Problem is { } problem)
            return problem;
        if (http.Principal().Customer is not { } customer)
            return Problems.Forbidden("The token belongs to no customer.");
        var rows = await tickets.Page(customer, position, limit + 1, ct);
        var more = rows.Count > limit;
        var page = more ? rows.Take(limit) : rows;
        return TypedResults.Ok(new TicketPage(
            [.. page.Select(r => new TicketRowAnswer { Id = r.Id, Number = r.Number, Version = r.Version, Subject = r.Subject, Desk = r.Desk, Status = r.Status, OpenedAt = r.OpenedAt })],
            more ? Cursor.NextPage(http, Cursor.Of(rows[limit - 1].OpenedAt, rows[limit - 1].Id)) : null));
    }

    static async Task<Results<Ok<TicketAnswer>, NotModified, Problem>> Read(string ticket, HttpContext http, TicketDesk desk, CancellationToken ct)
    {
        var query = new Query(http);
        var (version, asOf) = At(query);
        if (query.Problem is { } problem)
            return problem;
        if (await desk.Resolve(ticket, ct) is not { } id)
            return Problems.NoSuchTicket();
        var asker = http.Asker();
        var past = version is not null || asOf is not null;
        var staff = !http.AsCustomer();
        if (past && await desk.Replay(id, asker, Operation.ReadTicket, ct, version, asOf) is var (then, events))
            return TypedResults.Ok(TicketAnswers.Of(then, events[0], staff, await desk.SubjectOf(then, ct)));
        if (past || await desk.History(id, asker, Operation.ReadTicket, ct, version: 1) is not { } now)
            return Problems.NoSuchTicket();
        if (NotModified.Answers(http, now.Entry.Version))
            return new NotModified();
        return TypedResults.Ok(TicketAnswers.Of(now.Entry, now.Read(now.Events[0]), staff, await desk.SubjectOf(now.Entry, ct)));
    }

    static async Task<Results<HistoryResult, NotModified, Problem>> Events(string ticket, HttpContext http, TicketDesk desk, LedgerTables ledger, CancellationToken ct)
    {
        var query = new Query(http);
        var (version, asOf) = At(query);
        var proof = query.Flag("proof");
        if (query.Problem is { } problem)
            return problem;
        var asker = http.Asker();
        var operation = proof ? Operation.ReadProof : Operation.ReadHistory;
        if (Policy.Decide(asker.Principal, operation) is null)
            return Problems.Forbidden("The stored form is for auditors and privacy officers.");
        if (await desk.Resolve(ticket, ct) is not { } id)
            return Problems.NoSuchTicket();
        var whole = version is null && asOf is null;
        if (whole && http.Request.Headers.IfNoneMatch.Count > 0
            && await desk.Find(id, asker, operation, ct) is { } entry && NotModified.Answers(http, entry.Version))
            return new NotModified();
        if (await desk.History(id, asker, operation, ct, version, asOf) is not { } history)
            return Problems.NoSuchTicket();
        if (whole)
            NotModified.Answers(http, history.Events[^1].Version);
        return new HistoryResult(history, proof ? await HistoryProof.Of(history.Events, ledger, ct) : null);
    }

    static (long? Version, DateTimeOffset? AsOf) At(Query query)
    {
        var (version, asOf) = (query.Version(), query.Instant("asOf"));
        if (version is not null && asOf is not null)
            query.Fault("asOf", "exclusive", "Give a version or an instant, not both.");
        return (version, asOf);
    }
}

/// <summary>A ticket as its reader may see it.</summary>
static class TicketAnswers
{
    public static TicketAnswer Of(TicketEntry entry, RecordedEvent first, bool staff, string? subject)
    {
        var t = entry.Ticket;
        var requester = (first.Event as TicketOpened)?.Requester;
        var answer = new TicketAnswer
        {
            Id = entry.Id, Number = t.Number, Version = entry.Version, Product = t.Product, Language = t.Language, Channel = t.Channel, Status = t.Status,
            Subject = subject, Requester = new(t.Requester.Value, requester?.Name?.Text, requester?.Email?.Text),
            OpenedAt = t.OpenedAt, ResolvedAt = t.ResolvedAt, Cycle = t.Cycle,
            Waiting = t.Waiting is { } reason ? new(reason, t.WaitingUntil) : null,
            Callback = t.Callback is { } owed ? new(owed.Since, owed.Attempts) : null, CollectedAt = t.CollectedAt,
            MergedInto = t.MergedInto?.Value,
        };
        return !staff ? answer : answer with
        {
            Place = t.Place,
            Line = t.Line,
            HighestLine = t.HighestLine,
            Team = t.Team,
            Agent = t.Agent?.Value,
            Severity = t.Severity,
            AssessedOnLine = t.AssessedOnLine,
            ManagementApproved = t.ManagementApproved,
            UnansweredSince = t.UnansweredSince,
            FirstAnswerAt = t.FirstAnswerAt,
            ChangedAt = t.ChangedAt,
            CommentsToReview = t.CommentsToReview,
            LegalHold = t.LegalHold,
            Absorbed = t.Absorbed?.Select(id => id.Value).ToList(),
            Links = t.Links?.Select(l => new LinkAnswer(l.Other.Value, l.Kind)).ToList(),
            Tags = t.Tags,
        };
    }
}
