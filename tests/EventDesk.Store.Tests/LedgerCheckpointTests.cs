using System.Text;
using EventDesk.Store.Ledger;

namespace EventDesk.Store.Tests;

/// <summary>Checkpoints and keys in the forms of C2SP.</summary>
public sealed class LedgerCheckpointTests
{
    /// <summary>Key, text and signature published with the reference implementation of signed notes.</summary>
    [Fact]
    public void T2_keys_and_signatures_are_those_of_signed_notes()
    {
        var key = LedgerVerifier.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").ShouldNotBeNull();
        key.Name.ShouldBe("PeterNeumann");
        var body = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"u8.ToArray();
        var signature = Convert.FromBase64String("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
        key.Verify(body, signature).ShouldBeTrue();
        body[0]++;
        key.Verify(body, signature).ShouldBeFalse();
    }

    [Theory]
    [InlineData(""), InlineData("PeterNeumann"), InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), InlineData("PeterNeumann+c74f20a3+AhpcARpc"), InlineData("+c74f20a3+x")]
    public void T2_anything_else_is_no_key(string text) => LedgerVerifier.Parse(text).ShouldBeNull();

    [Fact]
    public void T2_a_checkpoint_says_origin_size_and_root_and_who_signed_it()
    {
        using var signer = new LedgerSigner("eventdesk/test", new byte[32]);
        using var other = new LedgerSigner("eventdesk/test", [.. Enumerable.Repeat((byte)1, 32)]);
        var signed = SignedCheckpoint.Sign(new("eventdesk/test", 307, new byte[32]), [signer]);
        var lines = signed.Text.Split('\n');
        lines[..4].ShouldBe(["eventdesk/test", "307", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""]);
        lines[4].ShouldStartWith("— eventdesk/test ");
        lines[5].ShouldBe("");

        var read = SignedCheckpoint.Parse(signed.Text).ShouldNotBeNull();
        read.Checkpoint.Body.ShouldBe(signed.Checkpoint.Body);
        read.IsSignedBy([signer.Verifier]).ShouldBeTrue();
        read.IsSignedBy([LedgerVerifier.Parse(signer.Verifier.ToString())!]).ShouldBeTrue();
        read.IsSignedBy([other.Verifier]).ShouldBeFalse();
        SignedCheckpoint.Parse(signed.Text.Replace("307", "308"))!.IsSignedBy([signer.Verifier]).ShouldBeFalse();
        SignedCheckpoint.Parse(signed.Text.Replace("AAAAA=", "AAAAE="))!.IsSignedBy([signer.Verifier]).ShouldBeFalse();
        SignedCheckpoint.Parse(signed.Text.Replace("eventdesk/test\n307", "eventdesk/other\n307"))!.IsSignedBy([signer.Verifier]).ShouldBeFalse();
    }

    [Fact]
    public void T2_a_key_of_another_ledger_vouches_for_nothing_here()
    {
        using var foreign = new LedgerSigner("eventdesk/other", new byte[32]);
        SignedCheckpoint.Sign(new("eventdesk/test", 1, new byte[32]), [foreign]).IsSignedBy([foreign.Verifier]).ShouldBeFalse();
    }

    [Fact]
    public void T2_any_changed_byte_breaks_the_checkpoint()
    {
        using var signer = new LedgerSigner("eventdesk/test", new byte[32]);
        var text = SignedCheckpoint.Sign(new("eventdesk/test", 307, new byte[32]), [signer]).Text;
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            (SignedCheckpoint.Parse(Encoding.UTF8.GetString(bytes))?.IsSignedBy([signer.Verifier]) ?? false).ShouldBeFalse($"byte {i}");
            bytes[i] ^= 1;
        }
    }
}
