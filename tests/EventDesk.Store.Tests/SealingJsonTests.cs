using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventDesk.Store.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace EventDesk.Store.Tests;

public sealed class SealingJsonTests
{
    static readonly Guid Stream = Guid.CreateVersion7();

    [Fact]
    public void R1_a_stored_event_comes_out_as_it_was_before_sealing() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            using var key = StreamKey.Create(Stream);
            var value = RandomJson.Object(random);
            var stored = RandomJson.Render(Sealed(value, "", random, key, 7, out var count), random);
            var (plain, outcome) = Unseal(stored, key, 7);
            outcome.ShouldBe(new(count, 0, 0));
            Encoding.UTF8.GetString(Ledger.Canonical.Of(Encoding.UTF8.GetBytes(plain))).ShouldBe(RandomJson.Canonical(value));
        }).QuickCheckThrowOnFailure();

    /// <summary>The same value with some of its texts sealed, each bound to its path.</summary>
    static object? Sealed(object? value, string path, Random random, StreamKey key, long version, out int count)
    {
        var sum = 0;
        object? Inner(object? inner, string innerPath)
        {
            var made = Sealed(inner, innerPath, random, key, version, out var n);
            sum += n;
            return made;
        }
        var result = value switch
        {
            Dictionary<string, object?> m => m.ToDictionary(p => p.Key, p => Inner(p.Value, path.Length == 0 ? p.Key : $"{path}.{p.Key}")),
            object?[] items => items.Select(i => Inner(i, path)).ToArray(),
            string text when random.Next(2) == 0 && Encoding.UTF8.GetByteCount(path) < 100 => Stored(text),
            _ => value,
        };
        count = sum + (result is Dictionary<string, object?> && value is string ? 1 : 0);
        return result;

        object Stored(string text)
        {
            var sealedBytes = key.Seal(Encoding.UTF8.GetBytes(text), version, path);
            return new Dictionary<string, object?> { ["digest"] = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(sealedBytes)), ["sealed"] = Convert.ToBase64String(sealedBytes) };
        }
    }

    [Fact]
    public void R1_codec_and_transcoder_agree_on_the_path_of_a_field()
    {
        using var key = StreamKey.Create(Stream);
        var stored = Write(json =>
        {
            json.WriteStartObject();
            Seal("subject", "subject", "Printer \"on\" fire\n");
            json.WriteStartObject("requester");
            Seal("name", "requester.name", "Ann");
            json.WriteNumber("age", 7);
            Seal("email", "requester.email", "ann@example.com");
            json.WriteEndObject();
            json.WriteStartArray("parts");
            json.WriteStartObject();
            Seal("text", "parts.text", "one");
            json.WriteEndObject();
            SealedJson.Write(json, key, 3, "parts", "two");
            json.WriteEndArray();
            json.WriteString("channel", "mail");
            Seal("note", "note", "");
            json.WriteEndObject();

            void Seal(string name, string field, string text)
            {
                json.WritePropertyName(name);
                SealedJson.Write(json, key, 3, field, text);
            }
        });
        var (plain, outcome) = Unseal(stored, key, 3);
        plain.ShouldBe("""{"subject":"Printer \"on\" fire\n","requester":{"name":"Ann","age":7,"email":"ann@example.com"},"parts":[{"text":"one"},"two"],"channel":"mail","note":""}""");
        outcome.ShouldBe(new UnsealOutcome(6, 0, 0));
    }

    [Fact]
    public void R1_the_stored_form_is_digest_then_sealed_and_reads_back()
    {
        using var key = StreamKey.Create(Stream);
        var stored = Write(json => SealedJson.Write(json, key, 1, "subject", "text"));
        using var document = JsonDocument.Parse(stored);
        document.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(["digest", "sealed"]);
        var sealedBytes = document.RootElement.GetProperty("sealed").GetBytesFromBase64();
        document.RootElement.GetProperty("digest").GetBytesFromBase64().ShouldBe(System.Security.Cryptography.SHA256.HashData(sealedBytes));
        Read(stored, key).ShouldBe("text");
        Read(stored, null).ShouldBeNull();
        Read("""{"digest":"","sealed":null}""", key).ShouldBeNull();
        Should.Throw<JsonException>(() => Read("\"plain\"", key));
    }

    [Fact]
    public void R4_erased_values_and_those_whose_key_is_gone_come_out_as_null()
    {
        using var key = StreamKey.Create(Stream);
        var one = Write(json => SealedJson.Write(json, key, 1, "a", "text"));
        Unseal($$"""{"a":{{one}},"b":1}""", null, 1).ShouldBe(("""{"a":null,"b":1}""", new UnsealOutcome(0, 1, 0)));
        Unseal("""{"a":{"digest":"x","sealed":null},"b":1}""", key, 1).ShouldBe(("""{"a":null,"b":1}""", new UnsealOutcome(0, 1, 0)));
    }

    [Fact]
    public void R1_values_that_were_moved_or_changed_come_out_as_null_and_are_counted()
    {
        using var key = StreamKey.Create(Stream);
        var one = Write(json => SealedJson.Write(json, key, 1, "a", "text"));
        Unseal($$"""{"b":{{one}}}""", key, 1).ShouldBe(("""{"b":null}""", new UnsealOutcome(0, 0, 1)));
        Unseal($$"""{"a":{{one}}}""", key, 2).ShouldBe(("""{"a":null}""", new UnsealOutcome(0, 0, 1)));
        Unseal("""{"a":{"digest":"x","sealed":"###"}}""", key, 1).ShouldBe(("""{"a":null}""", new UnsealOutcome(0, 0, 1)));
        Unseal($$"""{"a":{{one}}}""", key, 1).Outcome.Opened.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"a":{"digest":"x"},"b":{"sealed":"y"},"c":{"digest":1,"sealed":"z"},"d":{"digest":"x","sealed":true}}""")]
    [InlineData("""{"a":{"digest":"x","sealed":"y","more":1}, "b" : [ {} , [] ] }""")]
    public void What_only_resembles_a_sealed_value_is_copied_as_it_is(string json)
    {
        using var key = StreamKey.Create(Stream);
        Unseal(json, key, 1).ShouldBe((json, new UnsealOutcome(0, 0, 0)));
    }

    [Fact]
    public void R1_escaped_base64_and_long_texts_open_too()
    {
        using var key = StreamKey.Create(Stream);
        var text = string.Concat(Enumerable.Repeat("längerer Text 😀\n", 20_000));
        var one = Write(json => SealedJson.Write(json, key, 1, "a", text));
        var (plain, _) = Unseal($$"""{"a":{{one.Replace("+", "\\u002B", StringComparison.Ordinal)}}}""", key, 1);
        JsonDocument.Parse(plain).RootElement.GetProperty("a").GetString().ShouldBe(text);
    }

    [Fact]
    public void A_path_too_long_for_a_sealed_field_is_no_obstacle()
    {
        using var key = StreamKey.Create(Stream);
        var one = Write(json => SealedJson.Write(json, key, 1, "a", "text"));
        var name = new string('n', 150);
        string Json(string last) => $$$"""{"{{{name}}}":{"{{{name}}}":{"{{{name}}}":1}},"a":{{{last}}}}""";
        Unseal(Json(one), key, 1).ShouldBe((Json("\"text\""), new UnsealOutcome(1, 0, 0)));
    }

    static string? Read(string stored, StreamKey? key)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(stored));
        reader.Read();
        return SealedJson.Read(ref reader, key, 1, "subject");
    }

    static (string Plain, UnsealOutcome Outcome) Unseal(string json, StreamKey? key, long version)
    {
        var output = new ArrayBufferWriter<byte>();
        var outcome = SealedJson.Unseal(Encoding.UTF8.GetBytes(json), key, version, output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), outcome);
    }

    static string Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
