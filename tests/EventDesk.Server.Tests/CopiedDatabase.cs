using System.Text;
using EventDesk.Testing;

namespace EventDesk.Server.Tests;

/// <summary>A database that is backed up in every way: dumps, base backups, and an archive of its write-ahead log.</summary>
sealed class CopiedDatabase(string folder) : IAsyncDisposable
{
    readonly List<PrivatePostgres> restored = [];
    string home = "", programs = "";

    public PrivatePostgres Postgres { get; } = new(Path.Combine(folder, "live"));

    string Archive => Path.Combine(home, "archive");
    string Base => Path.Combine(folder, "base");
    string Dump => Path.Combine(folder, "dump.sql");

    /// <summary>False where only the server was fetched, without the tools that make copies.</summary>
    public bool HasTools => File.Exists(Path.Combine(programs, "pg_basebackup")) && File.Exists(Path.Combine(programs, "pg_dump"));

    public async Task Start()
    {
        await Postgres.Start();
        home = Path.GetDirectoryName(await Postgres.Ask<string>("show data_directory"))!;
        programs = (await File.ReadAllTextAsync(Path.Combine(home, "bin"))).Trim();
        await Postgres.Do("alter system set archive_mode = on");
        await Postgres.Do($"alter system set archive_command = 'mkdir -p \"{Archive}\" && cp %p \"{Archive}/%f\"'");
        await Postgres.Stop();
        await Postgres.Start();
    }

    /// <summary>Makes a base backup and a dump of this moment; the archive goes on.</summary>
    public async Task BackUp()
    {
        await Tool.Run(Path.Combine(programs, "pg_basebackup"), ["-d", Uri(Postgres, "postgres"), "-D", Base, "-X", "none", "--checkpoint=fast"]);
        await Tool.Run(Path.Combine(programs, "pg_dump"), ["-d", Uri(Postgres, "eventdesk"), "-f", Dump]);
    }

    /// <summary>A name for this moment, to restore to.</summary>
    public async Task Mark(string name)
    {
        await Postgres.Do($"select pg_create_restore_point('{name}')");
        await ArchiveAll();
    }

    public async Task ArchiveAll()
    {
        var segment = await Postgres.Ask<string>("select pg_walfile_name(pg_switch_wal())");
        await Eventually.Be(
            async () => await Postgres.Ask<bool>($"select coalesce(last_archived_wal >= '{segment}', false) from pg_stat_archiver"), "the log is archived", TimeSpan.FromSeconds(60));
    }

    /// <summary>The dump, restored beside the live database.</summary>
    public async Task<string> FromDump()
    {
        await Postgres.Do("create database dumped", "postgres");
        await Tool.Run(Path.Combine(programs, "psql"), ["-q", "-v", "ON_ERROR_STOP=1", "-d", Uri(Postgres, "dumped"), "-f", Dump]);
        return Postgres.ConnectionStringTo("dumped");
    }

    /// <summary>The base backup, brought up to a moment from the archive, in a cluster of its own.</summary>
    /// <param name="until">A mark; null: to the end of the archive.</param>
    public async Task<string> FromArchive(string? until)
    {
        var data = Path.Combine(folder, $"restored-{restored.Count}");
        Directory.CreateDirectory(data);
        await Tool.Run("cp", ["-a", Base, Path.Combine(data, "cluster")]);
        File.Copy(Path.Combine(home, "password"), Path.Combine(data, "password"));
        await File.WriteAllTextAsync(Path.Combine(data, "cluster", "recovery.signal"), "");
        await File.AppendAllTextAsync(Path.Combine(data, "cluster", "postgresql.auto.conf"), $"""
            archive_mode = off
            restore_command = 'cp "{Archive}/%f" "%p"'
            recovery_target_action = promote
            {(until is null ? "" : $"recovery_target_name = '{until}'")}

            """);
        await Tool.Run("chown", ["-R", $"--reference={home}", data]);
        var postgres = new PrivatePostgres(data);
        restored.Add(postgres);
        await postgres.Start();
        // While a copy replays the log it turns away, or cuts off, whoever stands in the way.
        await Eventually.Hold(async () => (await postgres.Ask<bool>("select pg_is_in_recovery()")).ShouldBeFalse(), TimeSpan.FromSeconds(120));
        return postgres.ConnectionString;
    }

    /// <summary>The files, by their path, that hold one of these.</summary>
    public List<string> FilesWith(IReadOnlyCollection<string> texts, bool liveTablesOnly = false)
    {
        var wanted = texts.Select(Encoding.UTF8.GetBytes).ToList();
        string[] places = liveTablesOnly ? [Path.Combine(home, "cluster", "base")] : [home, folder];
        return [.. places.SelectMany(p => Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories)).Distinct().Where(f => Holds(f, wanted))];
    }

    static bool Holds(string file, List<byte[]> wanted)
    {
        var bytes = File.ReadAllBytes(file);
        return wanted.Exists(w => bytes.AsSpan().IndexOf(w) >= 0);
    }

    static string Uri(PrivatePostgres postgres, string database)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{database}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var copy in restored)
            await copy.Remove();
        await Postgres.Remove();
    }
}
