using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventDesk.Server.Api;

/// <summary>What is said on a ticket.</summary>
public static class ConversationEndpoints
{
    const string Tag = "Conversation";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tickets/{ticket}/customer-messages", Receive).Is(Operation.WriteAsCustomer, "addCustomerMessage", Tag, "Add a message from the customer",
            "The customer writes, or staff write down what the customer said. It ends a wait and reopens a resolved ticket. "
            + "A call (phone) while the hours that count are over is voicemail, and a call back is owed; mail is collected then.");
        api.MapPost("/tickets/{ticket}/replies", Reply).Is(Operation.Reply, "reply", Tag, "Answer the customer",
            "A public answer; the customer is notified of it.");
        api.MapPost("/tickets/{ticket}/notes", Note).Is(Operation.AddNote, "addNote", Tag, "Add an internal note",
            "For staff only; no customer ever sees it, and no clock stops for it.");
        api.MapPost("/tickets/{ticket}/callbacks", CallBack).Is(Operation.CallBack, "callBack", Tag, "Say how a call back went",
            "The customer was called back. Whoever was reached has an answer, and the call is owed no more; an attempt that reached nobody is counted.");
    }

    static Task<Results<Changed, Problem>> CallBack(Command<CallbackRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, c => new CallBack(c.Reached, c.Note.Sealed()), ct);

    static Task<Results<Changed, Problem>> Receive(Command<MessageRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, m => new ReceiveCustomerMessage(Guid.CreateVersion7(), m.Channel, m.Body), ct);

    static Task<Results<Changed, Problem>> Reply(Command<MessageRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, m => new SendReply(Guid.CreateVersion7(), m.Channel, m.Body), ct);

    static Task<Results<Changed, Problem>> Note(Command<NoteRequest> asked, TicketDesk desk, CancellationToken ct) =>
        asked.Send(desk, n => new AddNote(Guid.CreateVersion7(), n.Body), ct);
}
