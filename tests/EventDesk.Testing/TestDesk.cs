using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Service;
using EventDesk.Service.Organising;
using EventDesk.Service.Queues;
using EventDesk.Service.Tickets;
using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;
using EventDesk.Store.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventDesk.Testing;

/// <summary>The whole application without its doors, on a database of its own, with a clock the test moves.</summary>
public sealed class TestDesk : IAsyncLifetime
{
    static readonly SupportOrganisation Desks = new(
        [new("billing", "Billing"), new("router", "Router")],
        [new("en", "English"), new("pl", "Polski")],
        [new("billing", "en"), new("billing", "pl"), new("router", "en", Calendar: "pl", Contract: "standard"), new("router", "pl", Retired: true)],
        [
            new("pl", "Europe/Warsaw", new[] { "monday", "tuesday", "wednesday", "thursday", "friday" }.ToDictionary(d => d, _ => (IReadOnlyList<string>)["08:00-16:00"])),
        ],
        [new("standard", "Standard", [new(Severity.Critical, new("1h"), new("2h")), new(Severity.Standard, new("2h", TimeCounted.Working), new("1wd"))], Callback: new("1h", TimeCounted.Working))],
        [new("billing-en-l1", "billing/en", SupportLine.L1), new("router-en-l2", "router/en", SupportLine.L2)],
        [new("ann", ["billing-en-l1"], Capacity: 1_000), new("vera", ["router-en-l2"], Capacity: 2)]);

    readonly string folder = Directory.CreateTempSubdirectory("eventdesk-test-").FullName;
    TestDatabase? database;
    ServiceProvider? services;

    public MovingClock Clock { get; } = new();
    public string ConnectionString => database!.ConnectionString;
    public EventStore Store => Get<EventStore>();
    public TicketDesk Desk => Get<TicketDesk>();
    public TicketQueues Queues => Get<TicketQueues>();
    public T Get<T>() where T : notnull => services!.GetRequiredService<T>();

    public static Asker Agent { get; } = Someone("ann", Role.Agent);
    public static Asker Coordinator { get; } = Someone("cora", Role.Coordinator);
    public static Asker Manager { get; } = Someone("mel", Role.Manager);
    public static Asker Auditor { get; } = Someone("otto", Role.Auditor);

    public static Asker Someone(string id, params Role[] roles) => new(new Principal(id, new HashSet<Role>(roles)), "0af7651916cd43dd8448eb211c80319c");

    public Asker Customer(string email) =>
        new(new Principal(email, new HashSet<Role> { Role.Customer }, Customer: Desk.CustomerOf(email)));

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create("service", Prepare);
        services = new ServiceCollection().AddLogging(l => l.SetMinimumLevel(LogLevel.Warning))
            .AddEventDesk(Options(database.ConnectionString)).AddSingleton<TimeProvider>(Clock).BuildServiceProvider();
        await Get<OrganisationBook>().Load(default);
    }

    public EventDeskOptions Options(string connectionString) =>
        new() { Database = connectionString, MasterKeyFile = Path.Combine(folder, "master.key"), MayCreateMasterKey = true, Organisation = Desks };

    static async Task Prepare(string connectionString)
    {
        await using var store = new EventStore(new EventStoreOptions { ConnectionString = connectionString }, []);
        await Migrator.Run(store.DataSource, store.Options, ServiceSetup.Migrations, default);
        await ViewSetup.Run(store, [.. ViewCatalog.All], default);
        await using var writer = new EventStore(store.Options, ViewCatalog.Inline);
        await new OrganisationBook(writer, new MovingClock()).Ensure(Desks, default);
    }

    /// <summary>Opens a ticket as <paramref name="who"/> (an agent unless told) and returns its id.</summary>
    public async Task<Guid> Open(
        string subject = "No invoice", string body = "It did not come.", Asker? who = null, Channel channel = Channel.Phone,
        string email = "bob@example.org", string product = "billing", string language = "en", Severity? severity = null) =>
        (await Desk.Open(new NewTicket(product, language, channel, "Bob", email, subject, body, severity), who ?? Agent, null, default))
            is Outcome.Done done ? done.Ticket : throw new InvalidOperationException("The ticket was not opened.");

    /// <summary>A command by whoever may do everything, at the present version.</summary>
    public Task<Outcome> Do(Guid ticket, TicketCommand command, Asker? who = null, Operation operation = Operation.Reply) =>
        Desk.Handle(ticket, operation, command, null, who ?? Agent, null, default);

    public async ValueTask DisposeAsync()
    {
        if (services is not null) await services.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        // Beside the key file, what was wrapped anew when a master key was destroyed.
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A clock that stands still until it is moved; it never gives the same instant for two days that differ.</summary>
public sealed class MovingClock : TimeProvider
{
    DateTimeOffset now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public void Move(TimeSpan by) => now += by;
}
