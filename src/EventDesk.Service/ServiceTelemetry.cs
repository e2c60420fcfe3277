using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventDesk.Service.Tickets;

namespace EventDesk.Service;

/// <summary>Spans and counters of the application; names are public, operators build dashboards on them.</summary>
public static class ServiceTelemetry
{
    public const string Name = "EventDesk";

    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Commands = Meter.CreateCounter<long>("eventdesk.commands", "{command}", "Commands by name and outcome.");
    static readonly Counter<long> Refusals = Meter.CreateCounter<long>("eventdesk.refusals", "{refusal}", "Refused commands by code.");

    internal static CommandSpan Command(string name) => new(name, Source.StartActivity(name));

    /// <summary>One command's span; its end is counted.</summary>
    internal readonly struct CommandSpan(string name, Activity? activity) : IDisposable
    {
        public Outcome End(Outcome outcome)
        {
            var how = outcome switch
            {
                Outcome.Done { Repeated: true } => "repeated",
                Outcome.Done => "done",
                Outcome.Refused or Outcome.NotOffered => "refused",
                Outcome.Stale => "stale",
                Outcome.NotFound => "not_found",
                Outcome.Forbidden => "forbidden",
                _ => "key_reused",
            };
            activity?.SetTag("eventdesk.outcome", how);
            Commands.Add(1, new("command", name), new("outcome", how));
            if (outcome is Outcome.Refused or Outcome.NotOffered)
                Refusals.Add(1, new KeyValuePair<string, object?>("code", (outcome as Outcome.Refused)?.Code ?? "channel_not_offered"));
            return outcome;
        }

        public void Dispose() => activity?.Dispose();
    }
}
