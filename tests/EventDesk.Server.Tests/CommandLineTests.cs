using System.Globalization;
using System.Net;
using EventDesk.Server.Verbs;

namespace EventDesk.Server.Tests;

public sealed class CommandLineTests(RunningServer server) : Console(server), IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_verb_explains_itself()
    {
        var help = await Run("--help");
        help.Code.ShouldBe(Exit.Ok);
        var verbs = help.Out.Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal) && char.IsLower(l[2])).Select(l => l.Trim().Split("  ")[0]).ToList();
        verbs.Count.ShouldBeGreaterThan(7);
        foreach (var verb in verbs)
        {
            var words = verb.Split(' ').TakeWhile(w => char.IsLower(w[0])).ToArray();
            var explained = await Run([.. words, "--help"]);
            explained.Code.ShouldBe(Exit.Ok, verb);
            explained.Out.ShouldContain($"usage: eventdesk {string.Join(' ', words)}");
            explained.Error.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("fly", "There is no verb \"fly\"")]
    [InlineData("token", "eventdesk token is one of")]
    [InlineData("token create", "takes NAME")]
    [InlineData("token create a b", "takes NAME")]
    [InlineData("token create ann --colour red", "has no option --colour")]
    [InlineData("token create ann --role", "--role needs a value")]
    [InlineData("token create ann --role king", "\"king\" is none")]
    [InlineData("token create ann --role customer", "names the customer")]
    [InlineData("token create ann", "at least one role")]
    [InlineData("token create ann --role agent --days ever", "1 to 366 days")]
    [InlineData("token revoke yesterday", "named by its id")]
    [InlineData("verify everything", "takes no operand")]
    [InlineData("views check Nothing", "There is no view Nothing")]
    public async Task A_wrong_call_is_told_what_is_wrong_with_exit_code_2(string line, string said)
    {
        var (code, output, error) = await Run(line.Split(' '));
        code.ShouldBe(Exit.Usage);
        error.ShouldContain(said);
        output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("migrate|Host=127.0.0.1;Database=x;Username=x;Password=geheim")]
    [InlineData("migrate|--database=Host=127.0.0.1;Password=geheim")]
    [InlineData("migrate|--database|geheim")]
    [InlineData("serve|--urls|postgres://x:geheim@127.0.0.1/x")]
    [InlineData("serve|--client-secret=geheim")]
    [InlineData("token|revoke|edk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgeheim")]
    [InlineData("token|revoke|--token|geheim")]
    [InlineData("verify|--key|PRIVATE+KEY+eventdesk/7f3a90c2d1e4b586+geheim")]
    [InlineData("token|create|eyJhbGciOiJSUzI1NiJ9.e30.geheim")]
    [InlineData("fly|--password=geheim")]
    public async Task A_secret_on_the_command_line_is_refused_and_not_repeated(string line)
    {
        var (code, output, error) = await Run(line.Split('|'));
        code.ShouldBe(Exit.Usage);
        error.ShouldContain("A secret does not belong on the command line");
        error.ShouldContain("EVENTDESK_DATABASE_FILE");
        error.ShouldNotContain("geheim");
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_database_key_or_setting_is_told_in_a_sentence_with_exit_code_3()
    {
        (await Run(["token", "list"], (Settings.DatabaseVariable, null))).ShouldBeUnavailable("EVENTDESK_DATABASE is not set");
        (await Run(["token", "list"], (Settings.DatabaseVariable, "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2"))).ShouldBeUnavailable("database does not answer");
        (await Run(["migrate"], ("EVENTDESK_MASTER_KEY_FILE", "/nowhere/master.key"), ("DOTNET_ENVIRONMENT", "Production"))).ShouldBeUnavailable("no key file");
        (await Run(["migrate"], ("EVENTDESK_ORGANISATION", "/nowhere"))).ShouldBeUnavailable("no organisation at /nowhere");
        (await Run(["migrate"], ("EVENTDESK_RATE_PER_SECOND", "fast"))).ShouldBeUnavailable("must be a whole number");
    }

    [Fact]
    public async Task S1_a_token_made_on_the_console_opens_the_api_until_it_is_revoked_there()
    {
        var made = await Run("token", "create", "console-made", "--role", "agent", "--line", "l1", "--desk", "billing/en", "--days", "7");
        made.Code.ShouldBe(Exit.Ok, made.Error);
        var api = new Api(Server.Http, made.Out.Trim());
        (await api.Get("/api/queues")).ShouldBe(HttpStatusCode.OK);

        var listed = (await Run("token", "list")).Out.Split('\n').Single(l => l.Contains("console-made", StringComparison.Ordinal));
        listed.ShouldContain("until");
        var id = listed.Split(' ')[0];
        (await Run("token", "revoke", id)).Code.ShouldBe(Exit.Ok);
        (await Run("token", "list")).Out.Split('\n').Single(l => l.Contains("console-made", StringComparison.Ordinal)).ShouldContain("revoked");
        await Testing.Eventually.Be(async () => (await api.Get("/api/queues")).Status == HttpStatusCode.Unauthorized, "the token is refused", TimeSpan.FromSeconds(1.2));
        (await Run("token", "revoke", Guid.Empty.ToString())).Code.ShouldBe(Exit.Failed);
    }

    [Fact]
    public async Task P3_views_are_listed_checked_and_rebuilt()
    {
        await (await Server.As(Domain.Access.Role.Agent)).Open();
        (await Run("views", "list")).Out.ShouldContain("Tickets");
        foreach (var view in new[] { "Tickets", "ApiTokens" })
        {
            var check = await Run("views", "check", view);
            check.Code.ShouldBe(Exit.Ok, check.Out + check.Error);
            (await Run("views", "rebuild", view)).Code.ShouldBe(Exit.Ok);
            (await Run("views", "check", view)).Code.ShouldBe(Exit.Ok);
        }
        await Server.Scalar("with gone as (delete from api_token where name = 'agent' returning 1) select count(*) from gone");
        (await Run("views", "check", "apitokens")).Code.ShouldBe(Exit.Failed);
        (await Run("views", "rebuild", "apitokens")).Code.ShouldBe(Exit.Ok);
        (await Run("views", "check", "apitokens")).Code.ShouldBe(Exit.Ok);
    }
}

/// <summary>A class of its own: the database is not to be trusted afterwards.</summary>
public sealed class TamperTests(RunningServer server) : Console(server), IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("changed", """update mt_events set data = jsonb_set(data, array['channel'], '"phone"') where stream_id = '{0}' and version = 1""")]
    [InlineData("removed", "delete from mt_events where stream_id = '{0}' and version = 1")]
    [InlineData("reordered", "update mt_events set version = -version where stream_id = '{0}' and version in (1, 2); update mt_events set version = 3 + version where stream_id = '{0}' and version < 0")]
    public async Task T2_verify_says_that_all_is_intact_and_names_the_event_that_was_changed_removed_or_reordered(string what, string sql)
    {
        var agent = await Server.As(Domain.Access.Role.Agent);
        var opened = await agent.Open();
        var intact = await Run("verify");
        (intact.Code, intact.Error).ShouldBe((Exit.Ok, ""));
        intact.Out.ShouldContain("Intact");

        await Unguarded($"create table kept as select * from mt_events where stream_id = '{opened.Ticket}'");
        await Unguarded(string.Format(CultureInfo.InvariantCulture, sql, opened.Ticket));
        var broken = await Run("verify");
        await Unguarded($"delete from mt_events where stream_id = '{opened.Ticket}'; insert into mt_events select * from kept; drop table kept");
        broken.Code.ShouldBe(Exit.Failed);
        broken.Out.ShouldMatch($@"event 1 of stream {opened.Ticket} \(seq_id \d+\): {what}");
    }

    Task Unguarded(string sql) => Server.Scalar($"""
        alter table mt_events disable trigger all;
        {sql};
        alter table mt_events enable always trigger eventdesk_keep_events; alter table mt_events enable always trigger eventdesk_keep_all_events; select 1
        """);
}

/// <summary>Calls the command line on a class's server.</summary>
public abstract class Console(RunningServer server)
{
    protected RunningServer Server => server;

    protected Task<Said> Run(params string[] args) => Run(args, []);

    protected async Task<Said> Run(string[] args, params (string Name, string? Value)[] variables)
    {
        Dictionary<string, string?> environment = new()
        {
            [Settings.DatabaseVariable] = server.ConnectionString,
            ["EVENTDESK_MASTER_KEY_FILE"] = server.Settings.MasterKeyFile,
            ["EVENTDESK_ORGANISATION"] = server.Settings.Organisation,
            ["DOTNET_ENVIRONMENT"] = "Development",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Run(args, environment.GetValueOrDefault, output, error, CancellationToken.None);
        return new(code, output.ToString(), error.ToString());
    }

    public sealed record Said(int Code, string Out, string Error)
    {
        public void ShouldBeUnavailable(string why)
        {
            Code.ShouldBe(Exit.Unavailable, Error);
            Error.ShouldContain(why);
            Error.ShouldNotContain("   at ");
        }
    }
}
