using System.Text.Json;
using System.Text.Json.Serialization;
using EventDesk.Domain.Tickets;

namespace EventDesk.Server.Demo;

/// <summary>What customers and agents of one language say in the sample.</summary>
/// <param name="Note">For the desk alone.</param>
/// <param name="Summaries">What customers read when it is resolved.</param>
sealed record Phrases(
    IReadOnlyList<string> Names, IReadOnlyList<Opening> Openings, IReadOnlyList<string> Replies, IReadOnlyList<string> Questions, IReadOnlyList<string> Answers,
    IReadOnlyList<string> Pleased, IReadOnlyList<string> Displeased, string Reason, string Note, IReadOnlyDictionary<Resolution, string> Summaries)
{
    public static IReadOnlyDictionary<string, Phrases> ByLanguage { get; } = Read();

    static Dictionary<string, Phrases> Read()
    {
        using var file = typeof(Phrases).Assembly.GetManifestResourceStream("EventDesk.Server.Demo.phrases.json")!;
        return JsonSerializer.Deserialize(file, PhrasesJson.Default.DictionaryStringPhrases)!;
    }
}

/// <param name="Topic">A choice of the organisation's form.</param>
/// <param name="Subject">With {month} and {order} to be filled in.</param>
sealed record Opening(string Product, string Topic, string Subject, string Body);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, Phrases>))]
sealed partial class PhrasesJson : JsonSerializerContext;
