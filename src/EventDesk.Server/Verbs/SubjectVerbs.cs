using System.Globalization;
using EventDesk.Domain;
using EventDesk.Domain.Access;
using EventDesk.Server.Api;
using EventDesk.Service.Access.Log;
using EventDesk.Service.Subjects;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Verbs;

static class SubjectVerbs
{
    /// <summary>Who has the database and the keys at hand could read it all anyhow; the access log says that it was done here.</summary>
    static readonly Asker Console = new(new Principal("console", new HashSet<Role> { Role.PrivacyOfficer }));

    const string Customer = "CUSTOMER is the customer's id, as every ticket shows it, or the address they write from.";

    public static readonly IReadOnlyList<Verb> All =
    [
        new("subject export", "CUSTOMER", "Write all that is held on a customer into one ZIP",
            [
                new("--out", "FILE", "where to write it; made with mode 0600, and never over a file that is there"),
                new("--for", "READER", "officer (default): all there is; person: what may be handed to the person as it is"),
            ],
            Export, Customer + " The export is recorded in the access log."),
        new("subject show", "CUSTOMER", "Say what is held on a customer, where, until when, under which key", [], Show, Customer),
    ];

    static async Task<int> Export(Invocation call)
    {
        var reader = CopyFor.Officer;
        if (call.Last("--out") is not { } path || (call.Last("--for") is { } given && !ExactEnum<CopyFor>.TryParse(given, out reader)))
            return await Wrong(call, "subject export needs --out FILE; --for is officer or person.");
        await using var services = ServerHost.Services(call.Settings);
        if (CustomerIn(call, services) is not { } customer)
            return await Wrong(call, Customer);
        var archive = services.GetRequiredService<SubjectArchive>();
        await ServerHost.Prepare(services, call.Stop);
        await using (var file = new FileStream(path, Options()))
            try
            {
                var prepared = await archive.Prepare(customer, reader, Console, Operation.ExportSubject, call.Stop);
                await archive.Write(prepared, file, call.Stop);
            }
            catch
            {
                File.Delete(path); // half an archive must not pass for one
                throw;
            }
        await services.GetRequiredService<AccessLog>().Flush(CancellationToken.None);
        await call.Out.WriteLineAsync($"Written to {path}.");
        return Exit.Ok;
    }

    static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    static async Task<int> Show(Invocation call)
    {
        await using var services = ServerHost.Services(call.Settings);
        if (CustomerIn(call, services) is not { } customer)
            return await Wrong(call, Customer);
        await ServerHost.Prepare(services, call.Stop);
        var budget = await services.GetRequiredService<PrivacyBudgets>().Of(customer, call.Stop);
        await call.Out.WriteLineAsync($"customer {budget.Customer}{(budget.Contract is { } plan ? $", plan {plan}" : "")}\n");
        await call.Out.WriteLineAsync($"{"what",-36}{"where",-40}{"rows",8}{"bytes",12}  until");
        foreach (var h in budget.Holdings)
            await call.Out.WriteLineAsync($"{h.Kind,-36}{h.Where,-40}{Number(h.Count),8}{Number(h.Bytes),12}  {Day(h.Until)}");
        await call.Out.WriteLineAsync($"\n{"ticket",-10}{"state",-12}{"opened",-12}{"events",8}{"bytes",12}  {"until",-12}{"key",-8}master key");
        foreach (var t in budget.Tickets)
            await call.Out.WriteLineAsync(
                $"#{t.Number,-9}{t.Status,-12}{Day(t.OpenedAt),-12}{Number(t.Events),8}{Number(t.Bytes),12}  {Day(t.Until),-12}{t.Key.State,-8}{t.Key.MasterKey}"
                + (t.Key.Destroyed > 0 ? $" ({t.Key.Destroyed} destroyed)" : "") + (t.LegalHold ? " on legal hold" : ""));
        return Exit.Ok;
    }

    static CustomerId? CustomerIn(Invocation call, ServiceProvider services) =>
        Guid.TryParseExact(call.Operands[0], "D", out var id) ? new(id)
        : call.Operands[0].Contains('@', StringComparison.Ordinal) ? services.GetRequiredService<TicketDesk>().CustomerOf(call.Operands[0]) : null;

    static async Task<int> Wrong(Invocation call, string said)
    {
        await call.Error.WriteLineAsync(said);
        return Exit.Usage;
    }

    static string Number(long? n) => n?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "–";
}
