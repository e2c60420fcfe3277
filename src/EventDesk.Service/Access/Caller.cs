using System.Security.Claims;
using EventDesk.Domain.Access;

namespace EventDesk.Service.Access;

/// <summary>What was shown: a token of ours, a browser's session, or a token that the sign-in provider signed.</summary>
public enum CredentialKind { Token, Session, Signed }

/// <summary>What was shown, checked for form (and, when signed, for its signature), not yet for what it opens.</summary>
/// <param name="Key">SHA-256 of its text.</param>
/// <param name="Subject">Signed: pseudonym of the person it may be about.</param>
/// <param name="Client">Signed: the client it may be about.</param>
/// <param name="IssuedAt">Signed: when.</param>
/// <param name="Expires">Signed: until when.</param>
public sealed record Credential(
    CredentialKind Kind, TokenHash Key, Guid Subject = default, TokenHash Client = default, DateTimeOffset IssuedAt = default, DateTimeOffset Expires = default);

/// <summary>What a credential opens at this moment.</summary>
/// <param name="Id">Of the token, the session, or, when signed, of the person or the client's token.</param>
/// <param name="Version">Of the person behind it; 0: nobody is.</param>
/// <param name="Until">When it has to be looked at again at the latest: it ends, or a training expires.</param>
public sealed record Standing(CredentialKind Kind, Guid Id, Guid? Person, long Version, Principal Principal, DateTimeOffset Until)
{
    /// <summary>True when nothing of what it opens has changed.</summary>
    public bool IsLike(Standing other) =>
        Id == other.Id && Person == other.Person && Version == other.Version && Principal.LacksTraining.SequenceEqual(other.Principal.LacksTraining);
}

/// <summary>
/// Who sent a request, in one standing: when that changes in any way (a role withdrawn, a training expired, the person gone), this caller ends and
/// another one, or none, takes its place.
/// </summary>
public sealed class Caller : ClaimsPrincipal
{
    readonly Lock gate = new();
    readonly List<Watch> watches = [];
    volatile Standing standing;
    bool ended;

    internal Caller(Standing standing) => this.standing = standing;

    public CredentialKind Kind => standing.Kind;

    /// <summary>Of what was shown: by it requests are counted.</summary>
    public Guid Id => standing.Id;

    /// <summary>Null: a program or a customer.</summary>
    public Guid? Person => standing.Person;

    public Principal Principal => standing.Principal;

    internal Standing Standing => standing;

    internal bool IsWatched
    {
        get
        {
            lock (gate)
                return watches.Count > 0;
        }
    }

    /// <summary>For answers that go on: they have to stop when the caller ends. Dispose it with the answer.</summary>
    public Watch Watch()
    {
        var watch = new Watch(this);
        lock (gate)
        {
            if (!ended)
            {
                watches.Add(watch);
                return watch;
            }
        }
        watch.End();
        return watch;
    }

    /// <summary>Only its end has moved: for those who watch it is the same.</summary>
    internal void Prolong(Standing same) => standing = same;

    internal void End()
    {
        List<Watch> all;
        lock (gate)
        {
            ended = true;
            all = [.. watches];
            watches.Clear();
        }
        all.ForEach(w => w.End());
    }

    internal void Forget(Watch watch)
    {
        lock (gate)
            watches.Remove(watch);
    }
}

/// <summary>Tells an answer that goes on when its caller ends: within a second of a deactivation or revocation anywhere.</summary>
public sealed class Watch : IDisposable
{
    readonly Caller caller;
    readonly CancellationTokenSource end = new();

    internal Watch(Caller caller)
    {
        this.caller = caller;
        Ended = end.Token;
    }

    /// <summary>Cancelled when the caller's standing ended or changed.</summary>
    public CancellationToken Ended { get; }

    internal void End()
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer has come to its own end in the same moment.
        }
    }

    public void Dispose()
    {
        caller.Forget(this);
        end.Dispose();
    }
}
