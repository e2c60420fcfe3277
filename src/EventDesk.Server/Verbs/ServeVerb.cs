using EventDesk.Server.SignIn;

namespace EventDesk.Server.Verbs;

static class ServeVerb
{
    public static readonly Verb Verb = new(
        "serve", "", "Serve the API until told to stop", [new("--urls", "URLS", "addresses to serve on, instead of EVENTDESK_URLS")], Run,
        "Brings the database to this program's schema first. In Development it makes a master key and sample tokens where there are none.");

    static async Task<int> Run(Invocation call)
    {
        var settings = call.Last("--urls") is { } urls ? call.Settings with { Urls = urls } : call.Settings;
        await using var app = ServerHost.Build(settings);
        await ServerHost.Prepare(app.Services, call.Stop);
        if (settings.Development)
            await Explain(settings, app, call);
        await app.StartAsync(call.Stop);
        await call.Out.WriteLineAsync($"EventDesk serves on {string.Join(", ", app.Urls)}");
        await Stopped(app.Lifetime, call.Stop);
        // The second token is not the one that asked to stop: requests under way are let to their end.
        await app.StopAsync(CancellationToken.None);
        return Exit.Ok;
    }

    static async Task Explain(Settings settings, WebApplication app, Invocation call)
    {
        var tokens = await DevelopmentTokens.Ensure(settings, app.Services, call.Stop);
        var url = settings.Urls.Split([';', ','])[0];
        await call.Out.WriteLineAsync($$"""
            The console is at {{url}}/ in a browser; choose there whom to be.
            Sample tokens for {{string.Join(", ", tokens.Keys)}} are in {{DevelopmentTokens.PathOf(settings)}}. Try one:
              curl -s {{url}}/api/tickets -H 'Authorization: Bearer {{tokens["agent"]}}' -H 'Content-Type: application/json' \
                -d '{"product":"billing","language":"en","requester":{"email":"customer@example.com"},"subject":"Invoice missing","body":"I got no invoice in May."}'
            """);
    }

    static async Task Stopped(IHostApplicationLifetime lifetime, CancellationToken stop)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var byShell = stop.Register(() => asked.TrySetResult());
        await using var byHost = lifetime.ApplicationStopping.Register(() => asked.TrySetResult());
        await asked.Task;
    }
}
