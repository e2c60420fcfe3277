using EventDesk.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Service.Reporting;

/// <summary>Every report there is. A new one is one line here.</summary>
public static class ReportSetup
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton(s => new ReportSource(s.GetRequiredService<EventStore>()))
        .AddSingleton<CsatReport>()
        .AddSingleton<CommentReviews>()
        .AddSingleton<FirstLineReport>()
        .AddSingleton<ResponseTimesReport>()
        .AddSingleton<EscalationsReport>()
        .AddSingleton<ReopensReport>()
        .AddSingleton<VolumeReport>()
        .AddSingleton<WaitingReport>()
        .AddSingleton<ActivitiesReport>()
        .AddSingleton<BacklogReport>()
        .AddSingleton<FlowReport>()
        .AddSingleton<SlaReport>()
        .AddSingleton<ReportEvents>()
        .AddSingleton<OutboxPages>();
}
