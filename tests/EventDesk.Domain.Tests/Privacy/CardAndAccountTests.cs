using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class CardAndAccountTests
{
    [Theory]
    // The test numbers of the schemes and of payment providers.
    [InlineData("4111111111111111"), InlineData("4012888888881881"), InlineData("4242424242424242")]
    [InlineData("5555555555554444"), InlineData("5105105105105100"), InlineData("2223003122003222"), InlineData("2720991234567894")]
    [InlineData("378282246310005"), InlineData("371449635398431")]
    [InlineData("30569309025904"), InlineData("38520000023237"), InlineData("36227206271667")]
    [InlineData("6011111111111117"), InlineData("6011000990139424"), InlineData("3530111333300000"), InlineData("3566002020360505")]
    [InlineData("6200000000000005"), InlineData("6759649826438453"), InlineData("2204123456789015")]
    public void R2_cards_of_every_scheme_are_found_and_no_other_check_digit_is(string card)
    {
        $"Please charge ⟦{card}⟧, thanks".ShouldBeFoundAs(FindingKind.PaymentCard);
        foreach (var other in Numbers.OtherLastDigits(card))
            $"Please charge {other}, thanks".ShouldBeOrdinary();
    }

    [Theory]
    [InlineData("⟦4111 1111 1111 1111⟧"), InlineData("⟦4111-1111-1111-1111⟧"), InlineData("⟦3782 822463 10005⟧"), InlineData("⟦3056 930902 5904⟧")]
    [InlineData("⟦4111\u00A01111\u00A01111\u00A01111⟧"), InlineData("⟦4111–1111–1111–1111⟧"), InlineData("⟦4111111111111111⟧/123/12-27")]
    [InlineData("card=⟦4111111111111111⟧&cvv=123"), InlineData("12/27 ⟦4111 1111 1111 1111⟧"), InlineData("1,⟦4111111111111111⟧,12/27")]
    [InlineData("Visa-⟦4111111111111111⟧"), InlineData("{\"cardNumber\":\"⟦4111111111111111⟧\"}")]
    [InlineData("رقم بطاقتي هو ⟦٤١١١ ١١١١ ١١١١ ١١١١⟧ شكرا"), InlineData("و⟦٤١١١١١١١١١١١١١١١⟧"), InlineData("⟦４１１１１１１１１１１１１１１１⟧")]
    [InlineData("⟦4111\u200E 1111\u200E 1111\u200E 1111⟧"), InlineData("⟦4111\u00AD1111\u200B1111\u200C1111⟧")]
    [InlineData("The order was paid with ⟦4111111111111111⟧"), InlineData("order 77213, card ⟦4111111111111111⟧")]
    public void R2_cards_are_found_as_people_write_them(string text) => text.ShouldBeFoundAs(FindingKind.PaymentCard);

    [Theory]
    [InlineData("Visa ⟦4222222222222⟧"), InlineData("carte bancaire : ⟦4000000000000000006⟧"), InlineData("UnionPay card ⟦621234567890123457⟧")]
    public void R2_rare_lengths_count_only_where_the_text_speaks_of_a_card(string text)
    {
        text.ShouldBeFoundAs(FindingKind.PaymentCard);
        text[text.IndexOf('⟦')..].Trim('⟦', '⟧').ShouldBeOrdinary();
    }

    [Theory]
    [InlineData("Order number 4111111111111111"), InlineData("Bestellnr. 4111111111111111"), InlineData("numer zamówienia: 4111111111111111")]
    [InlineData("numéro de commande 4111111111111111"), InlineData("número de pedido: 4111111111111111"), InlineData("ordernummer 4111111111111111")]
    [InlineData("tilausnumeroni on 4111111111111111"), InlineData("رقم الطلب 4111111111111111"), InlineData("{\"orderId\": 4111111111111111}")]
    [InlineData("Tel. 4111111111111111"), InlineData("4111111111111111 bytes"), InlineData("2021 2022 4111 1111 1111 1111"), InlineData("discord 621234567890123457")]
    [InlineData("tracking 4111111111111111, 4012888888881881"), InlineData("INV-4111111111111111"), InlineData("0.4111111111111111")]
    [InlineData("#4111111111111111"), InlineData("+4111111111111111"), InlineData("a4111111111111111"), InlineData("4111111111111111@example.com")]
    [InlineData("9400 4111 1111 1111 1111 72")]
    public void R2_a_number_with_another_name_or_as_part_of_something_longer_is_no_card(string text) => text.ShouldBeOrdinary();

    [Theory]
    // SWIFT, IBAN Registry.
    [InlineData("AD1200012030200359100100"), InlineData("AE070331234567890123456"), InlineData("AL47212110090000000235698741"), InlineData("AT611904300234573201")]
    [InlineData("BE68539007547034"), InlineData("BG80BNBG96611020345678"), InlineData("CH9300762011623852957"), InlineData("CZ6508000000192000145399")]
    [InlineData("DE89370400440532013000"), InlineData("DK5000400440116243"), InlineData("EE382200221020145685"), InlineData("ES9121000418450200051332")]
    [InlineData("FI2112345600000785"), InlineData("FR1420041010050500013M02606"), InlineData("GB29NWBK60161331926819"), InlineData("GR1601101250000000012300695")]
    [InlineData("HR1210010051863000160"), InlineData("HU42117730161111101800000000"), InlineData("IE29AIBK93115212345678"), InlineData("IS140159260076545510730339")]
    [InlineData("IT60X0542811101000000123456"), InlineData("LT121000011101001000"), InlineData("LV80BANK0000435195001"), InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("NL91ABNA0417164300"), InlineData("NO9386011117947"), InlineData("PL61109010140000071219812874"), InlineData("PT50000201231234567890154")]
    [InlineData("RO49AAAA1B31007593840000"), InlineData("SA0380000000608010167519"), InlineData("SE4550000000058398257466"), InlineData("TR330006100519786457841326")]
    public void R2_accounts_are_found_in_one_piece_and_in_groups_and_no_other_check_digits_are(string iban)
    {
        $"Refund to ⟦{iban}⟧.".ShouldBeFoundAs(FindingKind.Iban);
        $"Refund to ⟦{iban.ToLowerInvariant()}⟧.".ShouldBeFoundAs(FindingKind.Iban);
        $"IBAN: ⟦{Numbers.InFours(iban, ' ')}⟧ (mine)".ShouldBeFoundAs(FindingKind.Iban);
        $"IBAN ⟦{Numbers.InFours(iban, '-')}⟧".ShouldBeFoundAs(FindingKind.Iban);
        for (var check = 0; check < 100; check++)
            if (check != int.Parse(iban[2..4]))
                Recognition.Find($"Refund to {iban[..2]}{check:00}{iban[4..]}.").ShouldNotContain(f => f.Kind == FindingKind.Iban);
    }

    [Theory]
    [InlineData("DE8937040044053201300"), InlineData("DE893704004405320130000"), InlineData("XX89370400440532013000"), InlineData("order DE89370400440532013000")]
    [InlineData("SKU-DE89370400440532013000-A"), InlineData("no 12 of us can log in since Monday")]
    public void R2_other_lengths_countries_and_names_are_no_account(string text) => Recognition.Find(text).ShouldNotContain(f => f.Kind == FindingKind.Iban);

    [Fact]
    public void R2_an_account_is_not_taken_for_the_card_its_digits_would_make() => "⟦DE66 4111 1111 1111 1111 11⟧"
        .Replace("66", Numbers.IbanCheck("DE", "411111111111111111"), StringComparison.Ordinal).ShouldBeFoundAs(FindingKind.Iban);
}
