using System.Text;

namespace EventDesk.Service.Importing;

/// <summary>RFC 4180 with any delimiter, LF or CRLF; the first row names the columns.</summary>
static class CsvRows
{
    /// <exception cref="SourceException">No header, a column that is not there, a quote that never ends, bytes that are no text.</exception>
    public static IEnumerable<RawRow> Read(TextReader text, char delimiter, ColumnSet columns)
    {
        var csv = new CsvText(text, delimiter);
        if (!csv.Next())
            throw new SourceException("The file is empty.");
        string[] header = [.. csv.Fields.Select(f => f!)];
        var places = Places(header, columns);
        csv.Wanted = Array.ConvertAll(places, p => p >= 0);
        while (csv.Next())
        {
            if (csv.IsEmptyLine)
                continue;
            var values = new string?[columns.Count];
            if (csv.Fields.Count != header.Length)
            {
                yield return new RawRow(csv.Line, values, $"there are {csv.Fields.Count} fields where the header has {header.Length}");
                continue;
            }
            for (var i = 0; i < places.Length; i++)
                if (places[i] >= 0) values[places[i]] = csv.Fields[i];
            yield return new RawRow(csv.Line, values);
        }
    }

    /// <summary>Where each field of the file goes, -1 for those nobody asks for.</summary>
    static int[] Places(string[] header, ColumnSet columns)
    {
        if (header.GroupBy(h => h).FirstOrDefault(g => g.Count() > 1) is { } twice && columns.Find(twice.Key) >= 0)
            throw new SourceException($"Line 1: the column \"{twice.Key}\" stands there {twice.Count()} times.");
        var missing = columns.Names.Except(header).ToList();
        if (missing.Count > 0)
            throw new SourceException(
                $"The mapping speaks of {string.Join(", ", missing.Select(m => $"\"{m}\""))}, which the file does not have. It has: {string.Join(", ", header)}.");
        return [.. header.Select(columns.Find)];
    }
}

/// <summary>Splits text into records of fields.</summary>
sealed class CsvText(TextReader text, char delimiter)
{
    readonly char[] buffer = new char[1 << 16];
    readonly StringBuilder field = new();
    readonly TextPool pool = new();
    int at, end;
    long line = 1;

    /// <summary>Of the present record, null where the field is not wanted; the list is used again for the next one.</summary>
    public List<string?> Fields { get; } = [];

    /// <summary>Which fields become texts; null: all. Most columns of a log are never asked for.</summary>
    public bool[]? Wanted { get; set; }

    public bool IsEmptyLine { get; private set; }

    /// <summary>Where the present record begins.</summary>
    public long Line { get; private set; }

    public bool Next()
    {
        Fields.Clear();
        Line = line;
        if (Peek() < 0)
            return false;
        for (var more = true; more;)
        {
            field.Clear();
            if (Peek() == '"') Quoted();
            else Plain();
            IsEmptyLine = Fields.Count == 0 && field.Length == 0;
            Fields.Add(Wanted is null || (Fields.Count < Wanted.Length && Wanted[Fields.Count]) ? Text() : null);
            more = EndOfField();
            IsEmptyLine &= !more;
        }
        return true;
    }

    void Plain()
    {
        for (var c = Peek(); c >= 0 && c != delimiter && c is not ('\r' or '\n'); c = Peek())
        {
            // The whole run up to the next character that means something.
            var run = buffer.AsSpan(at, end - at);
            var stop = run.IndexOfAny(delimiter, '\r', '\n');
            Take(stop < 0 ? run : run[..stop]);
        }
    }

    void Quoted()
    {
        var opened = line;
        at++;
        while (true)
        {
            if (Peek() < 0)
                throw new SourceException($"Line {opened}: a quoted field begins there and never ends.");
            var run = buffer.AsSpan(at, end - at);
            var stop = run.IndexOf('"');
            var content = stop < 0 ? run : run[..stop];
            Take(content);
            if (stop < 0) continue;
            at++;
            if (Peek() != '"') return;
            field.Append('"');
            at++;
        }
    }

    /// <summary>True when another field follows in this record.</summary>
    bool EndOfField()
    {
        var c = Peek();
        if (c == delimiter)
        {
            at++;
            return true;
        }
        if (c is '\r') { at++; c = Peek(); }
        if (c is '\n') { at++; line++; }
        else if (c >= 0)
            throw new SourceException($"Line {line}: there is text behind a closing quote or a lone carriage return.");
        return false;
    }

    void Take(ReadOnlySpan<char> run)
    {
        if (run.IndexOfAny('\uFFFD', '\0') is var bad and >= 0)
        {
            var what = run[bad] == '\0' ? "a NUL character" : "something that is no text in the mapping's encoding";
            throw new SourceException($"Line {line + run[..bad].Count('\n')}: there is {what}.");
        }
        line += run.Count('\n');
        field.Append(run);
        at += run.Length;
    }

    string Text()
    {
        if (field.Length == 0) return "";
        foreach (var only in field.GetChunks())
            return only.Length == field.Length ? pool.Get(only.Span) : field.ToString();
        return "";
    }

    int Peek()
    {
        if (at < end) return buffer[at];
        at = 0;
        end = text.Read(buffer, 0, buffer.Length);
        return end == 0 ? -1 : buffer[0];
    }
}
