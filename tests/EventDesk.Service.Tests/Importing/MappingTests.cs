using EventDesk.Domain.Tickets;
using EventDesk.Service.Importing;
using EventDesk.Testing;
using FsCheck;
using FsCheck.Fluent;
using static EventDesk.Service.Tests.Importing.Telling;

namespace EventDesk.Service.Tests.Importing;

/// <summary>F7: mapping files, the rows they read and how they sort them.</summary>
public sealed class MappingTests
{
    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(Checkout.Root, "ops", "mappings"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory, MemberData(nameof(Shipped))]
    public void Every_mapping_of_the_project_is_right(string name) => ImportFiles.Mapping(name).File.About.ShouldNotBeNull();

    [Theory]
    [InlineData("\"source\": \"desk\",", "", "'source'")]
    [InlineData("\"format\": \"csv\"", "\"format\": \"pdf\"", "$.format")]
    [InlineData("\"state\":", "\"stat\":", "There is no field stat; known are case, activity")]
    [InlineData("\"state\": \"status\"", "\"state\": { \"colum\": \"status\" }", "colum")]
    [InlineData("\"state\": \"status\"", "\"state\": {}", "The field \"state\" needs exactly one of column, value and template.")]
    [InlineData("\"state\": \"status\"", "\"state\": { \"template\": \"{status\" }", "opens a brace")]
    [InlineData("\"state\": \"status\"", "\"state\": { \"column\": \"status\", \"repair\": { \"readAs\": \"klingon\", \"was\": \"utf-8\" } }", "There is no encoding \"klingon\".")]
    [InlineData("\"case\": \"case\",", "", "The mapping needs the field \"case\".")]
    [InlineData("^(open|solved)$", "^(open|solved$", "is not a pattern")]
    [InlineData(" 3rd$", "(3rd$", "is not a pattern")]
    [InlineData("\"increased\": true", "\"risen\": true", "\"risen\"")]
    [InlineData("\"emit\": \"nothing\"", "\"emit\": \"everything\"", "$.rules[10].emit): There is nothing \"everything\" to emit")]
    [InlineData("\"emit\": \"nothing\"", "\"emit\": []", "Rule 11 emits nothing.")]
    [InlineData("\"emit\": \"nothing\"", "\"emit\": \"note\"", "Rule 11 emits a message and does not say where its text stands.")]
    [InlineData("\"line\": \"L3\" }", "\"line\": \"L4\" }", "Rule 6 emits a line; \"L4\" is none of")]
    [InlineData("\"thirdParty\"", "\"rain\"", "Rule 8 waits for \"rain\"")]
    [InlineData("{ \"column\": \"at\" }", "{ \"column\": \"at\", \"zone\": \"Mars\" }", "\"Mars\" is no zone")]
    public void A_wrong_mapping_says_what_is_wrong(string from, string to, string told)
    {
        Desk.ShouldContain(from);
        Should.Throw<MappingException>(() => Parse(Desk.Replace(from, to, StringComparison.Ordinal))).Message.ShouldContain(told);
    }

    [Theory]
    [InlineData("Bjˆrn", "Björn")]
    [InlineData("AndrÈs", "Andrés")]
    [InlineData("≈sa", "Åsa")]
    [InlineData("J¸ri", "Jüri")]
    [InlineData("Iv·n", "Iván")]
    [InlineData("MichaÎl", "Michaël")]
    [InlineData("Ann", "Ann")]
    [InlineData("智子", "智子")]
    public void Names_whose_Latin_bytes_were_read_as_MacRoman_are_repaired(string stored, string name)
    {
        var mapping = ImportFiles.Mapping("vinst-incidents-csv");
        var rows = Read(mapping, $"SR Number,Change Date+Time,Status,Sub Status,Involved ST,SR Latest Impact,Product,Country,Owner First Name\n1,2012-01-01T00:00:00Z,Accepted,In Progress,A,Low,P,se,{stored}\n");
        Tell(mapping, rows.Single()).Ticket.Agent!.Value.Value.ShouldBe(name);
    }

    [Fact]
    public void Both_renderings_of_the_incident_log_tell_the_same()
    {
        var incidents = SmallLogs.Incidents(60);
        var (csv, xes) = (ImportFiles.Mapping("vinst-incidents-csv"), ImportFiles.Mapping("vinst-incidents-xes"));
        var fromCsv = Sort(csv, SmallLogs.Csv(incidents)).Cases();
        var fromXes = Sort(xes, SmallLogs.Xes(incidents)).Cases();
        fromCsv.Select(c => c.Id).ShouldBe(fromXes.Select(c => c.Id));
        foreach (var (a, b) in fromCsv.Zip(fromXes))
            Digest(csv, a).ShouldBe(Digest(xes, b));
    }

    [Fact]
    public void Rows_of_one_instant_keep_the_order_of_the_file_and_others_are_sorted_by_time()
    {
        var rows = Read(Parse(Desk), "case,at,status,owner,team,prio,count\n7,2020-01-01T11:00Z,c,,,,\n7,2020-01-01T10:00Z,a,,,,\n7,2020-01-01T10:00Z,b,,,,\n").Single().Rows;
        rows.Select(r => r.Line).ShouldBe([3L, 4L, 2L]);
        var asInFile = Parse(Desk.Replace("\"format\"", "\"order\": \"file\", \"format\"", StringComparison.Ordinal));
        Read(asInFile, "case,at,status,owner,team,prio,count\n7,2020-01-01T11:00Z,c,,,,\n7,2020-01-01T10:00Z,a,,,,\n").Single().Rows.Select(r => r.Line).ShouldBe([2L, 3L]);
    }

    [Fact]
    public void Identical_neighbours_are_kept_or_skipped_as_the_mapping_says()
    {
        const string Log = "case,at,status,owner,team,prio,count\n7,2020-01-01T10:00Z,a,,,,\n7,2020-01-01T10:00Z,a,,,,\n7,2020-01-01T10:00Z,b,,,,\n";
        Read(Parse(Desk), Log).Single().Rows.Count.ShouldBe(3);
        var skipping = Sort(Parse(Desk.Replace("\"format\"", "\"duplicates\": \"skip\", \"format\"", StringComparison.Ordinal)), System.Text.Encoding.UTF8.GetBytes(Log));
        skipping.Cases().Single().Rows.Count.ShouldBe(2);
        skipping.Skipped.ShouldBe(new Dictionary<string, long> { ["identical to the row before"] = 1 });
    }

    [Fact]
    public void A_rule_can_skip_rows_and_they_are_counted_by_reason()
    {
        var sorter = Sort(Parse(Desk), "case,at,status,owner,team,prio,count\n7,2020-01-01T10:00Z,test,,,,\n7,2020-01-01T11:00Z,a,,,,\n8,2020-01-01T11:00Z,test,,,,\n"u8.ToArray());
        sorter.Cases().Single().Rows.Single().Line.ShouldBe(3);
        sorter.Skipped.ShouldBe(new Dictionary<string, long> { ["a test"] = 2 });
    }

    [Theory]
    [InlineData("7,yesterday,a,,,,", "Line 3: the time \"yesterday\" in \"at\" fits none of iso.")]
    [InlineData("7,,a,,,,", "Line 3: there is no time.")]
    [InlineData(",2020-01-01T10:00Z,a,,,,", "Line 3: there is no case id.")]
    [InlineData("7,2020-01-01T10:00Z", "Line 3: there are 2 fields where the header has 7.")]
    public void A_bad_row_refuses_the_file_by_its_line_or_is_skipped_and_counted(string row, string told)
    {
        var log = System.Text.Encoding.UTF8.GetBytes($"case,at,status,owner,team,prio,count\n1,2020-01-01T10:00Z,a,,,,\n{row}\n");
        Should.Throw<SourceException>(() => Sort(Parse(Desk), log)).Message.ShouldBe(told);
        var skipping = Sort(Parse(Desk.Replace("\"format\"", "\"badRows\": \"skip\", \"format\"", StringComparison.Ordinal)), log);
        skipping.Cases().Count.ShouldBe(1);
        skipping.Skipped["unreadable"].ShouldBe(1);
    }

    [Fact]
    public void What_neither_map_nor_match_knows_is_told_and_left_out()
    {
        List<(string, string)> unknown = [];
        var mapping = Parse(Desk);
        var row = Read(mapping, "case,at,status,owner,team,prio,count\n7,2020-01-01T10:00Z,a,,,P9,\n").Single().Rows[0];
        mapping.Read(row, null, (field, value) => unknown.Add((field, value))).Severity.ShouldBeNull();
        unknown.ShouldBe([("severity", "P9")]);
    }

    [Fact]
    public void The_order_of_cases_in_the_file_and_of_rows_with_times_apart_changes_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var mapping = ImportFiles.Mapping("vinst-incidents-csv");
            var incidents = SmallLogs.Incidents(12, seed).DistinctBy(i => (i.Case, i.At)).ToList();
            var shuffled = incidents.ToArray();
            new Random(seed).Shuffle(shuffled);
            Told(Sort(mapping, SmallLogs.Csv(shuffled)).Cases()).ShouldBe(Told(Sort(mapping, SmallLogs.Csv(incidents)).Cases()));

            IEnumerable<string> Told(IEnumerable<SourceCase> cases) => cases.Select(c => $"{c.Id} {Digest(mapping, c)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Every_row_of_every_life_gives_at_least_one_event_and_exactly_one_that_is_marked() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var mapping = ImportFiles.Mapping("vinst-incidents-csv");
            foreach (var told in Sort(mapping, SmallLogs.Csv(SmallLogs.Incidents(12, seed))).Cases())
            {
                var story = Tell(mapping, told);
                story.Events.Select(e => e.Meta.SourceRow).OfType<int>().ShouldBe(Enumerable.Range(1, told.Rows.Count));
                story.EventsOf().First().ShouldBeOfType<TicketOpened>();
                story.EventsOf().OfType<TicketOpened>().Count().ShouldBe(1);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    static string Digest(Mapping mapping, SourceCase told)
    {
        var digest = new FactsDigest(_ => default);
        for (var i = 0; i < told.Rows.Count; i++)
            digest.Add(mapping.Read(told.Rows[i], i == 0 ? null : told.Rows[i - 1], (_, _) => { }));
        return Convert.ToHexString(digest.Value.Span);
    }
}
