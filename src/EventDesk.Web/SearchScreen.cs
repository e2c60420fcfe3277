using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Searching;

namespace EventDesk.Web;

/// <summary>What is searched for: all of it stands in the address.</summary>
public sealed record SearchLook(string Query, string? Desk = null, Status? Status = null)
{
    /// <param name="after">Where the page before ended; null: from the newest ticket on.</param>
    public string Address(string? after = null) => "/search" + Microsoft.AspNetCore.Http.QueryString.Create(
        new[] { ("q", Query), ("desk", Desk), ("status", Status?.ToString().ToLowerInvariant()), ("after", after) }
            .Where(p => !string.IsNullOrEmpty(p.Item2)).Select(p => KeyValuePair.Create(p.Item1, p.Item2)));
}

/// <summary>What was found.</summary>
/// <param name="Page">Null: nothing was asked yet, or it cannot be searched for.</param>
/// <param name="Fault">Key of the words that say why it cannot; null: it can.</param>
/// <param name="Further">Address of the next page; null when all tickets were looked at.</param>
public sealed record SearchScreen(SearchLook Look, SearchPage? Page, string? Fault, string? Further, IReadOnlyList<DeskId> Desks)
{
    public static readonly IReadOnlyList<Status> States = [Status.Open, Status.Resolved, Status.Closed];
}
