using System.Diagnostics;
using EventDesk.Server.Verbs;
using EventDesk.Service;
using EventDesk.Store;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventDesk.Server;

/// <summary>Sends traces, metrics and logs to an OTLP collector when there is one to send to; costs nothing when there is none.</summary>
public sealed class Telemetry : IDisposable
{
    static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", StoreTelemetry.Name, ServiceTelemetry.Name];

    static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", StoreTelemetry.Name, ServiceTelemetry.Name,
    ];

    readonly TracerProvider? traces;
    readonly MeterProvider? metrics;

    public Telemetry(Settings settings)
    {
        if (settings.OtlpEndpoint is not { } endpoint)
            return;
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddOtlpExporter(otlp => Send(otlp, endpoint, "traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Meters)
            .AddOtlpExporter(otlp => Send(otlp, endpoint, "metrics"))
            .Build();
    }

    /// <summary>Logs go the same way; their scopes and messages carry ids and names of ours, never what people wrote.</summary>
    public static void AddLogs(ILoggingBuilder logs, Settings settings)
    {
        if (settings.OtlpEndpoint is { } endpoint)
            logs.AddOpenTelemetry(otel =>
            {
                otel.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("eventdesk", serviceVersion: CommandLine.Version));
                otel.AddOtlpExporter(otlp => Send(otlp, endpoint, "logs"));
            });
    }

    /// <summary>Names the request's span by its route, which tells nothing about anybody, and marks the broken ones.</summary>
    public static void Describe(HttpContext http)
    {
        if (Activity.Current is not { IsAllDataRequested: true, OperationName: "Microsoft.AspNetCore.Hosting.HttpRequestIn" } span)
            return;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= 500)
            span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Sends what is measured now, not at the next round.</summary>
    internal bool SendMetrics() => metrics?.ForceFlush() ?? true;

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    static void Describe(ResourceBuilder resource) => resource.AddService("eventdesk", serviceVersion: CommandLine.Version);

    /// <summary>By the collector's usual ports: 4317 speaks gRPC, everything else takes HTTP; OTEL_EXPORTER_OTLP_PROTOCOL overrides.</summary>
    static void Send(OtlpExporterOptions otlp, Uri endpoint, string signal)
    {
        var asked = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL");
        var grpc = asked == "grpc" || (asked is null && endpoint.Port == 4317);
        otlp.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }
}
