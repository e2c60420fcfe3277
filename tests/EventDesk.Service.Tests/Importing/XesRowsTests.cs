using System.Text;
using EventDesk.Service.Importing;

namespace EventDesk.Service.Tests.Importing;

public sealed class XesRowsTests
{
    const string Plain = """
        <?xml version='1.0' encoding='UTF-8'?>
        <log>
          <float key="meta" value="7.6"><float key="Ann" value="0.1"/></float>
          <global scope="event"><string key="what" value="nobody"/></global>
          <trace>
            <string key="concept:name" value="1-17"/>
            <event>
              <string key="what" value="Accepted"/>
              <string key="resource country" value="Sweden"/>
            </event>
            <event>
              <string key="what" value="Completed &amp; closed"/>
            </event>
          </trace>
          <trace/>
        </log>
        """;

    [Fact]
    public void Events_and_their_trace_become_rows_and_what_an_event_does_not_say_stays_unknown()
    {
        var rows = Read(Plain, "case:concept:name", "what", "resource country");
        rows.Select(r => r.Values).ShouldBe([["1-17", "Accepted", "Sweden"], ["1-17", "Completed & closed", null]]);
        rows.Select(r => r.Line).ShouldBe([7L, 11L]);
    }

    [Fact]
    public void The_standard_s_namespace_tabs_and_nested_attributes_do_not_matter() =>
        Read("""
            <?xml version="1.0" encoding="utf-8" ?>
            <log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
            	<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext" />
            	<trace>
            		<string key="concept:name" value="Case 1" />
            		<event>
            			<string key="what" value="Wait"><string key="what" value="nested" /></string>
            			<list key="more"><values><string key="what" value="listed" /></values></list>
            		</event>
            	</trace>
            </log>
            """, "case:concept:name", "what").ShouldHaveSingleItem().Values.ShouldBe(["Case 1", "Wait"]);

    [Fact]
    public void A_key_that_no_event_has_is_told_with_those_there_are() =>
        Should.Throw<SourceException>(() => Read(Plain, "who")).Message
            .ShouldBe("The mapping speaks of \"who\", which no event of the file has. It has: case:concept:name, resource country, what.");

    [Theory]
    [InlineData("<log>\n<trace>\n<event>\n</trace></log>", "Line 4: ")]
    [InlineData("<log>\n<trace>\n<event><string key='a' value='b'/>", "Line 3: ")]
    [InlineData("", "Line ")]
    public void What_is_not_well_formed_is_told_with_its_line(string xes, string told) =>
        Should.Throw<SourceException>(() => Read(xes, "a")).Message.ShouldStartWith(told);

    [Fact]
    public void A_document_type_is_refused_so_nothing_outside_the_file_is_ever_fetched() =>
        Should.Throw<SourceException>(() => Read("<!DOCTYPE log [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>\n<log>&x;</log>", "a")).Message.ShouldContain("DTD");

    static List<RawRow> Read(string xes, params string[] names)
    {
        var columns = new ColumnSet();
        foreach (var name in names) columns.PlaceOf(name);
        return [.. XesRows.Read(new MemoryStream(Encoding.UTF8.GetBytes(xes)), columns)];
    }
}
