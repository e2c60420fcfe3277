using System.Text;

namespace EventDesk.Testing;

/// <summary>Logs of the tests' own making in the formats of the real ones.</summary>
public static class SmallLogs
{
    const string IncidentHeader = "SR Number,Change Date+Time,Status,Sub Status,Involved ST,SR Latest Impact,Product,Country,Owner First Name,Owner Country";

    /// <summary>One row of the incident log, in neither rendering yet.</summary>
    public sealed record Incident(string Case, DateTimeOffset At, string Status, string SubStatus, string Team, string Impact, string Product, string Country, string Owner);

    /// <summary>UTF-8 with byte order mark, CRLF, a fixed +01:00, and names whose Latin-1 bytes were read as MacRoman.</summary>
    public static byte[] Csv(IEnumerable<Incident> rows)
    {
        var csv = new StringBuilder("\uFEFF").Append(IncidentHeader).Append("\r\n");
        foreach (var r in rows)
            csv.Append($"{r.Case},{r.At.ToOffset(TimeSpan.FromHours(1)):yyyy-MM-ddTHH:mm:sszzz},{r.Status},{r.SubStatus},{r.Team},{r.Impact},{r.Product},{r.Country},{Mojibake(r.Owner)},0\r\n");
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>The same as XES: right names, summer time in the offsets, keys with blanks, cases in another order.</summary>
    public static byte[] Xes(IEnumerable<Incident> rows)
    {
        var xes = new StringBuilder("<?xml version='1.0' encoding='UTF-8'?>\n<log>\n");
        foreach (var trace in rows.GroupBy(r => r.Case).OrderByDescending(g => g.Key, StringComparer.Ordinal))
        {
            xes.Append($"  <trace>\n    <string key=\"concept:name\" value=\"{trace.Key}\"/>\n");
            foreach (var r in trace)
            {
                var at = r.At.ToOffset(TimeSpan.FromHours(r.At.Month is > 3 and < 11 ? 2 : 1));
                xes.Append($"""
                        <event>
                          <string key="org:group" value="{r.Team}"/>
                          <string key="organization country" value="{r.Country}"/>
                          <string key="org:resource" value="{r.Owner}"/>
                          <string key="concept:name" value="{r.Status}"/>
                          <string key="impact" value="{r.Impact}"/>
                          <string key="product" value="{r.Product}"/>
                          <string key="lifecycle:transition" value="{r.SubStatus}"/>
                          <date key="time:timestamp" value="{at:yyyy-MM-ddTHH:mm:ss.fffzzz}"/>
                        </event>

                    """);
            }
            xes.Append("  </trace>\n");
        }
        return Encoding.UTF8.GetBytes(xes.Append("</log>\n").ToString());
    }

    /// <summary>Lives of incidents as they come: lines up and down, waits, resolutions, reopenings, ties, and steps that change nothing.</summary>
    public static List<Incident> Incidents(int cases, int seed = 1)
    {
        (string, string)[] steps =
        [
            ("Accepted", "In Progress"), ("Accepted", "In Progress"), ("Queued", "Awaiting Assignment"), ("Accepted", "Wait - User"), ("Accepted", "Assigned"),
            ("Accepted", "Wait - Vendor"), ("Completed", "Resolved"), ("Completed", "In Call"), ("Completed", "Closed"), ("Unmatched", "Unmatched"),
        ];
        string[] teams = ["G97", "G96", "S42 2nd", "G230 2nd", "V5 3rd", "V13 2nd 3rd"], owners = ["Björn", "Siebel", "Ann", "Åsa", "-", "Jürgen"], impacts = ["Low", "Medium", "High", "Major"];
        var chance = new Random(seed);
        List<Incident> rows = [];
        for (var c = 0; c < cases; c++)
        {
            var at = new DateTimeOffset(2012, 3, 20, 8, 0, 0, TimeSpan.Zero).AddMinutes(chance.Next(20_000));
            var impact = impacts[chance.Next(impacts.Length)];
            var id = $"1-{chance.Next(1000)}{c}";
            for (var n = chance.Next(1, 14); n > 0; n--)
            {
                var (status, sub) = steps[chance.Next(steps.Length)];
                rows.Add(new(id, at, status, sub, teams[chance.Next(teams.Length)], impact, $"PROD{c % 7}", c % 5 == 0 ? "0" : "se", owners[chance.Next(owners.Length)]));
                at = at.AddMinutes(chance.Next(0, 3000));
            }
        }
        return rows;
    }

    /// <summary>What a decoder for MacRoman makes of Latin-1 bytes.</summary>
    static string Mojibake(string text) =>
        CodePagesEncodingProvider.Instance.GetEncoding("macintosh")!.GetString(Encoding.Latin1.GetBytes(text));
}
