namespace EventDesk.Service.Searching;

/// <summary>One thing that has to stand on a ticket, or must not.</summary>
/// <param name="Words">Several stand next to each other, in this order.</param>
/// <param name="Exact">As written; else other forms of the word do, too.</param>
/// <param name="Not">It must not be there.</param>
/// <param name="Open">The last word is perhaps not typed to its end.</param>
public sealed record SearchTerm(IReadOnlyList<SearchWord> Words, bool Exact, bool Not, bool Open);

/// <summary>What is searched for: words, <c>"words in a row"</c>, <c>-without</c>; all of them have to hold.</summary>
public sealed record SearchQuery(IReadOnlyList<SearchTerm> Terms)
{
    public const int LongestText = 200, MostWords = 10;

    public IEnumerable<SearchTerm> Wanted => Terms.Where(t => !t.Not);

    /// <summary>Null where nothing is asked for, or too much: no word that has to be there, or more than <see cref="MostWords"/>.</summary>
    public static SearchQuery? Parse(string text)
    {
        List<SearchTerm> terms = [];
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }
            var not = text[at] == '-';
            var from = not ? at + 1 : at;
            var quoted = from < text.Length && IsQuote(text[from]);
            var start = quoted ? from + 1 : from;
            var end = start;
            while (end < text.Length && (quoted ? !IsQuote(text[end]) : !char.IsWhiteSpace(text[end]) && text[end] != '"'))
                end++;
            if (SearchWords.Of(text[start..end]) is { Count: > 0 } words)
                terms.Add(new(words, Exact: quoted || words.Count > 1, not, Open: !quoted && !not && end == text.Length));
            at = quoted ? end + 1 : Math.Max(end, at + 1);
        }
        var query = new SearchQuery(terms);
        return query.Wanted.Any() && terms.Sum(t => t.Words.Count) <= MostWords ? query : null;
    }

    static bool IsQuote(char c) => c is '"' or '“' or '”' or '„' or '«' or '»';
}
