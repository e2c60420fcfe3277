using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using EventDesk.Domain.Access;

namespace EventDesk.Service.Subjects;

/// <summary>Writes <c>readable.html</c>: one page without script or anything from elsewhere, that reads well on a screen and on paper.</summary>
sealed class ArchivePage(Stream output, CopyFor reader) : IAsyncDisposable
{
    /// <summary>A line of the table of contents.</summary>
    public sealed record Line(long Number, string? Subject, DateTimeOffset OpenedAt);

    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder html = new();

    public void Begin(ArchiveSubject about, IReadOnlyList<Line> contents)
    {
        html.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="referrer" content="no-referrer">
            <title>What is held: {about.Now:yyyy-MM-dd}</title>
            <style>{ArchiveStyle.Css}</style>
            </head>
            <body>
            <header>
            <p class="kicker">EventDesk · subject access</p>
            <h1>{(about.Handle is null ? "What is held on you" : "What is held on a member of staff")}</h1>
            <p class="lead">{Lead(about)} The same for programs is in <a href="data.json">data.json</a>{(about.Handle is null ? ", and the files lie in the folder <i>files</i>" : "")}. All times are UTC.</p>
            </header>
            <nav aria-label="Contents"><h2>Contents</h2><ol>

            """);
        foreach (var line in contents)
            html.AppendLine($"<li><a href=\"#ticket-{line.Number}\"><span dir=\"auto\">{E(line.Subject ?? "(no subject)")}</span></a> <small>#{line.Number}, {Day(line.OpenedAt)}</small></li>");
        if (about.Handle is not null)
            html.AppendLine("<li><a href=\"#person\">The person</a></li>");
        html.AppendLine("<li><a href=\"#signing-in\">Signing in</a></li><li><a href=\"#incidents\">Incidents</a></li><li><a href=\"#access\">Who looked</a></li></ol></nav><main>");
    }

    string Lead(ArchiveSubject about) =>
        $"Everything that stood under the {(about.Handle is null ? "customer" : "person")} <code>{about.Id}</code> on {Day(about.Now)} at {about.Now.UtcDateTime:HH:mm}. "
        + (reader == CopyFor.Officer ? "This copy is for a privacy officer: it holds internal notes and the handles of staff; do not hand it on as it is."
            : "People who work here appear by their role. What was hidden stands as ********.");

    public void Ticket(HeldTicket held)
    {
        var t = held.Entry.Ticket;
        html.AppendLine($"<section id=\"ticket-{t.Number}\"><h2><small>#{t.Number}</small> <span dir=\"auto\">{E(held.Subject ?? "(no subject)")}</span></h2>");
        Facts(
            ("State", Words(t.Status.ToString())), ("Opened", Moment(t.OpenedAt)), ("Resolved", t.ResolvedAt is { } at ? Moment(at) : null), ("Product", t.Product),
            ("Language", t.Language), ("Came by", Words(t.Channel.ToString())), ("Name", held.Requester?.Name?.Text), ("Address", held.Requester?.Email?.Text));
        foreach (var e in held.Events)
            Event(e.Type, e.Meta, e.Data);
        if (held.Internal > 0)
            html.AppendLine($"<p class=\"quiet\">{held.Internal} more events are the desk's own work (notes, moves, clocks) and are not part of this copy.</p>");
        if (held.Files.Count > 0)
            Table("Files", ["Name", "Kind", "Bytes", "Added"], held.Files.Select(f => (string?[])
                [f.Path is { } path ? $"<a href=\"{E(path)}\">{E(f.Added.Name.Text ?? path)}</a>" : $"{E(f.Added.Name.Text)} <i>({f.Withheld})</i>",
                    E(f.Added.MediaType), f.Added.Bytes.ToString("N0", CultureInfo.InvariantCulture), Moment(f.At)]));
        html.AppendLine("</section>");
    }

    public void Section(string id, string title) => html.AppendLine($"<section id=\"{id}\"><h2>{title}</h2>");

    public void EndSection() => html.AppendLine("</section>");

    /// <summary>A message as a letter, everything else as a line.</summary>
    public void Event(string type, Tickets.EventMeta meta, JsonElement data)
    {
        var body = data.TryGetProperty("body", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        var kind = type == "note_added" ? "note" : meta.By.Role == Role.Customer || type is "ticket_opened" or "customer_message_received" ? "customer" : "staff";
        var who = Words(meta.By.Role.ToString()) + (reader == CopyFor.Officer && meta.By.Role != Role.Customer ? $" {meta.By.Id}" : "");
        html.Append($"<article class=\"{(body is null ? "line" : $"letter {kind}")}\"><h3>{E(Words(type))} <small>{E(who)}, {Moment(meta.Occurred)}</small></h3>");
        if (body is not null)
            html.Append($"<p class=\"text\" dir=\"auto\">{E(body)}</p>");
        var rest = Leaves(data, "").Where(l => l.Name is not ("body" or "subject") && !l.Name.StartsWith("requester.", StringComparison.Ordinal)).ToList();
        if (rest.Count > 0)
            Facts([.. rest.Select(l => (Words(l.Name.Replace('.', ' ')), (string?)l.Value))]);
        html.AppendLine("</article>");
    }

    public void End(ArchiveSubject about)
    {
        Section("signing-in", "Signing in");
        Table("Tokens", ["Name", "Roles", "Made", "Until", "Revoked"], about.Tokens.Select(t => (string?[])
            [E(t.Name), E(string.Join(' ', t.Roles)), Moment(t.Created), Moment(t.Expires), t.Revoked is { } at ? Moment(at) : ""]));
        Table("Sessions", ["Began", "Until", "Ended", "Last used"], about.Sessions.Select(s => (string?[])
            [Moment(s.Started), Moment(s.Until), s.Ended is { } end ? Moment(end) : "", s.Seen is { } seen ? Moment(seen) : ""]));
        EndSection();
        Section("incidents", "Incidents");
        if (about.Contract is { } contract)
            Facts(("Plan", contract));
        Table("Told personally", ["Incident", "When"], about.Contacts.Select(c => (string?[])[c.Incident.ToString(), Moment(c.At)]));
        EndSection();
        Section("access", "Who looked");
        Table("", ["What", "By", "Asked for", "First", "Last", "Times"], about.Access.Select(a => (string?[])
            [E(Words(a.Kind)), E(reader == CopyFor.Officer ? $"{a.By} {a.Role}" : a.Role ?? "somebody"), E(Words(a.Operation)), Moment(a.First), Moment(a.Last),
                a.Times.ToString(CultureInfo.InvariantCulture)]));
        EndSection();
        html.AppendLine("</main></body></html>");
    }

    public void Facts(params IEnumerable<(string Name, string? Value)> facts)
    {
        html.AppendLine("<dl>");
        foreach (var (name, value) in facts.Where(f => !string.IsNullOrEmpty(f.Value)))
            html.AppendLine($"<dt>{E(name)}</dt><dd dir=\"auto\">{E(value)}</dd>");
        html.AppendLine("</dl>");
    }

    /// <param name="rows">HTML.</param>
    void Table(string caption, IReadOnlyList<string> head, IEnumerable<string?[]> rows)
    {
        if (caption.Length > 0)
            html.AppendLine($"<h3>{caption}</h3>");
        var all = rows.ToList();
        if (all.Count == 0)
        {
            html.AppendLine("<p class=\"quiet\">None.</p>");
            return;
        }
        html.AppendLine($"<table><thead><tr>{string.Concat(head.Select(h => $"<th scope=\"col\">{h}</th>"))}</tr></thead><tbody>");
        foreach (var row in all)
            html.AppendLine($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>");
        html.AppendLine("</tbody></table>");
    }

    static IEnumerable<(string Name, string Value)> Leaves(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Leaves(m.Value, name.Length == 0 ? m.Name : $"{name}.{m.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(e => Leaves(e, name)),
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        _ => [(name, value.ToString())],
    };

    /// <summary><c>customer_message_received</c> and <c>readTicket</c> become words.</summary>
    static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var c in name)
            if (c == '_') words.Append(' ');
            else if (char.IsUpper(c) && words.Length > 0 && words[^1] != ' ') words.Append(' ').Append(char.ToLowerInvariant(c));
            else words.Append(words.Length == 0 ? char.ToUpperInvariant(c) : c);
        return words.ToString();
    }

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    static string E(string? text) => Encoder.Encode(text ?? "");

    public async Task Flush(CancellationToken ct)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(html.ToString()), ct);
        html.Clear();
    }

    public async ValueTask DisposeAsync() => await Flush(CancellationToken.None);
}

static class ArchiveStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1c2024; --quiet: #60646c; --paper: #fcfcfd; --card: #fff; --line: #e0e3e8; --link: #0b5cad; --customer: #eef5ff; --note: #fff8e5 }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8eaed; --quiet: #a0a6b0; --paper: #111315; --card: #181b1f; --line: #2d3238; --link: #85b8ff; --customer: #16233a; --note: #2b2411 }
        }
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 46rem; padding: 3rem 1.25rem 5rem; font: 1rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
        a { color: var(--link); text-underline-offset: .15em } small, .quiet { color: var(--quiet); font-weight: normal } code { font-size: .9em }
        .kicker { margin: 0; color: var(--quiet); font-size: .875rem; letter-spacing: .04em } h1 { margin: .25rem 0 1rem; font-size: 2.25rem; line-height: 1.15; letter-spacing: -.02em }
        .lead { font-size: 1.125rem } nav { margin: 2.5rem 0; padding: 1rem 1.5rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card) }
        nav h2 { margin: 0; font-size: 1rem; border: 0; padding: 0 } nav ol { margin: .5rem 0 0; padding-inline-start: 1.5rem }
        section { margin-top: 3.5rem } h2 { font-size: 1.5rem; line-height: 1.25; padding-bottom: .5rem; border-bottom: 1px solid var(--line) }
        h3 { margin: 0 0 .25rem; font-size: 1rem } h3 small { font-size: .875rem }
        article { margin: .75rem 0; padding-inline: 1rem } .line { border-inline-start: 2px solid var(--line) } .line h3 { font-weight: 500; font-size: .9375rem }
        .letter { padding: .875rem 1.125rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card) }
        .letter.customer { background: var(--customer); margin-inline-end: 2rem } .letter.staff { margin-inline-start: 2rem } .letter.note { background: var(--note); margin-inline-start: 2rem }
        .text { margin: .25rem 0; white-space: pre-wrap } dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; margin: .5rem 0; font-size: .9375rem }
        dt { color: var(--quiet) } dd { margin: 0 } section > h3 { margin-top: 1.5rem } table { width: 100%; border-collapse: collapse; font-size: .875rem }
        th { text-align: start; color: var(--quiet); font-weight: 500 } th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        @media (max-width: 30rem) { dl { grid-template-columns: 1fr } .letter.customer, .letter.staff, .letter.note { margin-inline: 0 } table { display: block; overflow-x: auto } }
        @media print { body { max-width: none; padding: 0; font-size: 10pt } section { break-before: page } article { break-inside: avoid } nav, .letter { background: none } a { color: inherit } }
        """;
}
