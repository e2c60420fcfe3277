using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Bulk;

namespace EventDesk.Server.Api;

/// <summary>What is to be done to each ticket: exactly one of these, with the content it has for one ticket.</summary>
public sealed record BulkActionRequest
{
    public AssignmentRequest? Assign { get; init; }
    public TriageRequest? Triage { get; init; }
    public TagsRequest? Tag { get; init; }
    public SeverityRequest? Severity { get; init; }
    public WaitingRequest? Wait { get; init; }
    public ResolutionRequest? Resolve { get; init; }
    public EmptyRequest? Close { get; init; }
    public MergeRequest? Merge { get; init; }

    internal void Check(Faults faults)
    {
        (string Name, IChecked? Content)[] all =
        [
            ("assign", Assign), ("triage", Triage), ("tag", Tag), ("severity", Severity), ("wait", Wait), ("resolve", Resolve), ("close", Close), ("merge", Merge),
        ];
        if (all.Count(a => a.Content is not null) != 1)
            faults.Add("/action", "one_action", "Name exactly one action.");
        foreach (var (name, content) in all)
        {
            var own = new Faults();
            content?.Check(own);
            foreach (var fault in own.Found)
                faults.Add($"/action/{name}{fault.Field}", fault.Code, fault.Detail);
        }
    }
}

/// <summary>The first tickets of a queue, narrowed as its list can be.</summary>
public sealed record BulkQueueRequest
{
    [Description("triage, unassigned, assigned, waiting, open, mine or callbacks.")]
    [MaxLength(TextRules.MaxIdentifier)]
    public required string Queue { get; init; }

    [Description("product/language")]
    [MaxLength(TextRules.MaxName)]
    public string? Desk { get; init; }
    public SupportLine? Line { get; init; }

    [MaxLength(TextRules.MaxIdentifier)]
    public string? Agent { get; init; }
}

public sealed record BulkPreviewRequest : IChecked
{
    [Description("Ids or numbers, at most 500; or else a queue.")]
    public IReadOnlyList<string>? Tickets { get; init; }
    public BulkQueueRequest? Queue { get; init; }
    public required BulkActionRequest Action { get; init; }

    public void Check(Faults faults)
    {
        if ((Tickets is null) == (Queue is null))
            faults.Add("", "tickets_or_queue", "Name tickets or a queue.");
        BulkRequests.CheckCount(faults, "/tickets", Tickets?.Count ?? 1);
        for (var i = 0; i < Math.Min(Tickets?.Count ?? 0, BulkDesk.MostItems); i++)
            faults.Line($"/tickets/{i}", Tickets![i] ?? "", TextRules.MaxIdentifier);
        if (Queue is { } queue)
        {
            if (!QueueEndpoints.All.Contains(queue.Queue))
                faults.Add("/queue/queue", "unknown_value", $"It is one of {string.Join(", ", QueueEndpoints.All)}.");
            faults.Line("/queue/desk", queue.Desk, TextRules.MaxName);
            faults.Line("/queue/agent", queue.Agent, TextRules.MaxIdentifier);
        }
        Action.Check(faults);
    }
}

public sealed record BulkItemRequest
{
    public required Guid Ticket { get; init; }

    [Description("The version that was seen, as the preview gave it.")]
    public required long Version { get; init; }
}

public sealed record BulkRequest : IChecked
{
    [Description("At most 500, each ticket once.")]
    public required IReadOnlyList<BulkItemRequest> Items { get; init; }
    public required BulkActionRequest Action { get; init; }

    public void Check(Faults faults)
    {
        BulkRequests.CheckCount(faults, "/items", Items.Count);
        HashSet<Guid> seen = [];
        for (var i = 0; i < Math.Min(Items.Count, BulkDesk.MostItems); i++)
            if (Items[i] is not { } item)
                faults.Add($"/items/{i}", "required", "It must not be null.");
            else if (item.Version < 1)
                faults.Add($"/items/{i}/version", "out_of_range", "Versions count from 1.");
            else if (!seen.Add(item.Ticket))
                faults.Add($"/items/{i}/ticket", "given_twice", "The ticket is named twice.");
        Action.Check(faults);
    }
}

static class BulkRequests
{
    public static void CheckCount(Faults faults, string field, int count)
    {
        if (count is 0 or > BulkDesk.MostItems)
            faults.Add(field, "out_of_range", $"1 to {BulkDesk.MostItems} tickets are taken at once.");
    }
}
