using System.Text;

namespace EventDesk.Store.Tests;

/// <summary>JSON made to be awkward: the same value can be rendered in many ways, and a plain model says what its canonical form is.</summary>
static class RandomJson
{
    static readonly string[] Pieces =
    [
        "a", "Z", "id", "digest", "sealed", "0", " ", "\"", "\\", "/", "\b", "\t", "\n", "\f", "\r", "\u0001", "\u001f", "\u007f", "\u0080", "é", "ß", "ö", "€",
        "<", "&", "'", "+", "\u2028", "\u05d0", "中", "\ud7ff", "\ue000", "\ufb33", "\ufffd", "😀", "\U0010ffff",
    ];

    /// <summary>A value: null, bool, long, string, object?[] or a dictionary.</summary>
    public static object? Value(Random random, int depth = 0) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(-(1L << 53) + 1, 1L << 53),
        3 => (long)random.Next(-10, 10),
        4 => Text(random),
        5 => Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth + 1)).ToArray(),
        _ => Object(random, depth),
    };

    public static Dictionary<string, object?> Object(Random random, int depth = 0)
    {
        var made = new Dictionary<string, object?>();
        for (var i = random.Next(8); i > 0; i--)
            made[Text(random)] = Value(random, depth + 1);
        return made;
    }

    public static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    /// <summary>One of the many ways to write it: any member order, white space and escapes.</summary>
    public static string Render(object? value, Random random)
    {
        var json = new StringBuilder();
        Render(value, random, json);
        return json.ToString();
    }

    static void Render(object? value, Random random, StringBuilder json)
    {
        Space(random, json);
        switch (value)
        {
            case Dictionary<string, object?> members:
                var order = members.ToArray();
                random.Shuffle(order);
                Join(order, '{', '}', random, json, m =>
                {
                    Space(random, json);
                    RenderText(m.Key, random, json);
                    Space(random, json);
                    json.Append(':');
                    Render(m.Value, random, json);
                });
                break;
            case object?[] items: Join(items, '[', ']', random, json, i => Render(i, random, json)); break;
            case string text: RenderText(text, random, json); break;
            case bool b: json.Append(b ? "true" : "false"); break;
            case null: json.Append("null"); break;
            default: json.Append(value); break;
        }
        Space(random, json);
    }

    static void Join<T>(T[] items, char open, char close, Random random, StringBuilder json, Action<T> render)
    {
        json.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                json.Append(',');
            render(items[i]);
        }
        Space(random, json);
        json.Append(close);
    }

    static void Space(Random random, StringBuilder json)
    {
        for (; random.Next(6) == 0;)
            json.Append(" \t\r\n"[random.Next(4)]);
    }

    static void RenderText(string text, Random random, StringBuilder json)
    {
        json.Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            // Half of a surrogate pair escaped and half not would be no UTF-8.
            if (rune.Value < ' ' || rune.Value is '"' or '\\' || random.Next(5) == 0)
            {
                foreach (var unit in rune.ToString())
                    json.Append("\\u").Append(random.Next(2) == 0 ? $"{(int)unit:x4}" : $"{(int)unit:X4}");
            }
            else
            {
                json.Append(rune);
            }
        }
        json.Append('"');
    }

    /// <summary>RFC 8785, word for word and slowly.</summary>
    public static string Canonical(object? value) => value switch
    {
        Dictionary<string, object?> m => $"{{{string.Join(',', m.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quoted(p.Key)}:{Canonical(p.Value)}"))}}}",
        object?[] items => $"[{string.Join(',', items.Select(Canonical))}]",
        string text => Quoted(text),
        bool b => b ? "true" : "false",
        null => "null",
        _ => value.ToString()!,
    };

    static string Quoted(string text) => $"\"{string.Concat(text.Select(Quoted))}\"";

    static string Quoted(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        < ' ' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };
}
