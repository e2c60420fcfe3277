using System.Text.Encodings.Web;
using System.Text.Unicode;
using EventDesk.Server.Api;
using EventDesk.Server.OpenApi;
using EventDesk.Server.Pages;
using EventDesk.Server.Scim;
using EventDesk.Server.SignIn;
using EventDesk.Service;
using EventDesk.Service.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Assigning;
using EventDesk.Service.Attachments;
using EventDesk.Service.Attending;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Organising;
using EventDesk.Service.Privacy;
using EventDesk.Service.Retention;
using EventDesk.Service.Searching;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Store.Ledger;
using EventDesk.Store.Schema;
using EventDesk.Store.Sealing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EventDesk.Server;

/// <summary>Puts the process together: the application of EventDesk.Service behind HTTP.</summary>
public static class ServerHost
{
    /// <summary>Not started yet.</summary>
    /// <param name="adjust">For tests: changes what is registered.</param>
    /// <exception cref="SettingsException">The environment does not say enough.</exception>
    public static WebApplication Build(Settings settings, Action<WebApplicationBuilder>? adjust = null)
    {
        // Empty on purpose: no files of settings to watch, no environment beyond Settings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "eventdesk",
            EnvironmentName = settings.Development ? Environments.Development : Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().UseUrls(settings.Urls.Split([';', ','])).ConfigureKestrel(Limits);
        Logs(builder.Logging, settings);
        Register(builder.Services, settings);
        Web(builder.Services, settings);
        adjust?.Invoke(builder);
        var app = builder.Build();
        app.Services.GetRequiredService<Telemetry>();
        app.UseMiddleware<Guard>();
        app.UseRouting();
        app.UseMiddleware<Gate>();
        app.MapApi();
        PageEndpoints.Map(app);
        SignInEndpoints.Map(app, localSignIn: settings.Development && settings.SignIn.Provider is null);
        ScimEndpoints.Map(app);
        OpenApiEndpoint.Map(app);
        app.UseEndpoints(_ => { });
        return app;
    }

    /// <summary>Brings the database to this program's schema; several processes may do so at once.</summary>
    public static async Task Prepare(IServiceProvider services, CancellationToken ct)
    {
        // A wrong key file is better found now than by the first request.
        services.GetRequiredService<MasterKeys>();
        var store = services.GetRequiredService<EventStore>();
        await Migrator.Run(store.DataSource, store.Options, ServiceSetup.Migrations, ct);
        await ViewSetup.Run(store, [.. ViewCatalog.All], ct);
        await services.GetRequiredService<OrganisationBook>().Ensure(services.GetRequiredService<EventDeskOptions>().Organisation, ct);
    }

    /// <summary>The application without HTTP, for verbs that work on the database.</summary>
    /// <param name="adjust">What a verb needs beside it, or instead.</param>
    public static ServiceProvider Services(Settings settings, Action<IServiceCollection>? adjust = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logs => Logs(logs, settings));
        Register(services, settings);
        adjust?.Invoke(services);
        return services.BuildServiceProvider();
    }

    static void Register(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddEventDesk(new EventDeskOptions
        {
            Database = settings.RequiredDatabase(),
            MasterKeyFile = settings.MasterKeyFile,
            MayCreateMasterKey = settings.Development,
            Organisation = Organisation(settings),
            Sessions = settings.SignIn.Sessions,
        });
        services.AddSingleton<Telemetry>();
    }

    static void Web(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new RequestRates(settings.RatePerSecond));
        services.AddSignIn(settings.SignIn);
        services.AddSingleton(s => new FollowerHost(s.GetRequiredService<EventStore>(), [.. ViewCatalog.All]));
        services.AddHostedService(s => s.GetRequiredService<FollowerHost>());
        services.AddSingleton(s => new LedgerTables(s.GetRequiredService<EventStore>().DataSource));
        services.AddHostedService(s => new LedgerKeeper(s.GetRequiredService<EventStore>(), s.GetRequiredService<FollowerHost>().Leases, settings.LedgerKeyFile));
        services.AddHostedService<AttachmentJanitor>();
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<TicketTimer>(s, s.GetRequiredService<FollowerHost>().Leases));
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<AutomaticAssignment>(s, s.GetRequiredService<FollowerHost>().Leases));
        services.AddHostedService<OrganisationWatch>();
        services.AddHostedService<ErasureWatch>();
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<RetentionJob>(s, s.GetRequiredService<FollowerHost>().Leases));
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<SearchIndexJob>(s, s.GetRequiredService<FollowerHost>().Leases));
        services.AddHostedService(s => s.GetRequiredService<DeskFeed>());
        services.AddHostedService<Heartbeat>();
        services.AddHostedService(s => s.GetRequiredService<Attendance>());
        services.AddHostedService<CallerWatch>();
        services.AddHostedService<AccessLogKeeper>();
        services.AddSingleton<Viewers>();
        services.AddSingleton<AgentChoices>();
        services.AddSingleton<OwnDetails>();
        services.AddSingleton<QueueLists>();
        services.AddSingleton<BoardLists>();
        services.AddSingleton<TicketScreens>();
        services.AddSingleton<HistoryScreens>();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddRoutingCore();
        services.Configure<FormOptions>(form => form.ValueCountLimit = FormFields.MostValues);
        ApiDocument.Add(services);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = ApiJson.Http.Options.Encoder;
            json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Http.Options.DefaultIgnoreCondition;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolver = ApiJson.Http;
            foreach (var converter in ApiJson.Http.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
    }

    static Domain.Organisation.SupportOrganisation Organisation(Settings settings)
    {
        try
        {
            return OrganisationFile.Load(settings.Organisation);
        }
        catch (OrganisationException e)
        {
            throw new SettingsException(e.Message);
        }
    }

    static void Limits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Body.MaxJsonBytes + Body.Drained;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
    }

    /// <summary>Lines for people in development, JSON for collectors elsewhere. Routine words of the frameworks are left out.</summary>
    static void Logs(ILoggingBuilder logs, Settings settings)
    {
        logs.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
        if (settings.Development)
            logs.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        else
            logs.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        Telemetry.AddLogs(logs, settings);
    }
}
