using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Access;
using EventDesk.Service.People;

namespace EventDesk.Server.Verbs;

static class TokenVerbs
{
    /// <summary>Who has the database and the keys at hand needs no token to make one; the events say that it was done here.</summary>
    static readonly Actor Console = new("console", Role.Administrator);

    public static readonly IReadOnlyList<Verb> All =
    [
        new("token create", "NAME", "Issue an API token", [
            new("--role", "ROLE", "customer, agent, coordinator, manager, auditor, analyst, privacyOfficer, administrator, or provisioner (SCIM); may be repeated"),
            new("--desk", "DESK", "only this desk, product/language (agent, coordinator); may be repeated"),
            new("--line", "LINE", "only this line: l1, l2, l3 or management (agent); may be repeated"),
            new("--customer", "ADDRESS", "e-mail address of the customer whose tickets it opens (customer)"),
            new("--days", "N", "days until it expires (90)"),
        ], Create, "NAME is the handle of a person, who may no more with it than without, or the name of a program. The token is printed once; only its hash is kept."),
        new("token list", "", "List the API tokens", [], List),
        new("token revoke", "ID", "Revoke an API token", [], Revoke, "It opens nothing any more within one second."),
    ];

    static async Task<int> Create(Invocation call)
    {
        var request = new TokenRequest
        {
            Name = call.Operands[0],
            Roles = Values<Role>(call, "--role", out var badRole),
            Lines = Values<SupportLine>(call, "--line", out var badLine),
            Desks = [.. call.Options["--desk"]],
            CustomerEmail = call.Last("--customer"),
            ExpiresInDays = call.Last("--days") is not { } days ? 90 : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0,
        };
        var faults = new Faults();
        request.Check(faults);
        var fault = badRole ?? badLine ?? faults.Found.Select(f => $"{f.Field.TrimStart('/')}: {f.Detail}").FirstOrDefault();
        if (fault is not null)
        {
            await call.Error.WriteLineAsync(fault);
            return Exit.Usage;
        }
        await using var services = ServerHost.Services(call.Settings);
        await ServerHost.Prepare(services, call.Stop);
        var person = await services.GetRequiredService<PeopleDesk>().FindByHandle(request.Name, call.Stop);
        var issued = await services.GetRequiredService<ApiTokens>().Issue(
            new NewToken(request.Name, request.Roles, TimeSpan.FromDays(request.ExpiresInDays), request.Desks, request.Lines, request.CustomerEmail, person?.Id),
            Console, null, call.Stop);
        await call.Error.WriteLineAsync($"Token {issued.Token.Id} for {issued.Token.Name}, valid until {issued.Token.Expires:yyyy-MM-dd}. It is shown this once:");
        await call.Out.WriteLineAsync(issued.Text);
        return Exit.Ok;
    }

    static async Task<int> List(Invocation call)
    {
        await using var services = ServerHost.Services(call.Settings);
        var tokens = services.GetRequiredService<ApiTokens>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await call.Out.WriteLineAsync($"{"id",-36}  {"name",-20}  {"state",-18}  roles");
        for (var after = Guid.Empty; ;)
        {
            var page = await tokens.List(after, 200, call.Stop);
            foreach (var t in page)
            {
                var state = t.RevokedAt is { } at ? $"revoked {at:yyyy-MM-dd}" : t.Expires <= now ? "expired" : $"until {t.Expires:yyyy-MM-dd}";
                await call.Out.WriteLineAsync($"{t.Id,-36}  {t.Name,-20}  {state,-18}  {string.Join(',', t.Roles.Select(ExactEnum<Role>.Name))}");
            }
            if (page.Count < 200)
                return Exit.Ok;
            after = page[^1].Id;
        }
    }

    static async Task<int> Revoke(Invocation call)
    {
        if (!Guid.TryParse(call.Operands[0], out var id))
        {
            await call.Error.WriteLineAsync("A token is named by its id; \"eventdesk token list\" shows it.");
            return Exit.Usage;
        }
        await using var services = ServerHost.Services(call.Settings);
        var found = await services.GetRequiredService<ApiTokens>().Revoke(id, Console, null, call.Stop);
        await (found ? call.Out : call.Error).WriteLineAsync(found ? "Revoked." : "There is no such token.");
        return found ? Exit.Ok : Exit.Failed;
    }

    static List<T> Values<T>(Invocation call, string option, out string? bad) where T : struct, Enum
    {
        List<T> values = [];
        bad = null;
        foreach (var text in call.Options[option])
            if (ExactEnum<T>.TryParse(text, out var value))
                values.Add(value);
            else
                bad = $"{option} is one of {string.Join(", ", Enum.GetValues<T>().Select(ExactEnum<T>.Name))}; \"{text}\" is none.";
        return values;
    }
}
