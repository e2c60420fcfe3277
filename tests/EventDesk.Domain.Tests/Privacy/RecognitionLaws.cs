using EventDesk.Domain.Privacy;
using FsCheck;
using FsCheck.Fluent;
using static EventDesk.Domain.Privacy.FindingKind;

namespace EventDesk.Domain.Tests.Privacy;

/// <summary>What holds for every valid number, wherever it stands.</summary>
public sealed class RecognitionLaws
{
    public sealed record Sample(FindingKind Kind, string Number);

    static Gen<string> Digits(int count) => Gen.Choose(0, 9).ListOf(count).Select(d => string.Concat(d));

    static readonly Gen<string> Cards =
        from prefix in Gen.Elements("4", "51", "55", "2221", "2720", "6011", "65", "62", "3528", "2204")
        from rest in Digits(15)
        select Numbers.WithLuhn((prefix + rest)[..15]);

    static readonly Gen<string> Amex = from prefix in Gen.Elements("34", "37") from rest in Digits(12) select Numbers.WithLuhn(prefix + rest);

    static readonly Gen<string> Ibans =
        from country in Gen.Elements(("DE", 18), ("PL", 24), ("SE", 20), ("FI", 14), ("ES", 20), ("SA", 20), ("NO", 11), ("FR", 23))
        from account in Digits(country.Item2)
        select country.Item1 + Numbers.IbanCheck(country.Item1, account) + account;

    static readonly Gen<DateTime> Births = Gen.Choose(0, 36_000).Select(d => new DateTime(1926, 1, 1).AddDays(d));

    static readonly Gen<string> Pesels =
        from birth in Births
        from serial in Digits(4)
        select Numbers.WithPeselDigit($"{birth:yy}{birth.Month + (birth.Year >= 2000 ? 20 : 0):00}{birth:dd}{serial}");

    /// <summary>Dates that may be stamps of our own time count only by name, with the separator of the young; so they are left out here.</summary>
    static readonly Gen<string> Personnummers =
        from birth in Births
        from coordination in Gen.Elements(0, 60)
        from serial in Gen.Choose(0, 999)
        from plus in Gen.Elements('-', '+')
        where plus == '+' || birth.Year % 100 is < 15 or >= 40
        select Numbers.WithLuhn($"{birth:yyMM}{birth.Day + coordination:00}{serial:000}").Insert(6, plus.ToString());

    static readonly Gen<string> Hetus =
        from birth in Births
        from serial in Gen.Choose(2, 999)
        where birth.Year >= 1940 // before, it may read as a stamp
        from sign in birth.Year < 2000 ? Gen.Elements('-', 'Y', 'X', 'W', 'V', 'U') : Gen.Elements('A', 'B', 'C', 'D', 'E', 'F')
        select Numbers.WithHetuCharacter($"{birth:ddMMyy}", sign, serial);

    static readonly Gen<string> Nirs =
        from birth in Births
        from sex in Gen.Elements('1', '2')
        from place in Gen.Elements("75", "13", "2A", "2B", "97", "99")
        from rest in Digits(6)
        select Numbers.WithNirKey($"{sex}{birth:yyMM}{place}{rest}");

    static readonly Gen<string> Ssns =
        from area in Gen.Choose(1, 899).Where(a => a != 666)
        from @group in Gen.Choose(1, 99)
        from serial in Gen.Choose(1, 9999)
        select $"{area:000}-{@group:00}-{serial:0000}";

    static readonly Gen<Sample> Checked = Gen.OneOf(
        Of(PaymentCard, Cards), Of(PaymentCard, Cards.Select(c => Numbers.InFours(c, ' '))), Of(PaymentCard, Amex), Of(Iban, Ibans), Of(Iban, Ibans.Select(i => Numbers.InFours(i, ' '))),
        Of(Pesel, Pesels), Of(Personnummer, Personnummers), Of(Henkilotunnus, Hetus), Of(Nir, Nirs),
        Of(Dni, Digits(8).Select(Numbers.WithDniLetter)), Of(Nie, from f in Gen.Elements('X', 'Y', 'Z') from d in Digits(7) select Numbers.WithNieLetter(f, d)));

    static readonly Gen<Sample> All = Gen.Frequency((9, Checked), (1, Of(Ssn, Ssns)));

    static Gen<Sample> Of(FindingKind kind, Gen<string> numbers) => numbers.Select(n => new Sample(kind, n));

    /// <summary>Any text at all, but one that ends (or goes on) as a line of its own, so that it gives the number no name and no further digits.</summary>
    static readonly Gen<string> Surroundings = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""),
        Gen.Elements("", "Hello 🙂", "👩‍👩‍👧‍👦", "مرحبا، عندي مشكلة", "Order 4111111111111111 failed", "a\nb\n", "12.34 €", "\u202Eabc", "e\u0301", "𝟙𝟚𝟛", "\uD83D"));

    [Fact]
    public void R2_a_valid_number_is_found_in_its_place_whatever_stands_around_it() => ForAll(
        from sample in All
        from before in Surroundings
        from after in Surroundings
        select (sample, before, after), (sample, before, after) =>
        {
            var text = $"{before}\n\n{sample.Number}\n{after}";
            var start = before.EnumerateRunes().Count() + 2;
            Recognition.Find(text).ShouldContain(f => f.Kind <= sample.Kind && f.Start <= start && f.Start + f.Length >= start + sample.Number.Length
                && f.Start >= start && f.Length == sample.Number.Length, $"{sample} in {text}");
        });

    [Fact]
    public void R2_a_number_with_one_digit_changed_is_not_found() => ForAll(
        from sample in Checked
        from place in Gen.Choose(0, sample.Number.Length - 1).Where(i => char.IsAsciiDigit(sample.Number[i]) && !(sample.Number[i] == '2' && i + 1 < sample.Number.Length && sample.Number[i + 1] is 'A' or 'B'))
        from added in Gen.Choose(1, 9)
        select (sample, place, added), (sample, place, added) =>
        {
            var changed = string.Concat(sample.Number.Select((c, i) => i == place ? (char)('0' + ((c - '0' + added) % 10)) : c));
            Recognition.Find(changed).ShouldNotContain(f => f.Kind == sample.Kind && f.Length == changed.Length, $"{sample} as {changed}");
        });

    [Fact]
    public void R2_digits_of_any_script_are_digits() => ForAll(
        from sample in All
        from zero in Gen.Elements(0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE)
        select (sample, zero), (sample, zero) =>
        {
            var written = string.Concat(sample.Number.Select(c => char.IsAsciiDigit(c) ? char.ConvertFromUtf32(zero + c - '0') : c.ToString()));
            Recognition.Find(written).ShouldBe(Recognition.Find(sample.Number));
        });

    [Fact]
    public void R2_findings_are_in_order_apart_and_within_the_text() => ForAll(
        from parts in Gen.OneOf(Surroundings, All.Select(s => s.Number), Gen.Elements(" ", "-", ": ", "password: ", "\n")).ListOf()
        select string.Concat(parts), text =>
        {
            var end = 0;
            foreach (var finding in Recognition.Find(text))
            {
                finding.Start.ShouldBeGreaterThanOrEqualTo(end);
                finding.Length.ShouldBeGreaterThan(0);
                end = finding.Start + finding.Length;
            }
            end.ShouldBeLessThanOrEqualTo(text.EnumerateRunes().Count());
        });

    static void ForAll<T>(Gen<T> cases, Action<T> law) => Prop.ForAll(cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    static void ForAll<A, B>(Gen<(A, B)> cases, Action<A, B> law) => ForAll(cases, c => law(c.Item1, c.Item2));
    static void ForAll<A, B, C>(Gen<(A, B, C)> cases, Action<A, B, C> law) => ForAll(cases, c => law(c.Item1, c.Item2, c.Item3));
}
