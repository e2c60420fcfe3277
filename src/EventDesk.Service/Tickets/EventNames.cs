using System.Collections.Frozen;
using System.Text;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Tickets;

/// <summary>Event classes and the aliases they are stored under, by Marten's rule.</summary>
public static class EventNames
{
    /// <summary>Alias to class, for every event of the domain.</summary>
    public static readonly FrozenDictionary<string, Type> ByAlias = typeof(TicketEvent).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(TicketEvent)) && !t.IsAbstract)
        .ToFrozenDictionary(t => SnakeCase(t.Name));

    static readonly FrozenDictionary<Type, (string Alias, string DotnetType)> ByType =
        ByAlias.ToFrozenDictionary(p => p.Value, p => (p.Key, $"{p.Value.FullName}, {p.Value.Assembly.GetName().Name}"));

    /// <summary><c>ticket_opened</c></summary>
    public static string Alias(TicketEvent e) => ByType[e.GetType()].Alias;

    /// <summary><c>EventDesk.Domain.Tickets.TicketOpened, EventDesk.Domain</c></summary>
    public static string DotnetType(TicketEvent e) => ByType[e.GetType()].DotnetType;

    /// <summary>
    /// Marten's classic type name: a break between a non-lower letter and a (non-lower + lower) pair, then between lower and
    /// non-lower: <c>TicketOpened</c> → <c>ticket_opened</c>, <c>SLABreached</c> → <c>sla_breached</c>, <c>Order2Shipped</c> → <c>order_2_shipped</c>.
    /// </summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var newWord = i > 0 && !char.IsLower(name[i])
                && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (newWord) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
