using EventDesk.Service.Views;
using EventDesk.Store;
using EventDesk.Store.Following;

namespace EventDesk.Server.Verbs;

static class ViewsVerbs
{
    public static readonly IReadOnlyList<Verb> All =
    [
        new("views list", "", "List the views and how far each has come", [], List),
        new("views check", "[VIEW…]", "Prove that views equal a replay from the first event", [], Check,
            "All views, or those named. Runs beside live traffic, each view in one snapshot, and changes nothing; exit code 1 when a view has drifted."),
        new("views rebuild", "[VIEW…]", "Build views anew from the events", [], Rebuild,
            "All views, or those named, from one pass over the events. Runs beside live traffic; the new tables of each take the place of the old at once."),
    ];

    const string ProgressSql = "select name, last_seq_id from mt_event_progression";

    static async Task<int> List(Invocation call)
    {
        await using var services = ServerHost.Services(call.Settings);
        var store = services.GetRequiredService<EventStore>();
        Dictionary<string, long> reached = [];
        await using (var command = store.DataSource.CreateCommand(ProgressSql))
        await using (var row = await command.ExecuteReaderAsync(call.Stop))
            while (await row.ReadAsync(call.Stop))
                reached[row.GetString(0)] = row.GetInt64(1);
        var last = await store.HighWater(call.Stop);
        await call.Out.WriteLineAsync($"{"view",-24}  {"kind",-8}  {"behind",12}  tables");
        foreach (var view in ViewCatalog.All)
        {
            var behind = view is InlineView ? "0" : reached.TryGetValue(view.ProgressionName, out var at) ? (last - at).ToString("N0") : "not built";
            await call.Out.WriteLineAsync($"{view.Name,-24}  {(view is InlineView ? "inline" : "followed"),-8}  {behind,12}  {string.Join(", ", view.Tables)}");
        }
        return Exit.Ok;
    }

    static async Task<int> Check(Invocation call)
    {
        if (await Wanted(call) is not { } views)
            return Exit.Usage;
        await using var services = ServerHost.Services(call.Settings);
        var well = true;
        foreach (var view in views)
        {
            var drift = await ViewCheck.Run(services.GetRequiredService<EventStore>(), view, call.Stop);
            await call.Out.WriteLineAsync(drift.None
                ? $"{view.Name}: equals the replay of {drift.UpTo:N0} events"
                : $"{view.Name}: HAS DRIFTED, {drift.Missing:N0} rows missing, {drift.Unexpected:N0} unexpected. \"eventdesk views rebuild {view.Name}\" mends it.");
            foreach (var example in drift.Examples)
                await call.Out.WriteLineAsync($"  {example}");
            well &= drift.None;
        }
        return well ? Exit.Ok : Exit.Failed;
    }

    static async Task<int> Rebuild(Invocation call)
    {
        if (await Wanted(call) is not { } views)
            return Exit.Usage;
        await using var services = ServerHost.Services(call.Settings);
        await Store.Following.Rebuild.Run(
            services.GetRequiredService<EventStore>(), views, (view, reached) => call.Out.WriteLineAsync($"{view.Name}: built anew up to event {reached:N0}"), call.Stop);
        return Exit.Ok;
    }

    /// <summary>The views that were named, in the order of the catalogue, in which one may need another; null: there is none of that name, which was said.</summary>
    static async Task<IReadOnlyList<View>?> Wanted(Invocation call)
    {
        if (call.Operands.Count == 0)
            return [.. ViewCatalog.All];
        var unknown = call.Operands.FirstOrDefault(name => !ViewCatalog.All.Any(v => Is(v, name)));
        if (unknown is null)
            return [.. ViewCatalog.All.Where(v => call.Operands.Any(name => Is(v, name)))];
        await call.Error.WriteLineAsync($"There is no view {unknown}; there are {string.Join(", ", ViewCatalog.All.Select(v => v.Name))}.");
        return null;
    }

    static bool Is(View view, string name) => view.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
