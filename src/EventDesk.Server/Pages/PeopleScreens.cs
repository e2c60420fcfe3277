using EventDesk.Domain.Organisation;
using EventDesk.Domain.People;
using EventDesk.Server.Api;
using EventDesk.Service.People;
using EventDesk.Service.Tickets;
using EventDesk.Web;

namespace EventDesk.Server.Pages;

/// <summary>People as the pages of administrators show them.</summary>
static class PeopleScreens
{
    /// <summary>A training that ends within this time is to be repeated soon.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static PersonLine Line(PersonEntry p, House house)
    {
        var (organisation, now) = (house.Organisation.Now, house.Clock.GetUtcNow());
        return new()
        {
            Id = p.Id, Version = p.Version, Handle = p.State.Handle, UserName = p.Texts.UserName, Name = p.Texts.Name, Email = p.Texts.Email,
            Active = p.State.Active, Removed = p.State.Removed, Roles = p.State.Roles, Desks = p.State.Desks, Lines = p.State.Lines, Created = p.Created,
            Trainings = Trainings(p.State, organisation, now),
        };
    }

    static IReadOnlyList<TrainingState> Trainings(Person p, SupportOrganisation organisation, DateTimeOffset now)
    {
        var required = organisation.TrainingsOf(p.Roles).ToHashSet();
        return
        [
            .. p.Trainings.Select(t => new TrainingState(t.Training, t.CompletedAt, t.ValidUntil, Standing(t.ValidUntil, now), required.Contains(t.Training)))
                .Concat(required.Where(r => p.Trainings.All(t => t.Training != r)).Select(r => new TrainingState(r, null, null, TrainingStanding.Missing, true)))
                .OrderBy(t => t.Training, StringComparer.Ordinal),
        ];
    }

    static TrainingStanding Standing(DateTimeOffset? until, DateTimeOffset now) =>
        until is not { } end ? TrainingStanding.Held : end <= now ? TrainingStanding.Expired : end <= now + Soon ? TrainingStanding.Soon : TrainingStanding.Held;

    public static PersonStep Step(PersonEvent happened, EventMeta meta)
    {
        var step = new PersonStep(happened.GetType().Name, [], [], null, meta.By.Id, meta.Recorded);
        return happened switch
        {
            AccessGranted g => step with { Roles = g.Roles, What = [.. g.Desks, .. g.Lines.Select(l => l.ToString())] },
            AccessWithdrawn w => step with { Roles = w.Roles, What = [.. w.Desks, .. w.Lines.Select(l => l.ToString())] },
            TrainingCompleted t => step with { What = [t.Training], ValidUntil = t.ValidUntil },
            TrainingRevoked t => step with { What = [t.Training] },
            _ => step,
        };
    }

    public static IReadOnlyList<string> Desks(House house) => [.. house.Organisation.Now.Desks.Where(d => !d.Retired).Select(d => d.Id.Value)];
}
