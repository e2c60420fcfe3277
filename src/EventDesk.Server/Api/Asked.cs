using System.Diagnostics;
using EventDesk.Domain.Access;
using EventDesk.Service.Access;
using EventDesk.Service.Tickets;

namespace EventDesk.Server.Api;

/// <summary>The one operation an endpoint is for; the gate asks the policy about it before the endpoint runs.</summary>
public sealed record Asks(Operation Operation);

/// <summary>What every handler wants to know about its request.</summary>
public static class Asked
{
    const string CausationHeader = "X-Causation-Id";

    public static Operation Operation(this HttpContext http) => http.GetEndpoint()!.Metadata.GetMetadata<Asks>()!.Operation;

    /// <summary>Who asks; the gate has let them in.</summary>
    public static Principal Principal(this HttpContext http) => ((Caller)http.User).Principal;

    /// <summary>The asker with the trace the request belongs to and, if given, the id of the event that caused it.</summary>
    public static Asker Asker(this HttpContext http) =>
        new(http.Principal(), Activity.Current?.TraceId.ToHexString(),
            http.Request.Headers[CausationHeader] is [{ } cause] && Guid.TryParse(cause, out var id) ? id.ToString() : null);

    /// <summary>True when the operation is granted as a customer's own, not as work of the desk.</summary>
    public static bool AsCustomer(this HttpContext http) =>
        Policy.Decide(http.Principal(), http.Operation()) is { Role: Role.Customer };
}
