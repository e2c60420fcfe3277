using System.Text.Json.Nodes;

namespace EventDesk.Web.Tests;

/// <summary>Compares what a definition says with what it is to say, whole.</summary>
static class Said
{
    public static void ShouldSay(this JsonObject has, string json) => JsonNode.DeepEquals(has, JsonNode.Parse(json)).ShouldBeTrue($"{has.ToJsonString()}\nis to be\n{JsonNode.Parse(json)!.ToJsonString()}");
}
