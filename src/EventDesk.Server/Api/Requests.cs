using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Api;

/// <summary>
/// The body of a request: what cannot be said by its types it checks itself. Members with a default are settable:
/// generated JSON readers would overwrite the default of an init-only one.
/// </summary>
public interface IChecked
{
    void Check(Faults faults);
}

public sealed record EmptyRequest : IChecked
{
    public void Check(Faults faults) { }
}

public sealed record RequesterRequest
{
    [Description("As the person writes it; may be missing.")]
    [MaxLength(TextRules.MaxName)]
    public string? Name { get; init; }

    [Description("Where answers go. The person is known by it.")]
    [MaxLength(TextRules.MaxEmail)]
    public required string Email { get; init; }
}

public sealed record OpenRequest : IChecked
{
    [Description("Id of a product of the organisation.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Product { get; init; }

    [Description("Id of a language (BCP 47); product and language name the desk.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Language { get; init; }

    [Description("How it came. Form tickets (portal) go to triage; all others straight to the first line.")]
    public Channel Channel { get; set; } = Channel.Api;

    public required RequesterRequest Requester { get; init; }

    [MaxLength(TextRules.MaxSubject)]
    public required string Subject { get; init; }

    [MaxLength(TextRules.MaxBody)]
    public required string Body { get; init; }

    public Severity? Severity { get; init; }

    [Description("The plan the ticket falls under, where it is not the customer's or the desk's own. Not for customers.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public string? Contract { get; init; }

    [Description("Further fields of the form, by name.")]
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    internal NewTicket Asked() => new(Product, Language, Channel, Requester.Name, Requester.Email, Subject, Body, Severity, Fields, Contract);

    public void Check(Faults faults)
    {
        faults.Identifier("/product", Product, TextRules.MaxIdentifier);
        faults.Identifier("/language", Language, TextRules.MaxIdentifier);
        if (Channel == Channel.Import)
            faults.Add("/channel", "not_allowed", "Imports have their own door.");
        faults.Line("/requester/name", Requester.Name, TextRules.MaxName);
        faults.Email("/requester/email", Requester.Email);
        faults.Title("/subject", Subject, TextRules.MaxSubject);
        faults.Text("/body", Body, TextRules.MaxBody);
        if (Contract is not null)
            faults.Identifier("/contract", Contract, TextRules.MaxIdentifier);
        if (Fields is { Count: > TextRules.MaxFields })
            faults.Add("/fields", "too_many", $"At most {TextRules.MaxFields} fields are allowed.");
        else if (Fields is not null)
            foreach (var (name, value) in Fields)
            {
                faults.Identifier($"/fields/{name}", name, TextRules.MaxIdentifier);
                if (value is null)
                    faults.Add($"/fields/{name}", "wrong_type", "A field's value is a text.");
                faults.Text($"/fields/{name}", value, TextRules.MaxFieldValue);
            }
    }
}

public sealed record MessageRequest : IChecked
{
    [MaxLength(TextRules.MaxBody)]
    public required string Body { get; init; }

    [Description("The way the message went or came.")]
    public Channel Channel { get; set; } = Channel.Api;

    public void Check(Faults faults)
    {
        faults.Text("/body", Body, TextRules.MaxBody);
        if (Channel == Channel.Import)
            faults.Add("/channel", "not_allowed", "Imports have their own door.");
    }
}

public sealed record CallbackRequest : IChecked
{
    [Description("False: nobody answered; the call stays owed.")]
    public required bool Reached { get; init; }

    [Description("For staff: what was said, or why nobody was reached.")]
    [MaxLength(TextRules.MaxBody)]
    public string? Note { get; init; }

    public void Check(Faults faults) => faults.Text("/note", Note, TextRules.MaxBody);
}

public sealed record NoteRequest : IChecked
{
    [MaxLength(TextRules.MaxBody)]
    public required string Body { get; init; }

    public void Check(Faults faults) => faults.Text("/body", Body, TextRules.MaxBody);
}
