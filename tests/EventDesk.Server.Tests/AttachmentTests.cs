using System.Net;
using System.Security.Cryptography;
using EventDesk.Domain.Access;
using EventDesk.Service.Attachments;
using Microsoft.Extensions.DependencyInjection;

namespace EventDesk.Server.Tests;

public sealed class AttachmentTests(AttachmentTests.SmallFiles server) : IClassFixture<AttachmentTests.SmallFiles>
{
    const int Most = 3 << 20;

    public sealed class SmallFiles : RunningServer
    {
        protected override Settings Adjust(Settings settings) => settings with { MaxAttachmentBytes = Most };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(262_144)]
    [InlineData(Most)]
    public async Task A9_a_file_comes_back_as_it_went_in_and_is_sealed_in_between(int length)
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var added = (await Add(agent, opened, bytes, "raport żółw.bin")).ShouldBe(HttpStatusCode.Created);
        var address = added.Headers["Location"];

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Authorization", "Bearer " + await server.Issue(new("reader", [Role.Auditor], TimeSpan.FromDays(1))));
        using var response = await server.Http.SendAsync(request);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/x-test");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("raport żółw.bin");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        var listed = (await agent.Get($"/api/tickets/{opened.Ticket}/attachments")).Json.GetProperty("attachments")[0];
        listed.GetProperty("name").GetString().ShouldBe("raport żółw.bin");
        listed.GetProperty("bytes").GetInt64().ShouldBe(length);
    }

    [Fact]
    public async Task A9_a_file_over_the_limit_is_refused_and_leaves_nothing_behind()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var before = await server.Scalar("select count(*) from attachment");
        (await Add(agent, opened, new byte[Most + 1])).ShouldBe(HttpStatusCode.RequestEntityTooLarge).Code.ShouldBe("body_too_large");
        (await Add(agent, opened, new byte[Most + 1], announced: false)).ShouldBe(HttpStatusCode.RequestEntityTooLarge).Code.ShouldBe("body_too_large");
        (await server.Scalar("select count(*) from attachment")).ShouldBe(before);
    }

    [Fact]
    public async Task A10_a_stale_or_repeated_upload_keeps_one_file()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var before = await server.Scalar("select count(*) from attachment");
        var content = "the same file"u8.ToArray();
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Add(agent, opened, content, key: "upload-1")));
        all.Select(a => (a.Status, a.Text)).Distinct().Count().ShouldBe(1, string.Join('\n', all.Select(a => a.Text)));
        all[0].ShouldBe(HttpStatusCode.Created);
        (await Add(agent, opened, "another"u8.ToArray(), key: "upload-1")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Add(agent, opened, content)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await server.Scalar("select count(*) from attachment where kept")).ShouldBe(before + 1);
        (await server.Scalar("select count(*) from attachment")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A9_an_upload_that_broke_off_is_removed_after_a_day_and_one_with_its_event_never()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var kept = (await Add(agent, opened, "kept"u8.ToArray())).ShouldBe(HttpStatusCode.Created);
        var files = server.Services.GetRequiredService<AttachmentStore>();
        using var content = new MemoryStream("nobody's"u8.ToArray());
        await files.Put(opened.Ticket, content, Most, CancellationToken.None);
        await server.Scalar("with aged as (update attachment set begun = begun - interval '25 hours', kept = false returning 1) select count(*) from aged");

        (await files.RemoveAbandoned(CancellationToken.None)).ShouldBe(1);
        (await agent.Get(kept.Headers["Location"])).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("kept");
        (await server.Scalar("select count(*) from attachment where not kept")).ShouldBe(0);
    }

    [Fact]
    public async Task R1_bytes_changed_in_the_database_are_not_served_as_the_file()
    {
        var agent = await server.As(Role.Agent);
        var opened = await agent.Open();
        var added = await Add(agent, opened, RandomNumberGenerator.GetBytes(1000));
        await server.Scalar($"with bent as (update attachment_piece set bytes = set_byte(bytes, 100, get_byte(bytes, 100) # 1) where attachment = '{added.Json.GetProperty("created").GetGuid()}' returning 1) select count(*) from bent");
        (await agent.Get(added.Headers["Location"])).ShouldBe(HttpStatusCode.InternalServerError).Code.ShouldBe("internal_error");
    }

    static Task<Answer> Add(Api who, Answer ticket, byte[] bytes, string name = "log.txt", string? key = null, bool announced = true)
    {
        HttpContent content = announced ? new ByteArrayContent(bytes) : new StreamContent(new Unmeasured(bytes));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-test");
        List<(string, string)> headers =
        [
            ("If-Match", ticket.ETag!),
            ("Content-Disposition", new System.Net.Http.Headers.ContentDispositionHeaderValue("attachment") { FileNameStar = name }.ToString()),
        ];
        if (key is not null)
            headers.Add(("Idempotency-Key", key));
        return who.Send(HttpMethod.Post, $"/api/tickets/{ticket.Ticket}/attachments", content, [.. headers]);
    }

    sealed class Unmeasured(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
