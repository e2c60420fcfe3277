using System.Text.Json;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Privacy;

namespace EventDesk.Service.Organising;

/// <summary>The organisation a new database begins with, as its files tell it. Later changes are made through the API.</summary>
public static class OrganisationFile
{
    /// <summary>Reads a file, or <c>sample.json</c> and whatever else lies in a folder, in the order of names.</summary>
    /// <exception cref="OrganisationException">Nothing there, not readable, or at odds with itself; the message names the file.</exception>
    public static SupportOrganisation Load(string path)
    {
        string[] files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
            throw new OrganisationException($"There is no organisation at {path}: give a JSON file, or a folder with some, in EVENTDESK_ORGANISATION.");
        var parts = files.Select(Read).ToList();
        var whole = new SupportOrganisation(
            [.. parts.SelectMany(p => p.Products)], [.. parts.SelectMany(p => p.Languages)], [.. parts.SelectMany(p => p.Desks)],
            [.. parts.SelectMany(p => p.Calendars ?? [])], [.. parts.SelectMany(p => p.Contracts ?? [])],
            [.. parts.SelectMany(p => p.Teams ?? [])], [.. parts.SelectMany(p => p.Agents ?? [])], parts.Select(p => p.Routing).OfType<RoutingRules>().FirstOrDefault(),
            [.. parts.SelectMany(p => p.Trainings ?? [])], parts.Select(p => p.Retention).OfType<RetentionRules>().FirstOrDefault())
        {
            Privacy = parts.Select(p => p.Privacy).OfType<PrivacyRules>().LastOrDefault(),
            Macros = [.. parts.SelectMany(p => p.Macros ?? [])],
        };
        var faults = whole.Faults().ToList();
        if (parts.Count(p => p.Routing is not null) > 1)
            faults.Add("Routing is an ordered list: it stands in one file.");
        if (parts.Count(p => p.Retention is not null) > 1)
            faults.Add("Retention is one list of rules: it stands in one file.");
        return faults.Count == 0 ? whole : throw new OrganisationException($"The organisation at {path} is at odds with itself: {string.Join(' ', faults)}");
    }

    static SupportOrganisation Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), OrganisationJson.Default.SupportOrganisation)
                ?? throw new OrganisationException($"{file} holds nothing.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OrganisationException($"The organisation file {file} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>The organisation cannot be used; the message says why.</summary>
public sealed class OrganisationException(string message, Exception? inner = null) : Exception(message, inner);
