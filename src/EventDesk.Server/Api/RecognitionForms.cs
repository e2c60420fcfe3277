using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EventDesk.Domain.Privacy;

namespace EventDesk.Server.Api;

public sealed record RecognitionRequest : IChecked
{
    public const int MaxBytes = 20 * 1024;
    const int MaxText = 20_000;

    [Description("What someone is writing; may be empty.")]
    [MaxLength(MaxText)]
    public required string Text { get; init; }

    public void Check(Faults faults)
    {
        if (Text.Length > MaxText)
            faults.Add("/text", "too_long", $"It has {Text.Length} characters; {MaxText} are allowed.");
    }
}

/// <summary>Where it is and what to say of it; never the passage itself.</summary>
public sealed record FindingAnswer(
    FindingKind Kind,
    [property: Description("Unicode code points before it.")] int Start,
    [property: Description("Unicode code points of it.")] int Length,
    [property: Description("Stable code of what to tell the writer; the words are the form's own.")] string Hint)
{
    public static FindingAnswer Of(Finding f) => new(f.Kind, f.Start, f.Length, HintFor(f.Kind));

    internal static string HintFor(FindingKind kind) => kind switch
    {
        FindingKind.PaymentCard => "do_not_send_card_number",
        FindingKind.Iban => "do_not_send_bank_account",
        FindingKind.Password => "do_not_send_password",
        FindingKind.AccessKey or FindingKind.PrivateKey => "do_not_send_secret_key",
        _ => "do_not_send_national_id",
    };
}

public sealed record RecognitionAnswer(IReadOnlyList<FindingAnswer> Findings);

public sealed record HintAnswer(
    [property: Description("Version of the event whose text it is.")] long Version,
    [property: Description("The text's name within the event: subject, body, fields.contract, …")] string Field,
    FindingKind Kind,
    [property: Description("Unicode code points before it.")] int Start,
    [property: Description("Unicode code points of it.")] int Length,
    [property: Description("Stable code of what to tell the reader.")] string Hint)
{
    public static HintAnswer Of(TicketHint h) => new(h.Version, h.Field, h.Finding.Kind, h.Finding.Start, h.Finding.Length, FindingAnswer.HintFor(h.Finding.Kind));
}

public sealed record HintList(IReadOnlyList<HintAnswer> Hints);
