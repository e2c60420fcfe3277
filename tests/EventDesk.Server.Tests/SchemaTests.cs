using System.Text.Json;

namespace EventDesk.Server.Tests;

/// <summary>What holds answers against the OpenAPI document would be worth nothing if it saw nothing.</summary>
public sealed class SchemaTests
{
    static readonly JsonElement Document = JsonDocument.Parse("""
        {
          "ticket": {
            "type": "object", "required": ["id"],
            "properties": {
              "id": { "type": "string", "format": "uuid" },
              "number": { "type": ["null", "integer"], "format": "int32", "minimum": 1, "maximum": 9 },
              "opened": { "type": "string", "format": "date-time" },
              "place": { "oneOf": [{ "type": "null" }, { "$ref": "#/place" }] },
              "tags": { "type": "array", "items": { "type": "string", "maxLength": 3, "pattern": "^[a-z]+$" } },
              "data": { "type": "object" },
              "counts": { "type": "object", "additionalProperties": { "type": "integer" } }
            }
          },
          "place": { "type": "string", "enum": ["triage", "open"] }
        }
        """).RootElement;

    /// <summary>What ID stands for below.</summary>
    const string Id = "\"id\":\"019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a\"";

    [Theory]
    [InlineData("""{ID}""", "")]
    [InlineData("""{ID,"number":1,"opened":"2026-03-02T09:30:00Z","place":"open","tags":["abc"],"data":{"any":[1]},"counts":{"open":3}}""", "")]
    [InlineData("""{ID,"number":null,"place":null}""", "")]
    [InlineData("""[]""", " is no object")]
    [InlineData("""{}""", "/id is missing")]
    [InlineData("""{"id":"17"}""", "/id is no uuid")]
    [InlineData("""{ID,"colour":"red"}""", "/colour is not described")]
    [InlineData("""{ID,"number":"1"}""", "/number is no [\"null\", \"integer\"]")]
    [InlineData("""{ID,"number":1.5}""", "/number is no [\"null\", \"integer\"]")]
    [InlineData("""{ID,"number":0}""", "/number is below 1")]
    [InlineData("""{ID,"number":10}""", "/number is above 9")]
    [InlineData("""{ID,"opened":"yesterday"}""", "/opened is no date-time")]
    [InlineData("""{ID,"place":"closed"}""", "/place is not one of")]
    [InlineData("""{ID,"tags":null}""", "/tags is no array")]
    [InlineData("""{ID,"tags":["ok","long"]}""", "/tags/1 is longer than 3")]
    [InlineData("""{ID,"tags":["A"]}""", "/tags/0 does not match")]
    [InlineData("""{ID,"counts":{"open":"3"}}""", "/counts/open is no integer")]
    public void What_does_not_fit_a_schema_is_named(string value, string expected)
    {
        var faults = new Schema(Document, Document.GetProperty("ticket")).Faults(JsonDocument.Parse(value.Replace("ID", Id, StringComparison.Ordinal)).RootElement).ToList();
        if (expected.Length == 0)
            faults.ShouldBeEmpty();
        else
            faults.ShouldContain(fault => fault.StartsWith(expected, StringComparison.Ordinal), string.Join('\n', faults));
    }

    [Fact]
    public void A_keyword_that_would_not_be_checked_is_not_passed_over() =>
        Should.Throw<NotSupportedException>(() => new Schema(Document, JsonDocument.Parse("""{"uniqueItems":true}""").RootElement).Faults(Document).ToList());
}
