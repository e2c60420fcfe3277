namespace EventDesk.Service.Searching;

/// <summary>A word of a text with the marks by which it is found.</summary>
/// <param name="Marks">Its own, and those of its stems.</param>
readonly record struct MarkedWord(SearchWord Word, long Own, IReadOnlyList<long> Marks);

/// <summary>A query as the index and the texts are asked: each word with the marks of its forms in the languages that are searched.</summary>
sealed class AskedQuery
{
    sealed record AskedWord(SearchWord Word, HashSet<long> Forms, bool Open, long? Beginning)
    {
        public bool Is(MarkedWord word) =>
            Forms.Contains(word.Own) || word.Marks.Any(Forms.Contains) || Open && word.Word.Folded.StartsWith(Word.Folded, StringComparison.Ordinal);

        /// <summary>One of these has to be among a ticket's marks.</summary>
        public long[] Marks => Beginning is { } beginning ? [.. Forms, beginning] : [.. Forms];
    }

    sealed record AskedTerm(IReadOnlyList<AskedWord> Words, bool Exact, bool Not)
    {
        public IEnumerable<(int Start, int Length)> In(IReadOnlyList<MarkedWord> text)
        {
            for (var i = 0; i + Words.Count <= text.Count; i++)
                if (StandsAt(text, i))
                    yield return (text[i].Word.Start, text[i + Words.Count - 1].Word.Start + text[i + Words.Count - 1].Word.Length - text[i].Word.Start);
        }

        bool StandsAt(IReadOnlyList<MarkedWord> text, int at)
        {
            for (var n = 0; n < Words.Count; n++)
                if (!Words[n].Is(Exact ? text[at + n] with { Marks = [] } : text[at + n]))
                    return false;
            return true;
        }
    }

    readonly List<AskedTerm> terms;

    AskedQuery(List<AskedTerm> terms) => this.terms = terms;

    /// <param name="languages">Those with stemmers of the desks that are searched.</param>
    public static async Task<AskedQuery> Of(SearchQuery query, IReadOnlyCollection<string> languages, SearchMarks marks, CancellationToken ct)
    {
        var inflected = query.Terms.Where(t => !t.Exact).SelectMany(t => t.Words).SelectMany(w => (string[])[w.Lower, w.Folded]).ToList();
        var wanted = query.Wanted.Sum(t => t.Words.Count);
        List<IReadOnlyDictionary<string, long>> stems = [];
        foreach (var language in languages)
            stems.Add(await marks.Stems(language, inflected, ct));
        return new([.. query.Terms.Select(term => new AskedTerm([.. term.Words.Select((word, n) => Word(term, word, last: n == term.Words.Count - 1))], term.Exact, term.Not))]);

        AskedWord Word(SearchTerm term, SearchWord word, bool last)
        {
            HashSet<long> forms = [marks.Word(word.Folded)];
            if (!term.Exact)
                forms.UnionWith(stems.SelectMany(s => (long[])[s[word.Lower], s[word.Folded]]).Where(m => m != 0));
            var beginning = term.Open && last ? marks.Beginning(word.Folded) : null;
            // One that is too short for the index is looked for in the texts of what the other words find.
            return new(word, forms, term.Open && last && (beginning is not null || wanted > 1), beginning);
        }
    }

    /// <summary>Of each word one mark has to be there.</summary>
    public IReadOnlyList<long[]> Wanted => [.. terms.Where(t => !t.Not).SelectMany(t => t.Words).Where(w => !w.Open || w.Beginning is not null).Select(w => w.Marks)];

    /// <summary>None of these may be there. What is excluded in a row of words only the texts can tell.</summary>
    public long[] Unwanted => [.. terms.Where(t => t is { Not: true, Words.Count: 1 }).SelectMany(t => t.Words[0].Forms).Distinct()];

    /// <summary>Where in the texts of a ticket what is wanted stands; null when not all of it does, or something unwanted.</summary>
    /// <returns>For each text the places, in order, and how many of the terms stand in it.</returns>
    public IReadOnlyList<(List<(int Start, int Length)> Places, int Terms)>? Find(IReadOnlyList<IReadOnlyList<MarkedWord>> texts)
    {
        var found = texts.Select(_ => (Places: new List<(int, int)>(), Terms: 0)).ToArray();
        foreach (var term in terms)
        {
            var anywhere = false;
            for (var i = 0; i < texts.Count; i++)
            {
                var places = term.In(texts[i]).ToList();
                anywhere |= places.Count > 0;
                if (!term.Not && places.Count > 0)
                    found[i] = ([.. found[i].Places, .. places], found[i].Terms + 1);
            }
            if (anywhere == term.Not)
                return null;
        }
        foreach (var (places, _) in found)
            places.Sort();
        return found;
    }
}
