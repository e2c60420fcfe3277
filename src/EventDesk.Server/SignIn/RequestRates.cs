using System.Net;
using System.Threading.RateLimiting;

namespace EventDesk.Server.SignIn;

/// <summary>How fast one token, or one address without a valid token, may ask.</summary>
public sealed class RequestRates : IAsyncDisposable
{
    readonly PartitionedRateLimiter<Guid>? byToken;
    readonly PartitionedRateLimiter<IPAddress>? byAddress;

    /// <param name="perSecond">0: no limit. An address without a token gets a tenth.</param>
    public RequestRates(int perSecond)
    {
        if (perSecond == 0)
            return;
        byToken = PartitionedRateLimiter.Create<Guid, Guid>(token => RateLimitPartition.GetTokenBucketLimiter(token, _ => Bucket(perSecond)));
        byAddress = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            address => RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(Math.Max(1, perSecond / 10))));
    }

    /// <summary>Null when the request may pass, else the seconds to wait.</summary>
    public int? Exceeded(Guid token) => byToken is null ? null : Exceeded(byToken.AttemptAcquire(token));

    /// <inheritdoc cref="Exceeded(Guid)"/>
    public int? Exceeded(IPAddress? address) => byAddress is null ? null : Exceeded(byAddress.AttemptAcquire(address ?? IPAddress.None));

    static int? Exceeded(RateLimitLease lease)
    {
        using (lease)
            return lease.IsAcquired ? null
                : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
    }

    static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = Math.Max(2, perSecond * 2),
        TokensPerPeriod = Math.Max(1, perSecond / 10),
        ReplenishmentPeriod = perSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    public async ValueTask DisposeAsync()
    {
        if (byToken is not null)
            await byToken.DisposeAsync();
        if (byAddress is not null)
            await byAddress.DisposeAsync();
    }
}
