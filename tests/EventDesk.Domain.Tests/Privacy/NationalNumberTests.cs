using EventDesk.Domain.Privacy;
using static EventDesk.Domain.Privacy.FindingKind;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class NationalNumberTests
{
    [Theory]
    // Poland: examples of the ministry and of the encyclopedia; the 1800s and 2100s only by name.
    [InlineData(Pesel, "44051401359"), InlineData(Pesel, "02070803628"), InlineData(Pesel, "02270812350")]
    // Sweden: Skatteverket's examples, also coordination numbers (60 added to the day) and the sign of the hundredth year.
    [InlineData(Personnummer, "811218-9876"), InlineData(Personnummer, "670919-9530"), InlineData(Personnummer, "19811218-9876"), InlineData(Personnummer, "198112189876")]
    [InlineData(Personnummer, "701063-2391"), InlineData(Personnummer, "811218+9876")]
    // Finland: the agency's examples with the signs of 2023, and the classic.
    [InlineData(Henkilotunnus, "131052-308T"), InlineData(Henkilotunnus, "010594Y9032"), InlineData(Henkilotunnus, "020594X903P"), InlineData(Henkilotunnus, "030594W903B")]
    [InlineData(Henkilotunnus, "040594V9030"), InlineData(Henkilotunnus, "050594U903M"), InlineData(Henkilotunnus, "010516B903X"), InlineData(Henkilotunnus, "020516C903K")]
    [InlineData(Henkilotunnus, "030516D9037"), InlineData(Henkilotunnus, "010501E9032"), InlineData(Henkilotunnus, "020503F9037"), InlineData(Henkilotunnus, "020504A902E")]
    // Spain.
    [InlineData(Dni, "12345678Z"), InlineData(Dni, "12345678-Z"), InlineData(Dni, "12.345.678-Z"), InlineData(Dni, "00000000T"), InlineData(Dni, "99999999r")]
    [InlineData(Nie, "X1234567L"), InlineData(Nie, "Y1234567X"), InlineData(Nie, "Z1234567R"), InlineData(Nie, "X-1234567-L")]
    // France, Corsica too.
    [InlineData(Nir, "255081416802538"), InlineData(Nir, "2 55 08 14 168 025 38"), InlineData(Nir, "1 85 05 78 006 084 91"), InlineData(Nir, "155082A00400147"), InlineData(Nir, "2 84 12 2B 033 112 14")]
    public void R2_national_numbers_are_found_and_no_other_check_character_is(FindingKind kind, string number)
    {
        $"My number: ⟦{number}⟧, thank you".ShouldBeFoundAs(kind);
        foreach (var other in Numbers.OtherLastCharacters(number))
            Recognition.Find($"My number: {other}, thank you").ShouldNotContain(f => f.Kind == kind, other);
    }

    [Theory]
    [InlineData(Personnummer, "personnummer ⟦8112189876⟧"), InlineData(Personnummer, "Mitt personnr är ⟦811218 9876⟧"), InlineData(Personnummer, "personnummer: ⟦201603121234⟧"), InlineData(Personnummer, "barnets personnr ⟦240403-9774⟧"), InlineData(Henkilotunnus, "isän henkilötunnus ⟦250106-8862⟧")]
    [InlineData(Pesel, "PESEL dziecka: ⟦05650300008⟧")]
    [InlineData(Dni, "DNI ⟦12345678 Z⟧")]
    [InlineData(Nir, "sécurité sociale : ⟦785050600608474⟧")]
    [InlineData(Ssn, "SSN ⟦219099999⟧"), InlineData(Ssn, "my social security number is ⟦219 09 9999⟧"), InlineData(Ssn, "ssn of my wife: ⟦001 02 3456⟧")]
    public void R2_what_ordinary_numbers_look_like_too_is_found_only_by_name(FindingKind kind, string text)
    {
        var number = text[(text.IndexOf('⟦') + 1)..text.IndexOf('⟧')];
        text = kind switch
        {
            Personnummer when number.StartsWith("2016", StringComparison.Ordinal) => text.Replace(number, number = Numbers.WithLuhn("20160312123", from: 2), StringComparison.Ordinal),
            Pesel => text.Replace(number, number = Numbers.WithPeselDigit("0565030000"), StringComparison.Ordinal),
            Nir => text.Replace(number, number = Numbers.WithNirKey("7850506006084"), StringComparison.Ordinal),
            _ => text,
        };
        text.ShouldBeFoundAs(kind);
        if (number != "219 09 9999")
            number.ShouldBeOrdinary();
    }

    [Theory]
    [InlineData("⟦219-09-9999⟧"), InlineData("⟦078-05-1120⟧"), InlineData("⟦219 09 9999⟧"), InlineData("SSN: ⟦219099999⟧")]
    public void R2_a_social_security_number_shows_by_its_separators_or_its_name(string text) => text.ShouldBeFoundAs(Ssn);

    [Theory]
    [InlineData("000-12-3456"), InlineData("666-12-3456"), InlineData("900-12-3456"), InlineData("999-12-3456"), InlineData("219-00-9999"), InlineData("219-09-0000")]
    [InlineData("219099999"), InlineData("1-219-09-9999"), InlineData("219-09-9999-1"), InlineData("part no. 219-09-9999-B"), InlineData("+1 219-09-99999")]
    public void R2_what_was_never_issued_is_no_social_security_number(string text) => text.ShouldBeOrdinary();

    [Theory]
    [InlineData("44131401355"), InlineData("44053201355"), InlineData("811318-9876"), InlineData("811299-9876"), InlineData("310452-308T"), InlineData("131052G308T"), InlineData("131052-000X")]
    public void R2_what_is_no_date_is_no_number_of_a_person(string number)
    {
        // Whatever its check character.
        foreach (var other in Numbers.OtherLastCharacters(number).Append(number))
            Recognition.Find(other).ShouldNotContain(f => f.Kind == Pesel || f.Kind == Personnummer || f.Kind == Henkilotunnus, other);
    }

    [Theory]
    [InlineData("numer zamówienia 44051401359"), InlineData("tel. 44051401359"), InlineData("ordernr 811218-9876"), InlineData("ärende 811218-9876"), InlineData("tilaus 131052-308T")]
    [InlineData("pedido 12345678Z"), InlineData("commande 255081416802538"), InlineData("el 12345678 z"), InlineData("ticket 219-09-9999"), InlineData("backup-811218-9876"), InlineData("240403-9774"), InlineData("20250406-3799"), InlineData("250106-8862")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301"), InlineData("192.168.111.12"), InlineData("1730793600"), InlineData("20241105-1230"), InlineData("202411051230")]
    public void R2_numbers_of_orders_phones_and_machines_are_left_alone(string text) => text.ShouldBeOrdinary();

    [Fact]
    public void R2_of_two_readings_of_one_passage_there_is_one_finding()
    {
        // Both a Swedish and a Finnish number; the check character of the Finnish one tells more.
        $"⟦{Numbers.FinnishAndSwedish()}⟧".ShouldBeFoundAs(Henkilotunnus);
    }
}
