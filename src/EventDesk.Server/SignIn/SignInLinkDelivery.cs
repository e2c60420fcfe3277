namespace EventDesk.Server.SignIn;

/// <summary>Brings a one-time link to the address it was asked for. Whoever can read that mailbox is that customer.</summary>
public interface ISignInLinkDelivery
{
    /// <param name="language">In which it was asked for.</param>
    Task Deliver(string address, Uri link, string language, CancellationToken ct);
}

/// <summary>Development only: the link stands in the log, and on the page.</summary>
sealed partial class LinksInTheLog(ILogger<LinksInTheLog> log) : ISignInLinkDelivery
{
    public Task Deliver(string address, Uri link, string language, CancellationToken ct)
    {
        Made(log, link);
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "One-time link: {Link}")]
    static partial void Made(ILogger log, Uri link);
}

/// <summary>Where no mail goes out there is nobody to carry it; the link opens nothing for anybody then, and whoever runs the service is told.</summary>
sealed partial class NoMail(ILogger<NoMail> log) : ISignInLinkDelivery
{
    public Task Deliver(string address, Uri link, string language, CancellationToken ct)
    {
        NotSent(log);
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "A customer asked for a one-time link, and no mail goes out from here.")]
    static partial void NotSent(ILogger log);
}
