using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace EventDesk.Server.Api;

/// <summary>Canned replies: defined by the organisation, sent on tickets.</summary>
public static class MacroEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/organisation/macros/{id}", Define).Is(Operation.ManageOrganisation, "defineMacro", "Organisation", "Define a canned reply",
            "Its texts by language, and what is done along with it. It is retired, never deleted. A further version holds from now or from an instant to come."
            + " If-Match names the version it was thought out on, If-None-Match: * says that it is new.");
        api.MapPost("/tickets/{ticket}/macros", Apply).Is(Operation.Reply, "applyMacro", "Conversation", "Answer the customer with a canned reply",
            "The answer and the macro's steps, all or nothing; each event names the macro and its version. Each step needs the right it needs by itself.");
    }

    static Task<Results<Ok<PartAnswer>, Created<PartAnswer>, Problem>> Define(string id, Definition<MacroDefinitionRequest> definition, OrganisationBook book, CancellationToken ct) =>
        definition.Send(book, m => new Macro(id, m.Name, m.Replies, m.Steps?.Steps, m.Retired), ct);

    static Task<Results<Changed, Problem>> Apply(Command<MacroReplyRequest> asked, TicketDesk desk, OrganisationBook book, TimeProvider clock, CancellationToken ct) =>
        asked.Send(desk, (m, to) => Macros.Send(m, to, desk, book.History, clock.GetUtcNow(), ct), ct);
}

/// <summary>Canned replies on tickets.</summary>
static class Macros
{
    /// <summary>Sends the macro as it is in force now.</summary>
    /// <param name="finish">Done in place of the macro's own waiting or resolving; null: nothing is.</param>
    public static async Task<Outcome> Send(
        MacroReplyRequest asked, Addressed to, TicketDesk desk, OrganisationHistory organisation, DateTimeOffset now, CancellationToken ct, TicketCommand? finish = null)
    {
        if (organisation.Part<Macro>($"{Macro.Prefix}{asked.Macro}", Instant.FromDateTimeOffset(now)) is not { Definition: var macro } inForce)
            return new Outcome.Refused("unknown_macro", $"There is no macro \"{asked.Macro}\".");
        if (macro.Retired)
            return new Outcome.Refused("macro_retired", $"The macro \"{macro.Name}\" is retired.");
        var steps = asked.Steps ? macro.Steps : null;
        if (finish is not null)
            steps = steps is null ? null : steps with { Wait = null, Resolve = null };
        if (ApplyMacro.Needs(steps).Any(o => Policy.Decide(to.Asker.Principal, o) is null))
            return new Outcome.Forbidden("Your role may not do all that the macro does; send the answer without its steps.");
        if ((asked.Body ?? await Text(macro, to, desk, ct)) is not { } body)
            return new Outcome.NotFound();
        var reply = new SendReply(Guid.CreateVersion7(), asked.Channel, body);
        var answer = new ApplyMacro(reply, steps, Macro.Rule(macro.Id, inForce.Version));
        return await desk.Handle(to.Ticket, Operation.Reply, finish is null ? answer : new AnswerAndFinish(answer, finish), to.Version, to.Asker, to.Key, ct);
    }

    /// <summary>The reply in the ticket's language, filled in.</summary>
    public static string Text(Macro macro, Ticket ticket, Requester? requester, string agent) =>
        MacroText.Fill(macro.ReplyIn(ticket.Language), ticket.Number, requester?.Name?.Text, agent);

    static async Task<string?> Text(Macro macro, Addressed to, TicketDesk desk, CancellationToken ct) =>
        await desk.History(to.Ticket, to.Asker, Operation.ReadTicket, ct, version: 1) is { } opened
            ? Text(macro, opened.Entry.Ticket, (opened.Read(opened.Events[0]).Event as TicketOpened)?.Requester, to.Asker.Principal.Id)
            : null;
}
