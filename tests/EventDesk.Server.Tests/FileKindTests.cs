using EventDesk.Server.Api;

namespace EventDesk.Server.Tests;

public sealed class FileKindTests
{
    [Theory]
    // What it is said to be
    [InlineData("image/png", "89504E470D0A1A0A0000")]
    [InlineData("image/jpeg", "FFD8FFE0")]
    [InlineData("image/gif", "474946383961")]
    [InlineData("image/webp", "524946460102030457454250")]
    [InlineData("application/pdf", "255044462D312E37")]
    [InlineData("application/zip", "504B0304")]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "504B030414")]
    [InlineData("application/msword", "D0CF11E0A1B11AE1")]
    [InlineData("video/mp4", "0000001866747970")]
    [InlineData("text/plain", "68656C6C6F")]
    [InlineData("text/plain; charset=utf-8", "EFBBBF68656C6C6F")]
    [InlineData("text/plain; charset=utf-16", "FFFE68006500")]
    [InlineData("text/csv", "612C62")]
    [InlineData("application/json", "7B7D")]
    [InlineData("text/plain", "")]
    [InlineData("application/x-test", "00010203")]
    public void A_file_that_is_what_it_is_said_to_be_goes_out_as_that(string declared, string head) =>
        FileKinds.Served(declared, Convert.FromHexString(head)).ShouldBe(declared);

    [Theory]
    // Documents and scripts, whatever is in them
    [InlineData("text/html", "68656C6C6F")]
    [InlineData("TEXT/HTML; charset=utf-8", "68656C6C6F")]
    [InlineData("image/svg+xml", "68656C6C6F")]
    [InlineData("application/atom+xml", "68656C6C6F")]
    [InlineData("application/xhtml+xml", "")]
    [InlineData("text/javascript", "616C657274")]
    [InlineData("application/javascript", "616C657274")]
    [InlineData("application/x-msdownload", "00")]
    [InlineData("application/x-sh", "00")]
    [InlineData("multipart/related", "00")]
    [InlineData("message/rfc822", "46726F6D")]
    // Programs and markup under another name
    [InlineData("image/png", "4D5A9000")]
    [InlineData("application/x-test", "4D5A9000")]
    [InlineData("application/x-test", "7F454C4602")]
    [InlineData("text/plain", "23212F62696E2F7368")]
    [InlineData("text/plain", "3C21444F43545950452068746D6C3E")]
    [InlineData("text/plain", "EFBBBF0A20203C5363726970743E")]
    [InlineData("text/plain", "FFFE3C0073006300720069007000740")]
    [InlineData("application/pdf", "3C68746D6C3E")]
    [InlineData("image/gif", "3C73766720")]
    // Not what it is said to be
    [InlineData("image/png", "FFD8FFE0")]
    [InlineData("image/jpeg", "")]
    [InlineData("application/pdf", "504B0304")]
    [InlineData("application/zip", "255044462D")]
    [InlineData("image/webp", "524946460102030457415645")]
    [InlineData("text/plain", "68650000006C6C6F")]
    [InlineData("nonsense", "68656C6C6F")]
    public void A_file_that_would_run_or_is_something_else_goes_out_as_bytes(string declared, string head) =>
        FileKinds.Served(declared, Convert.FromHexString(head.Length % 2 == 0 ? head : head + "0")).ShouldBe("application/octet-stream");
}
