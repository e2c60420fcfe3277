namespace EventDesk.Store;

/// <summary>
/// The advisory locks of the database, which every process and every tool that appends must keep. A writer takes <see cref="Swap"/> shared first and
/// <see cref="Append"/> last, draws its sequence numbers under it and holds both until its commit.
/// </summary>
public static class Locks
{
    /// <summary>Held while sequence numbers are drawn and until the commit: makes commit order the order of <c>seq_id</c>.</summary>
    public const long Append = 0x45_44_53_4B_01;

    /// <summary>Shared by every writer's transaction; taken alone by a rebuild for the moment it puts new tables in place of the old.</summary>
    public const long Swap = 0x45_44_53_4B_02;

    /// <summary>One process changes the schema at a time.</summary>
    public const long Migrate = 0x45_44_53_4B_03;

    /// <summary>One process sets the views up at a time.</summary>
    public const long Build = 0x45_44_53_4B_04;

    /// <summary>One process destroys master keys at a time.</summary>
    public const long Shred = 0x45_44_53_4B_05;

    /// <summary>Held while the ledger's tree grows, until the commit.</summary>
    public const long Ledger = 0x45_44_53_4B_06;

    /// <summary>First half of the two-part lock behind the rebuild of one view.</summary>
    public const int BuildOne = 0x45_44_54;

    /// <summary>First half of the two-part lock behind every lease.</summary>
    public const int Lease = 0x45_44_53;

    /// <summary>A name's second half of a two-part lock: FNV-1a, the same in every process.</summary>
    public static int IdOf(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name)
            hash = (hash ^ c) * 16777619u;
        return (int)hash;
    }
}
