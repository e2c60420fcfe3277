using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Privacy;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Pages;

/// <summary>
/// The commands a ticket's page can send, each a form. They go the way of the API's: the same policy, the version that was seen, one effect however
/// often one is sent. What is not taken comes back with the page, and nobody types twice.
/// </summary>
static class TicketForms
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        var forms = new Forms(pages);
        forms.Add("note", Operation.AddNote, f => new NoteRequest { Body = f["body"] }, n => new AddNote(Guid.CreateVersion7(), n.Body));
        forms.Add("customer-message", Operation.WriteAsCustomer, f => new MessageRequest { Body = f["body"], Channel = f.OneOf<Channel>("channel") },
            m => new ReceiveCustomerMessage(Guid.CreateVersion7(), m.Channel, m.Body));
        forms.Add("triage", Operation.Triage, f => new TriageRequest { Line = f.OneOf<SupportLine>("line"), Team = f.Text("team") }, t => new TriageTicket(t.Line, t.Team));
        forms.Add("take", Operation.Assign, f => new AssignmentRequest { Agent = f.Asker }, a => new AssignTicket(new AgentId(a.Agent)));
        forms.Add("assignment", Operation.Assign, f => new AssignmentRequest { Agent = f["agent"].Trim() }, a => new AssignTicket(new AgentId(a.Agent)));
        forms.Add("unassignment", Operation.Assign, f => new UnassignmentRequest { Reason = f.Text("reason") }, u => new UnassignTicket(u.Reason.Sealed()));
        forms.Add("severity", Operation.AssessSeverity, f => new SeverityRequest { Severity = f.OneOf<Severity>("severity"), Reason = f.Text("reason") },
            s => new AssessSeverity(s.Severity, s.Reason.Sealed()));
        forms.Add("escalation", Operation.Escalate, f => new EscalationRequest { Reason = f["reason"] }, e => new EscalateTicket(e.Reason));
        forms.Add("unresolvable", Operation.Escalate, f => new UnresolvableRequest { Reason = f["reason"] }, u => new DeclareUnresolvable(u.Reason));
        forms.Add("de-escalation", Operation.Escalate, f => new DeEscalationRequest { Line = f.OneOf<SupportLine>("line"), Reason = f["reason"] }, d => new DeEscalateTicket(d.Line, d.Reason));
        forms.Add("evaluation", Operation.EvaluateEscalation, f => new ManagementEvaluationRequest { Escalate = f["escalate"] == "true", Reason = f["reason"] },
            m => new EvaluateEscalation(m.Escalate, m.Reason));
        forms.Add("waiting", Operation.Wait, f => new WaitingRequest { Reason = f.OneOf<WaitingReason>("for"), Until = f.Day("until"), Note = f.Text("reason") },
            w => new StartWaiting(w.Reason, w.Until, w.Note.Sealed()));
        forms.Add("waiting-end", Operation.Wait, _ => new EmptyRequest(), _ => new EndWaiting());
        forms.Add("callback", Operation.CallBack, f => new CallbackRequest { Reached = f["reached"] == "true", Note = f.Text("reason") }, c => new CallBack(c.Reached, c.Note.Sealed()));
        forms.Add("resolution", Operation.Resolve, f => new ResolutionRequest { Resolution = f.OneOf<Resolution>("how"), Summary = f.Text("reason") },
            r => new ResolveTicket(r.Resolution, r.Summary.Sealed()));
        forms.Add("reopening", Operation.Reopen, f => new ReopeningRequest { Reason = f.Text("reason") }, r => new ReopenTicket(ReopenCause.Agent, r.Reason.Sealed()));
        forms.Add("closing", Operation.Close, _ => new EmptyRequest(), _ => new CloseTicket(CloseCause.Agent));
        forms.Add("feedback-review", Operation.ReviewFeedback, f => new FeedbackReviewRequest { Category = f["category"], Action = f.Text("reason") },
            r => new ReviewFeedback(r.Category, r.Action.Sealed()));
        forms.Add("tags", Operation.Tag, f => new TagsRequest { Add = [.. f.Words("tags").Except(f.Words("had"))], Remove = [.. f.Words("had").Except(f.Words("tags"))] },
            t => new TagTicket(t.Add ?? [], t.Remove ?? []));
        forms.Add("hold", Operation.HoldForLaw, f => new LegalHoldRequest { Reason = f["reason"] }, h => new PlaceLegalHold(h.Reason));
        forms.Add("hold-lift", Operation.HoldForLaw, f => new LegalHoldRequest { Reason = f["reason"] }, h => new LiftLegalHold(h.Reason));
        forms.Add("expiry", Operation.SetRetention,
            f => new ExpiryRequest { ExpiresOn = f.Day("until") is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null, Reason = f["reason"] }, e => new SetExpiry(e.ExpiresOn, e.Reason));
        pages.MapPost("/tickets/{ticket}/purge", Purge).For(Operation.Purge);
    }

    /// <summary>Each form of the page is the request of the API behind it, checked by its rules.</summary>
    internal sealed class Forms(IEndpointRouteBuilder pages)
    {
        /// <param name="hindrance">A reason not to take it as it was written; null: none.</param>
        public void Add<T>(
            string name, Operation operation, Func<FormFields, T> request, Func<T, TicketCommand> command, Func<FormFields, Outcome.Refused?>? hindrance = null) where T : IChecked =>
            pages.MapPost($"/tickets/{{ticket}}/{name}", (string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, CancellationToken ct) =>
                Take(new Sent(name, ticket, http, screens, viewers), desk, async (form, to) =>
                {
                    var asked = request(form);
                    return TicketForm.Faulty(form, asked) is { } faulty ? faulty
                        : hindrance?.Invoke(form) is { } hindered ? hindered
                        : await desk.Handle(to.Ticket, operation, command(asked), to.Version, to.Asker, to.Key, ct);
                }, ct)).For(operation);
    }

    static Task<IResult> Purge(string ticket, HttpContext http, TicketDesk desk, TicketScreens screens, Viewers viewers, TicketPrivacy privacy, CancellationToken ct) =>
        Take(new Sent("purge", ticket, http, screens, viewers), desk, async (form, to) =>
        {
            var reason = form.OneOf<PurgeReason>("reason");
            return form.Faults.Found.Count > 0 || form["sure"] != "yes"
                ? new Outcome.Refused("not_sure", "Say that you are sure.")
                : await privacy.Purge(to.Ticket, reason, null, to.Version, to.Asker, to.Key, ct);
        }, ct);

    internal sealed record Sent(string Form, string Ticket, HttpContext Http, TicketScreens Screens, Viewers Viewers);

    internal static Task<IResult> Take(Sent sent, TicketDesk desk, Func<FormFields, Addressed, Task<Outcome>> work, CancellationToken ct) => Of(sent).Take(sent.Http, desk, work, ct);

    internal static TicketForm Of(Sent sent)
    {
        var http = sent.Http;
        return new(
            sent.Form,
            f => (sent.Ticket, f["version"]),
            (_, done) => string.Create(CultureInfo.InvariantCulture, $"{(http.AsCustomer() ? "/portal" : "")}/tickets/{done.Number}#v{done.Version}"),
            async (trouble, status) => await sent.Screens.Read(sent.Ticket, http.Asker(), trouble, http.RequestAborted) is { } screen
                ? TicketPages.Of(screen, sent.Viewers.Of(http), status) : Problems.NoSuchTicket());
    }
}
