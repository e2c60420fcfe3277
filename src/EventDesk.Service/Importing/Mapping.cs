using System.Security.Cryptography;
using System.Text;
using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Importing;

/// <summary>A mapping that was checked and can be asked. Pure: the same row and the row before always mean the same.</summary>
public sealed class Mapping
{
    readonly Dictionary<string, Field> fields;
    readonly IReadOnlySet<string> systemActors;
    readonly List<Rule> rules;

    Mapping(MappingFile file, byte[] digest)
    {
        File = file;
        Digest = digest;
        Missing = file.Missing.ToHashSet();
        Encoding = Encodings.Find(file.Encoding, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
        if (string.IsNullOrWhiteSpace(file.Source))
            throw new MappingException("The mapping needs the name of its source.");
        if (file.Fields.Keys.Except(FieldNames.All).ToList() is { Count: > 0 } unknown)
            throw new MappingException($"There is no field {string.Join(", ", unknown)}; known are {string.Join(", ", FieldNames.All)}.");
        var columns = new ColumnSet();
        fields = file.Fields.ToDictionary(f => f.Key, f => new Field(f.Key, f.Value, columns, Missing));
        Tags = [.. file.Tags.Select(t => new Field("tags", t, columns, Missing))];
        rules = [.. file.Rules.Select((r, i) => new Rule(r, i + 1, columns, Missing))];
        systemActors = file.SystemActors.ToHashSet();
        Case = Required(FieldNames.Case);
        Required(FieldNames.Product);
        Required(FieldNames.Language);
        var spokenOf = columns.Count;
        Time = new SourceTime(file.Time);
        TimePlace = columns.PlaceOf(file.Time.Column);
        Opened = file.Opened is { } opened ? new SourceTime(opened) : null;
        OpenedPlace = file.Opened is { } o ? columns.PlaceOf(o.Column) : -1;
        PlacesReadOnce = [.. Enumerable.Range(spokenOf, columns.Count - spokenOf)];
        Columns = columns;
    }

    /// <summary>Reads and checks a mapping file.</summary>
    /// <exception cref="MappingException">It is wrong; the message says where.</exception>
    public static Mapping Parse(ReadOnlySpan<byte> json) => new(MappingFile.Parse(json), SHA256.HashData(json));

    public MappingFile File { get; }

    /// <summary>SHA-256 of the mapping file.</summary>
    internal byte[] Digest { get; }

    internal IReadOnlySet<string> Missing { get; }
    internal Encoding Encoding { get; }
    internal ColumnSet Columns { get; }
    internal Field Case { get; }
    internal SourceTime Time { get; }
    internal int TimePlace { get; }
    internal SourceTime? Opened { get; }
    internal int OpenedPlace { get; }
    internal IReadOnlyList<Field> Tags { get; }

    /// <summary>Columns that nothing but the times asks for: their texts are not kept.</summary>
    internal IReadOnlyList<int> PlacesReadOnce { get; }

    /// <summary>Why a rule wants this row left out; null: it does not.</summary>
    internal string? SkipReason(SourceRow row, SourceRow? before)
    {
        foreach (var rule in rules)
            if (rule.Skips && rule.Holds(row, before)) return rule.Spec.Reason ?? "a rule of the mapping";
        return null;
    }

    /// <summary>What a row says about the ticket.</summary>
    internal Facts Read(SourceRow row, SourceRow? before, Action<string, string> unknown)
    {
        string? Text(string name) => fields.TryGetValue(name, out var field) ? field.Of(row, before, unknown) : null;
        var actor = Text(FieldNames.Actor);
        var agent = Text(FieldNames.Agent);
        var facts = new Facts
        {
            At = row.At,
            Opened = row.Opened ?? row.At,
            Activity = Text(FieldNames.Activity),
            State = Text(FieldNames.State),
            Actor = actor,
            ActorIsSystem = actor is null || systemActors.Contains(actor),
            Agent = agent is not null && systemActors.Contains(agent) ? null : agent,
            Unassigned = agent is null && fields.TryGetValue(FieldNames.Agent, out var agents) && agents.Cleared(row, before),
            Team = Text(FieldNames.Team),
            Line = Enumerated<SupportLine>(FieldNames.Line, Text(FieldNames.Line), unknown),
            Severity = Enumerated<Severity>(FieldNames.Severity, Text(FieldNames.Severity), unknown),
            Opening = before is null ? OpeningOf(Text, row) : null,
        };
        return rules.Aggregate(facts, (f, rule) => rule.Holds(row, before) ? rule.Apply(f, row, before, unknown) : f);
    }

    Opening OpeningOf(Func<string, string?> text, SourceRow row) => new()
    {
        Product = text(FieldNames.Product) ?? throw new SourceException($"Line {row.Line}: the row that opens the ticket names no product."),
        Language = text(FieldNames.Language) ?? throw new SourceException($"Line {row.Line}: the row that opens the ticket names no language."),
        Requester = text(FieldNames.Requester),
        RequesterName = text(FieldNames.RequesterName),
        RequesterEmail = text(FieldNames.RequesterEmail),
        Subject = text(FieldNames.Subject),
        Body = text(FieldNames.Body),
        Tags = [.. Tags.Select(t => t.Of(row, null)).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
    };

    Field Required(string name) => fields.GetValueOrDefault(name) ?? throw new MappingException($"The mapping needs the field \"{name}\".");

    internal static T? Enumerated<T>(string field, string? text, Action<string, string> unknown) where T : struct, Enum
    {
        if (text is null) return null;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)) return value;
        unknown(field, text);
        return null;
    }

    /// <summary>A rule whose columns are places.</summary>
    sealed class Rule
    {
        readonly CompiledCondition? when;
        readonly Field? text;
        readonly SupportLine? line;
        readonly WaitingReason reason;

        public Rule(RuleSpec spec, int number, ColumnSet columns, IReadOnlySet<string> missing)
        {
            Spec = spec;
            if (spec.Emit is not { Count: > 0 })
                throw new MappingException($"Rule {number} emits nothing.");
            when = spec.When is { } condition ? new CompiledCondition(condition, columns, missing) : null;
            text = spec.Text is { } field ? new Field($"text of rule {number}", field, columns, missing) : null;
            if (spec.Emit.Any(e => e is Emit.CustomerMessage or Emit.Reply or Emit.Note) && text is null)
                throw new MappingException($"Rule {number} emits a message and does not say where its text stands.");
            if (spec.Emit.Contains(Emit.Line))
                line = Enum.TryParse<SupportLine>(spec.Line, ignoreCase: true, out var l) && Enum.IsDefined(l)
                    ? l
                    : throw new MappingException($"Rule {number} emits a line; \"{spec.Line}\" is none of L1, L2, L3 and management.");
            if (spec.Emit.Contains(Emit.Waiting) && spec.Reason is not null && !Enum.TryParse(spec.Reason, ignoreCase: true, out reason))
                throw new MappingException($"Rule {number} waits for \"{spec.Reason}\"; known are customer, thirdParty and plannedDate.");
        }

        public RuleSpec Spec { get; }
        public bool Skips => Spec.Emit.Contains(Emit.Skip);

        public bool Holds(SourceRow row, SourceRow? before) => when is null || when.Holds(row, before);

        public Facts Apply(Facts facts, SourceRow row, SourceRow? before, Action<string, string> unknown)
        {
            facts = facts with { Known = true };
            foreach (var emit in Spec.Emit)
                facts = emit switch
                {
                    Emit.Working or Emit.Ongoing or Emit.Waiting or Emit.Resolved or Emit.Closed => facts.Phase is null ? facts with { Phase = emit, Reason = reason } : facts,
                    Emit.Line => facts with { Line = line },
                    Emit.Transferred => facts with { Transferred = true },
                    Emit.Unassigned => facts with { Unassigned = true, Agent = null },
                    Emit.Assessed => facts with { Assessed = true },
                    Emit.CustomerMessage or Emit.Reply or Emit.Note => text!.Of(row, before, unknown) is { } said ? facts with { Messages = [.. facts.Messages, (emit, said)] } : facts,
                    _ => facts,
                };
            return facts;
        }
    }
}
