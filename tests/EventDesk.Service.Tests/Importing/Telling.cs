using System.Text;
using EventDesk.Domain;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Importing;

namespace EventDesk.Service.Tests.Importing;

/// <summary>Rows in, events out, without a database.</summary>
static class Telling
{
    public static readonly DateTimeOffset Recorded = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A desk with every kind of rule; columns case, at, opened, status, owner, team, prio, count.</summary>
    public const string Desk = """
        {
          "source": "desk", "format": "csv", "missing": ["", "?"],
          "time": { "column": "at" },
          "fields": {
            "case": "case", "activity": { "template": "{status}!" }, "state": "status", "actor": "owner",
            "agent": { "column": "owner", "when": { "status": { "matches": "^(open|solved)$" } }, "missingClears": true },
            "team": "team",
            "line": { "column": "team", "match": [{ "pattern": " 3rd$", "is": "L3" }, { "pattern": " 2nd$", "is": "L2" }], "otherwise": "L1" },
            "severity": { "column": "prio", "map": { "P1": "critical", "P2": "high", "P3": "standard" } },
            "product": { "value": "router" }, "language": { "value": "en" }
          },
          "systemActors": ["robot"],
          "rules": [
            { "when": { "count": { "increased": true } }, "emit": "transferred" },
            { "when": { "status": "queued" }, "emit": ["working", "unassigned"] },
            { "when": { "status": "open" }, "emit": "working" },
            { "when": { "status": "late" }, "emit": "ongoing" },
            { "when": { "status": "judged" }, "emit": ["working", "assessed"] },
            { "when": { "status": "bug" }, "emit": ["working", "line"], "line": "L3" },
            { "when": { "status": "on hold" }, "emit": "waiting" },
            { "when": { "status": "at vendor" }, "emit": "waiting", "reason": "thirdParty" },
            { "when": { "status": "solved" }, "emit": "resolved" },
            { "when": { "status": "done" }, "emit": "closed" },
            { "when": { "status": "seen" }, "emit": "nothing" },
            { "when": { "status": "test" }, "emit": "skip", "reason": "a test" }
          ]
        }
        """;

    /// <param name="rows">Such as <c>10:00,open,ann,A,P3,0</c>: time, status, owner, team, priority, count.</param>
    public static Story Tell(params string[] rows) => Tell(Parse(Desk), rows);

    public static Story Tell(Mapping mapping, params string[] rows) =>
        Tell(mapping, Read(mapping, "case,at,status,owner,team,prio,count\n" + string.Concat(rows.Select(r => $"7,2020-01-01T{r[..5]}Z{r[5..]}\n"))).Single());

    public static Story Tell(Mapping mapping, SourceCase told)
    {
        var story = new Story(new CaseIdentity(mapping.File.Source, told.Id, 17, _ => new CustomerId(default)), Recorded);
        for (var i = 0; i < told.Rows.Count; i++)
            story.Add(mapping.Read(told.Rows[i], i == 0 ? null : told.Rows[i - 1], (_, _) => { }));
        return story;
    }

    public static Mapping Parse(string json) => Mapping.Parse(Encoding.UTF8.GetBytes(json));

    public static IReadOnlyList<SourceCase> Read(Mapping mapping, string text) => Sort(mapping, Encoding.UTF8.GetBytes(text)).Cases();

    public static CaseSorter Sort(Mapping mapping, byte[] file)
    {
        var sorter = new CaseSorter(mapping);
        var rows = mapping.File.Format == LogFormat.Xes
            ? XesRows.Read(new MemoryStream(file), mapping.Columns)
            : CsvRows.Read(new StreamReader(new MemoryStream(file), mapping.Encoding), mapping.File.Delimiter, mapping.Columns);
        foreach (var row in rows) sorter.Add(row);
        return sorter;
    }

    public static IEnumerable<TicketEvent> EventsOf(this Story story) => story.Events.Select(e => e.Event);

    /// <summary>The events of the last row.</summary>
    public static IEnumerable<TicketEvent> Last(this Story story)
    {
        var from = story.Events.ToList().FindLastIndex(e => e.Meta.SourceRow is not null);
        return story.Events.Skip(from).Select(e => e.Event);
    }
}
