using System.Xml;

namespace EventDesk.Service.Importing;

/// <summary>
/// XES (IEEE 1849), strict about XML and lenient about the rest: real logs have keys with blanks and miss the schema.
/// An event's attribute is the column of its key, an attribute of the trace is the column <c>case:key</c>. Nested attributes are not read.
/// </summary>
static class XesRows
{
    const string OfTrace = "case:";

    /// <exception cref="SourceException">Not well-formed, or a key the mapping speaks of that no event has.</exception>
    public static IEnumerable<RawRow> Read(Stream content, ColumnSet columns)
    {
        using var xml = Open(content);
        var reader = new Reader(xml, columns);
        while (reader.NextTrace())
            while (reader.NextEvent() is { } row)
                yield return row;
        if (reader.NeverSeen() is { Count: > 0 } missing)
            throw new SourceException(
                $"The mapping speaks of {string.Join(", ", missing.Select(m => $"\"{m}\""))}, which no event of the file has. It has: {string.Join(", ", reader.Keys)}.");
    }

    /// <summary>No document type, so no entities: nothing outside the file is ever fetched and nothing can swell.</summary>
    static XmlReader Open(Stream content) => XmlReader.Create(content, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    });

    sealed class Reader(XmlReader xml, ColumnSet columns)
    {
        readonly TextPool pool = new();
        readonly bool[] seen = new bool[columns.Count];
        string?[] ofTrace = [];
        int traceDepth;

        public SortedSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public List<string> NeverSeen() => [.. columns.Names.Where((_, place) => !seen[place])];

        public bool NextTrace()
        {
            while (Read())
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "trace" && !xml.IsEmptyElement)
                {
                    traceDepth = xml.Depth;
                    ofTrace = new string?[columns.Count];
                    return true;
                }
            return false;
        }

        /// <summary>The next event of the present trace, with what the trace said before it.</summary>
        public RawRow? NextEvent()
        {
            while (Read() && xml.Depth > traceDepth)
            {
                if (xml.NodeType != XmlNodeType.Element || xml.Depth != traceDepth + 1) continue;
                if (xml.LocalName == "event") return Event();
                Attribute(ofTrace, OfTrace);
            }
            return null;
        }

        RawRow Event()
        {
            var row = new RawRow(((IXmlLineInfo)xml).LineNumber, [.. ofTrace]);
            var depth = xml.Depth;
            if (xml.IsEmptyElement) return row;
            while (Read() && xml.Depth > depth)
                if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
                    Attribute(row.Values, "");
            return row;
        }

        void Attribute(string?[] values, string prefix)
        {
            if (xml.GetAttribute("key") is not { } key || xml.GetAttribute("value") is not { } value) return;
            if (Keys.Count < 200) Keys.Add(prefix + key);
            var place = columns.Find(prefix.Length == 0 ? key : prefix + key);
            if (place < 0) return;
            seen[place] = true;
            values[place] = pool.Get(value);
        }

        bool Read()
        {
            try
            {
                return xml.Read();
            }
            catch (XmlException e)
            {
                throw new SourceException($"Line {e.LineNumber}: {e.Message}", e);
            }
        }
    }
}
