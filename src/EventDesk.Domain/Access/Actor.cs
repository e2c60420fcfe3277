namespace EventDesk.Domain.Access;

/// <summary>
/// What someone may do here; a person may hold several, a request acts in one. The provisioner is the directory that tells who works here
/// (SCIM). Stored by name and by number: add at the end.
/// </summary>
public enum Role { Customer, Agent, Coordinator, Manager, Auditor, Analyst, PrivacyOfficer, Administrator, System, Provisioner }

/// <summary>Who does something, with the role held at that moment: statistics and clocks ask for the role then, never for today's.</summary>
/// <param name="Id">Handle of staff, id of a customer, name of a rule's job.</param>
public sealed record Actor(string Id, Role Role)
{
    public static readonly Actor System = new("system", Role.System);

    /// <summary>True for people who answer for the desk; a member of staff who asks as a customer acts as a customer.</summary>
    public bool IsStaff => Role is not (Role.Customer or Role.System or Role.Provisioner);
}
