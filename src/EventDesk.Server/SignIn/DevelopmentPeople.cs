using EventDesk.Domain.Access;
using EventDesk.Domain.People;
using EventDesk.Domain.Tickets;
using EventDesk.Service.Organising;
using EventDesk.Service.People;

namespace EventDesk.Server.SignIn;

/// <summary>The sample people of development, each of one role, taught whatever the organisation requires of it.</summary>
public sealed class DevelopmentPeople(PeopleDesk people, OrganisationBook organisation, TimeProvider clock)
{
    static readonly TimeSpan Valid = TimeSpan.FromDays(365), RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Lets them in where they are not known yet, and renews what is about to expire.</summary>
    public async Task<Guid> Ensure(string handle, Role role, CancellationToken ct)
    {
        if (await people.FindByHandle(handle, ct) is not { } person)
        {
            var everywhere = new SetAccess([role], [Person.AllDesks], Enum.GetValues<SupportLine>());
            var mail = $"{handle}@example.com";
            var made = await people.Provision(
                new NewPerson(handle, new PersonTexts(mail, $"{char.ToUpperInvariant(handle[0])}{handle[1..]} Example", Email: mail), Access: everywhere), Actor.System, null, ct);
            // Another process may have made them in the same moment.
            person = await people.FindByHandle(handle, ct) ?? throw new InvalidOperationException($"The sample person {handle} could not be made: {made}.");
        }
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        foreach (var training in person.State.Lacks(organisation.Now, now + RenewBefore))
            await people.Handle(person.Id, new CompleteTraining(training, now, now + Valid), null, Actor.System, null, ct);
        return person.Id;
    }
}
