using System.Runtime.Versioning;
using EventDesk.Store.Sealing;

namespace EventDesk.Store.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class SealingMasterKeysTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventdesk-keys-");

    string File => Path.Combine(folder.FullName, "keys", "master.json");

    [Fact]
    public void R1_a_new_key_file_can_be_read_by_its_owner_alone_and_is_kept_afterwards()
    {
        using var made = MasterKeys.LoadOrCreate(File, mayCreate: true);
        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = System.IO.File.ReadAllText(File);
        using var again = MasterKeys.LoadOrCreate(File, mayCreate: true);
        System.IO.File.ReadAllText(File).ShouldBe(before);
        again.Pseudonym("customer", "ann@example.com").ShouldBe(made.Pseudonym("customer", "ann@example.com"));
    }

    [Fact]
    public void R1_without_a_key_file_a_database_that_has_one_is_not_given_new_keys() =>
        Should.Throw<KeyFileException>(() => MasterKeys.LoadOrCreate(File, mayCreate: false)).Message.ShouldContain(File);

    [Theory]
    [InlineData(UnixFileMode.GroupRead), InlineData(UnixFileMode.OtherRead), InlineData(UnixFileMode.GroupWrite)]
    public void R1_a_key_file_that_others_can_reach_is_refused_with_what_to_do(UnixFileMode open)
    {
        MasterKeys.LoadOrCreate(File, mayCreate: true).Dispose();
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | open);
        Should.Throw<KeyFileException>(() => MasterKeys.LoadOrCreate(File, mayCreate: true)).Message.ShouldContain($"chmod 600 {File}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{ "current": 1, "keys": {} , "index": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }""")]
    [InlineData("""{ "current": 1, "keys": { "1": "c2hvcnQ=" }, "index": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }""")]
    [InlineData("""{ "current": 1, "keys": { "one": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } }""")]
    [InlineData("""{ "current": 1, "keys": { "1": "not base64" } }""")]
    public void A_malformed_key_file_is_refused_by_name(string content)
    {
        Write(content);
        Should.Throw<KeyFileException>(() => MasterKeys.LoadOrCreate(File, mayCreate: true)).Message.ShouldContain(File);
        System.IO.File.ReadAllText(File).ShouldBe(content);
    }

    [Fact]
    public async Task Processes_that_start_at_once_end_up_with_the_same_new_keys()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => MasterKeys.LoadOrCreate(File, mayCreate: true))));
        all.Select(m => m.Pseudonym("s", "t")).Distinct().Count().ShouldBe(1);
        Directory.GetFiles(Path.GetDirectoryName(File)!).ShouldBe([File]);
    }

    [Fact]
    public void R1_a_wrapped_key_opens_for_its_own_stream_only()
    {
        using var masters = MasterKeys.LoadOrCreate(File, mayCreate: true);
        var stream = Guid.CreateVersion7();
        using var key = StreamKey.Create(stream);
        var sealedBytes = key.Seal("plain"u8, 1, "subject");
        var wrapped = key.Wrapped(masters);
        key.Wrapped(masters).ShouldBeSameAs(wrapped);
        using (var opened = masters.Unwrap(stream, wrapped)!)
            opened.UnsealText(sealedBytes, 1, "subject").ShouldBe("plain");
        Should.Throw<KeyFileException>(() => masters.Unwrap(Guid.CreateVersion7(), wrapped));
        for (var i = 0; i < wrapped.Wrapped.Length; i++)
        {
            var changed = wrapped.Wrapped.ToArray();
            changed[i] ^= 1;
            Should.Throw<KeyFileException>(() => masters.Unwrap(stream, wrapped with { Wrapped = changed }));
        }
    }

    [Fact]
    public void R1_keys_of_an_older_generation_open_after_rotation_and_new_ones_take_the_current()
    {
        string one = Key(), two = Key(), index = Key();
        Write($$"""{ "current": 1, "keys": { "1": "{{one}}" }, "index": "{{index}}" }""");
        using var before = MasterKeys.LoadOrCreate(File, mayCreate: false);
        var stream = Guid.CreateVersion7();
        using var key = StreamKey.Create(stream);
        var sealedBytes = key.Seal("plain"u8, 1, "subject");
        var wrapped = key.Wrapped(before);

        Write($$"""{ "current": 2, "keys": { "1": "{{one}}", "2": "{{two}}" }, "index": "{{index}}" }""");
        using var after = MasterKeys.LoadOrCreate(File, mayCreate: false);
        using (var opened = after.Unwrap(stream, wrapped)!)
            opened.UnsealText(sealedBytes, 1, "subject").ShouldBe("plain");
        using var fresh = StreamKey.Create(stream);
        fresh.Wrapped(after).MasterId.ShouldBe(2);
        after.Pseudonym("s", "t").ShouldBe(before.Pseudonym("s", "t"));
        using (var heard = before.Unwrap(stream, fresh.Wrapped(after)))
            heard.ShouldNotBeNull("a process looks at the file again for a key it does not know");
        Should.Throw<KeyFileException>(() => before.Unwrap(stream, new WrappedKey(3, wrapped.Wrapped))).Message.ShouldContain("master key 3");
    }

    [Fact]
    public void R1_a_pseudonym_is_a_UUIDv8_that_depends_on_scope_text_and_index_key()
    {
        using var masters = MasterKeys.LoadOrCreate(File, mayCreate: true);
        var one = masters.Pseudonym("customer", "ann@example.com");
        one.Version.ShouldBe(8);
        (one.Variant & 0b1100).ShouldBe(0b1000);
        masters.Pseudonym("customer", "bob@example.com").ShouldNotBe(one);
        masters.Pseudonym("agent", "ann@example.com").ShouldNotBe(one);
        masters.Pseudonym("customera", "nn@example.com").ShouldNotBe(one);
        using var others = MasterKeys.LoadOrCreate(File + "2", mayCreate: true);
        others.Pseudonym("customer", "ann@example.com").ShouldNotBe(one);
    }

    static string Key() => Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
