using EventDesk.Domain.Access;
using EventDesk.Domain.Organisation;
using EventDesk.Domain.Sla;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;

namespace EventDesk.Server.OpenApi;

/// <summary>An example of every body about the organisation and its hours.</summary>
static class OrganisationExamples
{
    static readonly DateTimeOffset Later = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] WorkingDays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    static readonly Dictionary<string, IReadOnlyList<string>> Week = WorkingDays.ToDictionary(d => d, _ => (IReadOnlyList<string>)["08:00-16:00"]);
    static readonly Dictionary<string, IReadOnlyList<string>> ChristmasEve = new() { ["2026-12-24"] = ["08:00-12:00"] };
    static readonly Dictionary<string, Availability> Channels = new() { ["guide"] = Availability.Yes, ["chat"] = Availability.ComingSoon, ["phone"] = Availability.No };
    static readonly AnswerTimeRequest Hour = new() { Time = "1h" };

    public static IReadOnlyList<object> All { get; } =
    [
        new ProductDefinitionRequest { Name = "Billing" },
        new ContractHolderRequest { Contract = "vip" },
        new LanguageDefinitionRequest { Name = "Polski" },
        new CalendarDefinitionRequest { Zone = "Europe/Warsaw", Week = Week, Exceptions = ChristmasEve, Holidays = ["2026-12-25"], From = Later },
        new ContractDefinitionRequest
        {
            Name = "VIP", Agent = "vera", DirectToSecondLine = true, SecondLineActsAsFirst = true, Callback = new() { Time = "1h", Clock = TimeCounted.Working },
            Targets =
            [
                new() { Severity = Severity.Critical, FirstResponse = Hour, NextResponse = new() { Time = "4h" } },
                new() { Severity = Severity.Standard, FirstResponse = new() { Time = "2wd", Clock = TimeCounted.Working }, FirstPromise = Hour },
            ],
        },
        new DeskDefinitionRequest { Name = "Billing, Polski", Calendar = "pl", Contract = "standard", FirstLineTargetPercent = 80, Channels = Channels },
        new TeamDefinitionRequest { Desk = "billing/en", Line = SupportLine.L1, AssignsByItself = true },
        new AgentDefinitionRequest { Teams = ["billing-en-l1", "billing-en-l2"], Capacity = 12, Calendar = "en" },
        new RoutingDefinitionRequest
        {
            Fields = new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["invoice", "refund", "other"] },
            Rules =
            [
                new() { Id = "critical-forms", When = new() { Channels = [Channel.Portal], Severities = [Severity.Critical] }, To = new() { Line = SupportLine.L2 } },
                new()
                {
                    Id = "refunds", When = new() { Products = ["billing"], Languages = ["en"], Fields = new Dictionary<string, IReadOnlyList<string>> { ["topic"] = ["refund"] } },
                    To = new() { Team = "billing-en-l2" },
                },
            ],
        },
        new MacroDefinitionRequest
        {
            Name = "Refund on its way", Replies = new Dictionary<string, string> { ["en"] = "Hello {{requester.name}},\n\nyour refund is on its way.\n\n{{agent}}, {{ticket.number}}" },
            Steps = new() { Tags = ["refund"], Resolve = Resolution.Answered },
        },
        new MacroReplyRequest { Macro = "refund-on-its-way", Channel = Channel.Email, Body = "It is on its way, Kim, and will be there on Friday.", Steps = false },
        new PresenceRequest { Away = true },
        new ReturnRequest { Reason = "Ill until Friday." },
        new NextRequest { Desk = "billing/en", Line = SupportLine.L1 },
        new RosterAnswer([Ann]),
        Ann,
        new ReturnAnswer([new(Some, 17, 7, null)], [new(Some, "ticket_not_open")]),
        new PartAnswer("calendar/pl", 2, Later),
        new PartVersionsAnswer("language/pl", [new(1, Later, OrganisationEndpoints.Written(new Language("pl", "Polski")))]),
        new OrganisationAnswer([new("billing", "Billing", 1)], [new("pl", "Polski", 1)], [Desk], [new("pl", "Europe/Warsaw", true, 2)], [new("standard", "Standard", 1)]) { Trainings = [new(Role.Agent, ["privacy"], 1)] },
        new HoursAnswer(Later, [Hours]),
    ];

    static readonly Guid Some = new("019a94f0-3c1e-7b62-9a55-0c6f8f1d2e3a");

    static RosterAgentAnswer Ann => new()
    {
        Agent = "ann", Teams = ["billing-en-l1"], Desks = ["billing/en"], Lines = [SupportLine.L1], Capacity = 12, Open = 3, Away = false, AtWork = true,
    };

    static DeskAnswer Desk => new()
    {
        Id = "billing/pl", Product = "billing", Language = "pl", Name = "Billing, Polski", Retired = false, Calendar = "pl", Contract = "standard", Channels = Channels, Version = 1,
    };

    static DeskHoursAnswer Hours => new()
    {
        Desk = "billing/pl", Product = "billing", Language = "pl", Name = "Billing, Polski", ProductName = "Billing", LanguageName = "Polski",
        State = OpeningState.Closed, OpensAt = Later.AddHours(7), Zone = "Europe/Warsaw", Week = Week, Dates = [new("2026-12-24", ["08:00-12:00"])], Channels = Channels,
    };
}
