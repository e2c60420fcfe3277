using EventDesk.Domain.Organisation;
using EventDesk.Service.Incidents;
using EventDesk.Service.Queues;

namespace EventDesk.Web;

/// <summary>A page of a customer's own tickets.</summary>
/// <param name="Further">Address of the next page; null on the last one.</param>
public sealed record OwnTicketsScreen(IReadOnlyList<OwnTicket> Tickets, string? Further, bool IsFirst);

/// <summary>A desk one can write to.</summary>
/// <param name="LanguageId">BCP 47.</param>
public sealed record DeskChoice(string Desk, string Product, string LanguageId, string Language);

/// <summary>A field of the form whose choices the organisation defines.</summary>
/// <param name="Name">As routing rules know it.</param>
public sealed record ChoiceField(string Name, IReadOnlyList<string> Choices)
{
    public string Id => IdOf(Name);

    /// <summary>Apart from the fields that every form has, whatever an organisation calls its own.</summary>
    public static string IdOf(string name) => $"field-{name}";
}

/// <summary>The form to open a ticket, a customer's own or the desk's, with what was typed into it.</summary>
/// <param name="Wrong">What is wrong with a field, by its name.</param>
/// <param name="Found">Kinds of what should not be sent, apart by blanks; empty: nothing was found, or nothing was sent yet.</param>
public sealed record NewTicketScreen(
    IReadOnlyList<DeskChoice> Desks, IReadOnlyList<ChoiceField> Fields, IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Wrong, string Found)
{
    /// <summary>The plans the desk may choose from; none for customers, who have the plan they have.</summary>
    public IReadOnlyList<Contract> Contracts { get; init; } = [];

    /// <summary>A customer's own, who need not type it; null: it is not known.</summary>
    public string? Address { get; init; }

    public string Typed(string field) => Values.GetValueOrDefault(field, "");

    public string? WrongWith(string field) => Wrong.GetValueOrDefault(field);
}

/// <summary>How far somebody is who comes by a link.</summary>
public enum LinkStep { Ask, Sent, Follow, Over }

/// <param name="Key">The link's secret; when it was just sent, in development only, its address.</param>
/// <param name="Wrong">What was typed is no address.</param>
public sealed record LinkScreen(LinkStep Step, string? Key = null, string? ReturnTo = null, string Typed = "", bool Wrong = false);

/// <param name="Products">Id and name.</param>
public sealed record StatusScreen(IReadOnlyList<(string Id, string Name)> Products, IReadOnlyList<PublicIncident> Incidents)
{
    public IEnumerable<PublicIncident> OpenOf(string product) => Incidents.Where(i => i.IsOpen && i.Product == product);

    public string NameOf(string product) => Products.FirstOrDefault(p => p.Id == product).Name ?? product;
}
