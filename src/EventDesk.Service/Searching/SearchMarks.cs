using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using EventDesk.Store;
using Npgsql;

namespace EventDesk.Service.Searching;

/// <summary>
/// Makes the marks of words: hashes under a secret, so that the index holds no word and nobody without the key files can ask it for one. A word has its own
/// mark, that of its stem where its language has a stemmer, and, if it is long enough, those of its beginnings.
/// </summary>
sealed class SearchMarks(byte[] secret, EventStore store)
{
    /// <summary>Tickets whose marks lie together: one look at the index covers so many.</summary>
    public const int BlockBits = 13;

    const int HashBits = 40;
    const int StemsKept = 200_000;

    /// <summary>Beginnings by which an unfinished word is found.</summary>
    static readonly int[] Beginnings = [3, 5];

    /// <summary>Snowball, as PostgreSQL brings it; a language that is not here is searched by its words as they are written.</summary>
    static readonly FrozenDictionary<string, string> Dictionaries = new Dictionary<string, string>
    {
        ["ar"] = "arabic_stem", ["ca"] = "catalan_stem", ["da"] = "danish_stem", ["de"] = "german_stem", ["el"] = "greek_stem", ["en"] = "english_stem", ["es"] = "spanish_stem",
        ["eu"] = "basque_stem", ["fi"] = "finnish_stem", ["fr"] = "french_stem", ["ga"] = "irish_stem", ["hi"] = "hindi_stem", ["hu"] = "hungarian_stem", ["hy"] = "armenian_stem",
        ["id"] = "indonesian_stem", ["it"] = "italian_stem", ["lt"] = "lithuanian_stem", ["nb"] = "norwegian_stem", ["ne"] = "nepali_stem", ["nl"] = "dutch_stem",
        ["nn"] = "norwegian_stem", ["no"] = "norwegian_stem", ["pt"] = "portuguese_stem", ["ro"] = "romanian_stem", ["ru"] = "russian_stem", ["sr"] = "serbian_stem",
        ["sv"] = "swedish_stem", ["ta"] = "tamil_stem", ["tr"] = "turkish_stem", ["yi"] = "yiddish_stem",
    }.ToFrozenDictionary();

    /// <summary>Stems of words met lately, by hash: no word is kept in memory either.</summary>
    readonly ConcurrentDictionary<long, long> stems = new();

    /// <summary>The language in whose stems a text is searched; null: none.</summary>
    public static string? Stemmed(string language) => language.Split('-')[0] is var plain && Dictionaries.ContainsKey(plain) ? plain : null;

    public static long BlockOf(long number) => number >> BlockBits;

    public static long InBlock(long block, long mark) => block << HashBits | mark;

    public long Word(string folded) => Hash('w', folded);

    /// <summary>The mark of the desk a ticket is at: tickets of a small desk are found among many.</summary>
    public long Desk(string desk) => Hash('d', desk);

    /// <summary>The mark of the beginning that stands for an unfinished word; null: it is too short.</summary>
    public long? Beginning(string folded) => Beginnings.LastOrDefault(n => n <= folded.Length) is > 0 and var n ? Hash('b', folded[..n]) : null;

    public IEnumerable<long> BeginningsOf(string folded) => Beginnings.Where(n => n < folded.Length).Select(n => Hash('b', folded[..n]));

    /// <summary>The marks of the stems of words, 0 where there is none.</summary>
    /// <param name="language">One of <see cref="Stemmed"/>.</param>
    public async Task<IReadOnlyDictionary<string, long>> Stems(string language, IEnumerable<string> words, CancellationToken ct)
    {
        Dictionary<string, long> found = [];
        List<string> missing = [];
        foreach (var word in words.Distinct())
            if (stems.TryGetValue(Hash('s', $"{language} {word}"), out var stem))
                found[word] = stem;
            else
                missing.Add(word);
        if (missing.Count == 0)
            return found;
        if (stems.Count > StemsKept)
            stems.Clear();
        await using var command = store.DataSource.CreateCommand(StemSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Dictionaries[language] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. missing] });
        await using var row = await command.ExecuteReaderAsync(ct);
        for (var i = 0; await row.ReadAsync(ct); i++)
            found[missing[i]] = stems[Hash('s', $"{language} {missing[i]}")] = row.IsDBNull(0) ? 0 : Word(SearchWords.Fold(row.GetString(0)));
        return found;
    }

    // Single words in no order of any text; what is a stop word to the dictionary has no stem.
    const string StemSql = """
        select (ts_lexize($1::text::regdictionary, word))[1]
        from unnest($2::text[]) with ordinality as given (word, n)
        order by n
        """;

    long Hash(char kind, string text)
    {
        Span<byte> bytes = stackalloc byte[4 * 80 + 1], hash = stackalloc byte[32];
        bytes[0] = (byte)kind;
        var length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, 80)), bytes[1..]);
        HMACSHA256.HashData(secret, bytes[..(length + 1)], hash);
        return BitConverter.ToInt64(hash) & ((1L << HashBits) - 1);
    }
}
