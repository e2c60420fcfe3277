using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Organising;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>The answer of a ticket's page, begun by a canned reply or not, and what the button that sends it does beside that.</summary>
static class ReplyForms
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapPost("/tickets/{ticket}/reply", Reply).For(Operation.Reply);
        pages.MapPost("/tickets/{ticket}/macro", Canned).For(Operation.Reply);
    }

    static Task<IResult> Reply(string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
        TicketForms.Take(new TicketForms.Sent("reply", ticket, http, screens, viewers), desk, (form, to) =>
        {
            var asked = new MessageRequest { Body = form["body"], Channel = form.OneOf<Channel>("channel") };
            return Send(form, to, asked, finish =>
            {
                var reply = new SendReply(Guid.CreateVersion7(), asked.Channel, asked.Body);
                return desk.Handle(to.Ticket, Operation.Reply, finish is null ? reply : new AnswerAndFinish(reply, finish), to.Version, to.Asker, to.Key, ct);
            });
        }, ct);

    static Task<IResult> Canned(
        string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, OrganisationBook book, TimeProvider clock, CancellationToken ct) =>
        TicketForms.Take(new TicketForms.Sent("macro", ticket, http, screens, viewers), desk, (form, to) =>
        {
            var asked = new MacroReplyRequest { Macro = form["macro"], Body = form["body"], Channel = form.OneOf<Channel>("channel"), Steps = form["steps"] == "yes" };
            return Send(form, to, asked, finish => Macros.Send(asked, to, desk, book.History, clock.GetUtcNow(), ct, finish));
        }, ct);

    static async Task<Outcome> Send(FormFields form, Addressed to, IChecked asked, Func<TicketCommand?, Task<Outcome>> send)
    {
        var (needs, finish) = Finish(form);
        return TicketForm.Faulty(form, asked) is { } faulty ? faulty
            : needs is { } operation && Policy.Decide(to.Asker.Principal, operation) is null ? new Outcome.Forbidden("Your role may only send the answer.")
            : await send(finish);
    }

    /// <summary>What is done with the answer, and what has to be allowed for it; nothing: it is sent alone.</summary>
    static (Operation? Needs, TicketCommand? Step) Finish(FormFields form)
    {
        switch (form["then"])
        {
            case "wait":
                return (Operation.Wait, new StartWaiting(WaitingReason.Customer));
            case "resolve":
                var request = new ResolutionRequest { Resolution = form.OneOf<Resolution>("how") };
                request.Check(form.Faults);
                return (Operation.Resolve, new ResolveTicket(request.Resolution));
            default:
                return default;
        }
    }
}
