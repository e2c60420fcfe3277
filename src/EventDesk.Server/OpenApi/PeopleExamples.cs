using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body about people and access.</summary>
static class PeopleExamples
{
    static readonly DateTimeOffset Then = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    static readonly PersonAccessRequest Access = new() { Roles = [Role.Agent], Desks = ["billing/en"], Lines = [SupportLine.L1] };

    static readonly PersonAnswer Ann = new()
    {
        Id = Examples.SomeId, Handle = "ann", Version = 3, Active = true, UserName = "ann@example.com", Name = "Ann Example", Email = "ann@example.com", Linked = true,
        Roles = [Role.Agent], Desks = ["billing/en"], Lines = [SupportLine.L1], Trainings = [new("privacy", Then, Then.AddYears(1))], Lacks = [], Created = Then, Changed = Then,
    };

    public static IReadOnlyList<object> All { get; } =
    [
        new PersonRequest { UserName = "lena@example.com", Name = "Lena Example", Email = "lena@example.com", Access = Access },
        new PersonDetailsRequest { UserName = "lena@example.com", Name = "Lena Beispiel", Email = "lena@example.com" },
        Access,
        new TrainingRequest { Training = "privacy", CompletedAt = Then, ValidUntil = Then.AddYears(1) },
        new RequiredTrainingsRequest { Trainings = ["privacy"], From = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) },
        Ann,
        new PersonList([Ann], "/api/people?after=AZqU8DwezbmqVQxvjx0uOg"),
        new TicketReadersAnswer(
            Examples.SomeId, Then, "2026-03-02", [new("person", "ann", Role.Agent, ["billing/en"]), new("person", "abe", Role.Auditor, null)],
            [new("read", "ann", "agent", "readTicket", Then, Then.AddMinutes(20), 4, null)]),
    ];
}
