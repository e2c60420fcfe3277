using System.Text;

namespace EventDesk.Store.Ledger;

/// <summary>A text signed with the ledger's keys (C2SP signed-note): the text, an empty line, a line for each signature.</summary>
public static class SignedNote
{
    internal const string Mark = "— ";

    /// <param name="body">Lines, the last one ended; none of them empty.</param>
    public static string Sign(string body, IReadOnlyList<LedgerSigner> signers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var note = new StringBuilder(body).Append('\n');
        foreach (var signer in signers)
            note.Append(Mark).Append(signer.Verifier.Name).Append(' ').Append(Convert.ToBase64String(signer.Sign(bytes))).Append('\n');
        return note.ToString();
    }

    /// <summary>The signed text; null when none of the keys signed it.</summary>
    public static string? Open(string note, IEnumerable<LedgerVerifier> keys)
    {
        var end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var body = note[..(end + 1)];
        var bytes = Encoding.UTF8.GetBytes(body);
        return note[(end + 2)..].Split('\n').Any(line => IsSigned(line, bytes, keys)) ? body : null;
    }

    static bool IsSigned(string line, byte[] body, IEnumerable<LedgerVerifier> keys)
    {
        var signature = new byte[line.Length];
        return line.StartsWith(Mark, StringComparison.Ordinal) && line.Split(' ') is [_, var name, var base64]
            && Convert.TryFromBase64String(base64, signature, out var length)
            && keys.Any(k => k.Name == name && k.Verify(body, signature.AsSpan(0, length).ToArray()));
    }
}
