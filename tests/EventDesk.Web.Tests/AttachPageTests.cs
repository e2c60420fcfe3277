using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EventDesk.Domain.Access;
using EventDesk.Server.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventDesk.Web.Tests;

/// <summary>Files on a ticket's page: chosen, sent, seen among what was said, and downloaded again.</summary>
public sealed class AttachPageTests(AttachPageTests.SmallFiles server, Chromium chromium) : IClassFixture<AttachPageTests.SmallFiles>
{
    const int Most = 1 << 20;

    public sealed class SmallFiles : ConsoleServer
    {
        protected override Server.Settings Adjust(Server.Settings settings) => base.Adjust(settings) with { MaxAttachmentBytes = Most };
    }

    [Fact]
    public async Task A9_A_customer_attaches_a_file_without_a_script_and_gets_it_back_as_it_was()
    {
        var agent = await server.As(Role.Agent);
        var (ticket, number) = await Open("fay@example.com");
        await using var browser = await chromium.New(server.Address, script: false);
        var page = await ConsoleServer.ComeAs(browser, "fay@example.com", $"/portal/tickets/{number}");
        await page.Locator("summary", new() { HasText = "Attach a file" }).ClickAsync();
        await Expect(page.Locator("#file-help")).ToHaveTextAsync("At most 1 MiB.");
        // What the customer cannot see does not keep the file out.
        (await agent.Post($"/api/tickets/{ticket.Ticket}/notes", new { body = "Waits for a file." }, ticket.Version)).ShouldBe(HttpStatusCode.OK);
        var bytes = Encoding.UTF8.GetBytes("Żółw się spóźnił.\n");
        await Attach(page, "żółw \"1\".txt", bytes);
        await Expect(page.Locator("#story")).ToContainTextAsync("żółw");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#story").GetByText("Download").ClickAsync());
        (await File.ReadAllBytesAsync(await download.PathAsync())).ShouldBe(bytes);
        download.SuggestedFilename.ShouldStartWith("żółw");
        var listed = (await agent.Get($"/api/tickets/{ticket.Ticket}/attachments")).Json.GetProperty("attachments").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("bytes").GetInt64().ShouldBe(bytes.Length);
        listed.GetProperty("mediaType").GetString().ShouldBe("text/plain");
        (await server.Scalar($"select count(*) from attachment where ticket = '{ticket.Ticket}' and kept")).ShouldBe(1);
    }

    [Fact]
    public async Task A9_Staff_attach_a_file_for_the_customer_or_for_staff_alone()
    {
        var (ticket, number) = await Open("gus@example.com");
        await using var browser = await chromium.New(server.Address);
        var page = await ConsoleServer.SignIn(browser, "ann", $"/tickets/{number}");
        await Unfold(page);
        await Attach(page, "answer.txt", "For you."u8.ToArray());
        await Expect(page.Locator("#story")).ToContainTextAsync("answer.txt");
        await Unfold(page);
        await page.GetByText("For staff only").ClickAsync();
        await Attach(page, "ours.txt", "For us."u8.ToArray());
        await Expect(page.Locator("#story")).ToContainTextAsync("ours.txt");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#story .event", new() { HasText = "ours.txt" }).GetByText("Download").ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldBe("For us.");

        var customer = await server.As(Role.Customer, "gus");
        (await customer.Get($"/api/tickets/{ticket.Ticket}/attachments")).Json.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("name").GetString()).ShouldBe(["answer.txt"]);
        (await customer.Get($"/portal/tickets/{number}")).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("ours.txt");
    }

    [Fact]
    public async Task A9_A_file_that_is_too_large_is_refused_in_the_readers_language_and_leaves_nothing_behind()
    {
        var (ticket, number) = await Open("hal@example.com");
        await using var browser = await chromium.New(server.Address, "pl-PL", script: false);
        var page = await ConsoleServer.ComeAs(browser, "hal@example.com", $"/portal/tickets/{number}");
        await page.Locator("summary", new() { HasText = "Załącz plik" }).ClickAsync();
        foreach (var length in new[] { Most + 1, 3 * Most })
        {
            await Attach(page, "large.bin", new byte[length]);
            await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Plik jest za duży.");
        }
        (await server.Scalar($"select count(*) from attachment where ticket = '{ticket.Ticket}'")).ShouldBe(0);
        await Attach(page, "small.bin", new byte[Most]);
        await Expect(page.Locator("#story")).ToContainTextAsync("small.bin");
    }

    [Theory]
    [InlineData("nonsense", "paper.txt", "No se admiten archivos de este tipo.")]
    [InlineData("application/octet-stream", "", "Primero elija un archivo.")]
    public async Task A9_What_is_no_file_that_can_be_kept_is_refused_in_the_readers_language(string kind, string name, string why)
    {
        var (ticket, number) = await Open("ida@example.com");
        using var form = FormOf(ticket.Version, name, kind, "x"u8.ToArray());
        var answer = await (await server.As(Role.Customer, "ida")).Send(HttpMethod.Post, $"/portal/tickets/{number}/attachment", form, ("Accept-Language", "es"));
        answer.ShouldBe(HttpStatusCode.Conflict).Text.ShouldContain(why);
        (await server.Scalar($"select count(*) from attachment where ticket = '{ticket.Ticket}'")).ShouldBe(0);
    }

    [Fact]
    public async Task P1_Nobody_attaches_to_a_ticket_of_somebody_else_and_no_customer_what_they_could_not_see()
    {
        var (ticket, number) = await Open("jan@example.com");
        var (eve, jan) = (await server.As(Role.Customer, "eve"), await server.As(Role.Customer, "jan"));
        var before = await server.EventCount();
        using var theirs = FormOf(ticket.Version, "paper.txt", "text/plain", "x"u8.ToArray());
        (await eve.Send(HttpMethod.Post, $"/portal/tickets/{number}/attachment", theirs)).ShouldBe(HttpStatusCode.NotFound);
        using var hidden = FormOf(ticket.Version, "paper.txt", "text/plain", "x"u8.ToArray(), ("internal", "yes"));
        (await jan.Send(HttpMethod.Post, $"/portal/tickets/{number}/attachment", hidden)).ShouldBe(HttpStatusCode.Conflict);
        (await server.EventCount()).ShouldBe(before);
        (await server.Scalar($"select count(*) from attachment where ticket = '{ticket.Ticket}'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_another_sites_form_sends_is_not_taken_and_the_same_form_sent_twice_is_one_file()
    {
        var (ticket, number) = await Open("kit@example.com");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(server.Address) };
        using var signIn = new HttpRequestMessage(HttpMethod.Post, "/sign-in/development")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("handle", "ann")]), Headers = { { "Sec-Fetch-Site", "same-origin" } },
        };
        (await http.SendAsync(signIn)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var page = await http.GetStringAsync($"/tickets/{number}");
        var token = page.Split("name=\"csrf\" value=\"")[1].Split('"')[0];
        var once = ("once", Guid.CreateVersion7().ToString("N"));
        async Task<HttpStatusCode> Send(string site, params (string, string)[] fields)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/tickets/{number}/attachment")
            {
                Content = FormOf(ticket.Version, "paper.txt", "text/plain", "x"u8.ToArray(), fields), Headers = { { "Sec-Fetch-Site", site } },
            };
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
        var before = await server.EventCount();
        (await Send("same-origin")).ShouldBe(HttpStatusCode.Forbidden);
        (await Send("same-origin", ("csrf", "guessed"))).ShouldBe(HttpStatusCode.Forbidden);
        (await Send("cross-site", ("csrf", token))).ShouldBe(HttpStatusCode.Forbidden);
        (await server.EventCount()).ShouldBe(before);
        (await Send("same-origin", ("csrf", token), once)).ShouldBe(HttpStatusCode.SeeOther);
        (await Send("same-origin", ("csrf", token), once)).ShouldBe(HttpStatusCode.SeeOther);
        (await server.Scalar($"select count(*) from attachment where ticket = '{ticket.Ticket}'")).ShouldBe(1);
    }

    async Task<(Answer Ticket, long Number)> Open(string email)
    {
        var opened = await (await server.As(Role.Agent)).Open("A file is wanted", email: email);
        return (opened, opened.Json.GetProperty("number").GetInt64());
    }

    static Task Unfold(IPage page) => page.Locator("summary", new() { HasText = "Attach a file" }).ClickAsync();

    static async Task Attach(IPage page, string name, byte[] bytes)
    {
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = bytes });
        await page.Locator("#f-attachment button").ClickAsync();
    }

    /// <summary>As a browser sends it: the fields, then the file.</summary>
    static MultipartFormDataContent FormOf(long version, string name, string kind, byte[] bytes, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields.Prepend(("version", version.ToString(System.Globalization.CultureInfo.InvariantCulture))))
            form.Add(new StringContent(value), field);
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"file\"", FileName = $"\"{name}\"" };
        file.Headers.TryAddWithoutValidation("Content-Type", kind);
        form.Add(file);
        return form;
    }
}
