using System.Buffers.Binary;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Tickets;

/// <summary>What a repeated request is answered: ids and versions in 48 bytes, nothing personal, so no purge has to look for it.</summary>
static class Replies
{
    public static byte[] Store(Guid ticket, long number, long version, Guid? created)
    {
        var bytes = new byte[48];
        ticket.TryWriteBytes(bytes);
        (created ?? Guid.Empty).TryWriteBytes(bytes.AsSpan(16));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(32), number);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(40), version);
        return bytes;
    }

    public static Outcome Repeat(ReadOnlyMemory<byte> firstRequest, ReadOnlyMemory<byte> reply, RequestKey? key)
    {
        if (key is null || !firstRequest.Span.SequenceEqual(key.Request.Span))
            return new Outcome.KeyReused();
        var bytes = reply.Span;
        var created = new Guid(bytes.Slice(16, 16));
        return new Outcome.Done(
            new Guid(bytes[..16]), BinaryPrimitives.ReadInt64BigEndian(bytes[32..]), BinaryPrimitives.ReadInt64BigEndian(bytes[40..]),
            created == Guid.Empty ? null : created, Repeated: true);
    }

    public static Guid? CreatedBy(TicketCommand command) => command switch
    {
        ReceiveCustomerMessage m => m.MessageId,
        SendReply m => m.MessageId,
        ApplyMacro m => m.Reply.MessageId,
        AnswerAndFinish a => CreatedBy(a.Answer),
        AddNote m => m.MessageId,
        AddAttachment a => a.AttachmentId,
        _ => null,
    };
}
