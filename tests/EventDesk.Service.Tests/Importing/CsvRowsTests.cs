using System.Text;
using EventDesk.Service.Importing;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Service.Tests.Importing;

public sealed class CsvRowsTests
{
    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n1,2")]
    [InlineData("\uFEFFa,b\n1,2\n")]
    [InlineData("a,b,c\n\"1\",2,\n\n")]
    [InlineData("b,a\n2,1")]
    public void Line_ends_byte_order_marks_quotes_and_other_columns_do_not_matter(string csv) =>
        Read(csv, "a", "b").ShouldHaveSingleItem().Values.ShouldBe(["1", "2"]);

    [Fact]
    public void A_quoted_field_holds_delimiters_quotes_and_line_ends_and_the_lines_after_it_keep_their_numbers()
    {
        var rows = Read("a;b\r\n\"x;\"\"y\"\"\r\nz\";1\r\n2;3\r\n", ';', "a", "b");
        rows[0].Values.ShouldBe(["x;\"y\"\r\nz", "1"]);
        rows.Select(r => r.Line).ShouldBe([2L, 4L]);
    }

    [Fact]
    public void A_row_of_another_length_is_a_fault_of_its_line()
    {
        var rows = Read("a,b\n1,2\n3\n4,5,6\n", "a");
        rows.Select(r => r.Fault).ShouldBe([null, "there are 1 fields where the header has 2", "there are 3 fields where the header has 2"]);
        rows.Select(r => r.Line).ShouldBe([2L, 3L, 4L]);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("a,b\n1,\"2\n3", "Line 2: a quoted field begins there and never ends.")]
    [InlineData("a,b\n\"1\"x,2\n", "Line 2: there is text behind a closing quote or a lone carriage return.")]
    [InlineData("a,b\n1,2\n1,x\0y\n", "Line 3: there is a NUL character.")]
    [InlineData("a,c\n1,2\n", "The mapping speaks of \"b\", which the file does not have. It has: a, c.")]
    [InlineData("a,b,a\n1,2,3\n", "Line 1: the column \"a\" stands there 2 times.")]
    public void What_is_wrong_is_told_with_its_line(string csv, string told) =>
        Should.Throw<SourceException>(() => Read(csv, "a", "b")).Message.ShouldBe(told);

    [Fact]
    public void Bytes_that_are_no_text_are_told_with_their_line()
    {
        byte[] latin = [.. "a,b\n1,2\n1,\"x\n"u8, 0xF6, .. "\"\n"u8];
        Should.Throw<SourceException>(() => CsvRows.Read(new StreamReader(new MemoryStream(latin)), ',', Columns("a", "b")).ToList())
            .Message.ShouldBe("Line 4: there is something that is no text in the mapping's encoding.");
    }

    [Fact]
    public void What_was_quoted_by_the_standard_reads_as_it_was_written() =>
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<string>().Select(Storable).ArrayOf(2).ListOf().ToArbitrary(),
            rows =>
            {
                var csv = new StringBuilder("a,b\r\n");
                foreach (var row in rows)
                    csv.Append(Quoted(row[0])).Append(',').Append(Quoted(row[1])).Append("\r\n");
                Read(csv.ToString(), "a", "b").Select(r => r.Values).ShouldBe(rows);
            }).QuickCheckThrowOnFailure();

    static string Storable(string? text) => (text ?? "").Replace("\0", "", StringComparison.Ordinal).Replace("\uFFFD", "", StringComparison.Ordinal);

    static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static List<RawRow> Read(string csv, params string[] columns) => Read(csv, ',', columns);

    static List<RawRow> Read(string csv, char delimiter, params string[] columns) =>
        [.. CsvRows.Read(new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(csv))), delimiter, Columns(columns))];

    static ColumnSet Columns(params string[] names)
    {
        var columns = new ColumnSet();
        foreach (var name in names) columns.PlaceOf(name);
        return columns;
    }
}
