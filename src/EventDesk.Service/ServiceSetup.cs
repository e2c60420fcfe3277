using System.Reflection;
using EventDesk.Domain.Organisation;
using EventDesk.Service.Access;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Assigning;
using EventDesk.Service.Attachments;
using EventDesk.Service.Attending;
using EventDesk.Service.Bulk;
using EventDesk.Service.Importing;
using EventDesk.Service.Incidents;
using EventDesk.Service.Monitoring;
using EventDesk.Service.Organising;
using EventDesk.Service.People;
using EventDesk.Service.Privacy;
using EventDesk.Service.Queues;
using EventDesk.Service.Reporting;
using EventDesk.Service.Retention;
using EventDesk.Service.SavedViews;
using EventDesk.Service.Searching;
using EventDesk.Service.Subjects;
using EventDesk.Service.Tickets;
using EventDesk.Service.Timing;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Schema;
using EventDesk.Store.Sealing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventDesk.Service;

/// <summary>What the application has to be told.</summary>
public sealed class EventDeskOptions
{
    /// <summary>Npgsql connection string of the primary.</summary>
    public required string Database { get; init; }

    /// <summary>The file with the master keys; mode 0600, outside the database and its backups.</summary>
    public required string MasterKeyFile { get; init; }

    /// <summary>A missing key file is made. Only for development: in production a missing file means lost data, not a new start.</summary>
    public bool MayCreateMasterKey { get; init; }

    /// <summary>What a new database begins with; one that has an organisation keeps its own.</summary>
    public required SupportOrganisation Organisation { get; init; }

    public SessionRules Sessions { get; init; } = SessionRules.Default;
}

/// <summary>The one place where the application is put together.</summary>
public static class ServiceSetup
{
    public static IServiceCollection AddEventDesk(this IServiceCollection services, EventDeskOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => MasterKeys.LoadOrCreate(options.MasterKeyFile, options.MayCreateMasterKey));
        services.AddSingleton(s => new EventStore(
            new EventStoreOptions { ConnectionString = options.Database, Upcasts = PastShapes.All }, ViewCatalog.Inline, s.GetRequiredService<TimeProvider>(), s.GetService<ILoggerFactory>()));
        services.AddSingleton(s => new StreamKeys(s.GetRequiredService<EventStore>().DataSource, s.GetRequiredService<MasterKeys>(), capacity: 5_000));
        services.AddSingleton(s => new TicketNumbers(s.GetRequiredService<EventStore>().DataSource));
        services.AddSingleton(s => new OrganisationBook(s.GetRequiredService<EventStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IncidentDesk>();
        services.AddSingleton<StatusBoard>();
        services.AddSingleton<Seats>();
        services.AddSingleton<TicketDesk>();
        services.AddSingleton<WaitingTickets>();
        services.AddSingleton<NextTicket>();
        services.AddSingleton<Roster>();
        services.AddSingleton<SubjectCache>(s => new SubjectCache(s.GetRequiredService<StreamKeys>()));
        services.AddSingleton<TicketQueues>();
        services.AddSingleton<PastQueues>();
        services.AddSingleton<BulkDesk>();
        services.AddSingleton<OwnTickets>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<TicketSearch>();
        services.AddSingleton<SavedViewDesk>();
        services.AddSingleton<TicketClocks>();
        services.AddSingleton<DeskFeed>();
        services.AddSingleton<DeskMonitor>();
        services.AddSingleton<Attendance>();
        services.AddReports();
        services.AddSingleton<AttachmentStore>();
        services.AddSingleton<TicketPrivacy>();
        services.AddSingleton<ErasureCertificates>();
        services.AddSingleton<RetentionFinder>();
        services.AddSingleton<IRetentionForecasts, RetentionForecasts>();
        services.AddSingleton<RetentionDesk>();
        services.AddSingleton<ErasureRequests>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<RecordedTimes>();
        services.AddSingleton<TicketAccess>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<SignInLinks>();
        services.AddSingleton(options.Sessions);
        services.AddSingleton<Callers>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<PeopleDesk>();
        services.AddSingleton(s => new ApiTokens(s.GetRequiredService<EventStore>(), s.GetRequiredService<TicketDesk>().CustomerOf, s.GetRequiredService<Callers>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SubjectArchive>();
        services.AddSingleton<PersonArchive>();
        services.AddSingleton<PrivacyBudgets>();
        services.AddSingleton<Importer>();
        return services;
    }

    /// <summary>The service's own scripts: tables that no replay can build again.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = ReadMigrations();

    static List<Migration> ReadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string folder = "EventDesk.Service.Schema.";
        return [.. from resource in assembly.GetManifestResourceNames()
                   where resource.StartsWith(folder, StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal)
                   orderby resource
                   select new Migration(resource[folder.Length..^4], Text(assembly.GetManifestResourceStream(resource)!))];
    }

    static string Text(Stream resource)
    {
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
