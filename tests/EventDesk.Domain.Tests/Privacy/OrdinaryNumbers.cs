namespace EventDesk.Domain.Tests.Privacy;

/// <summary>
/// Numbers as they stand in tickets, uniformly random within their form: nothing is done to keep their digits from looking like those of a card
/// or a person, and where the form has a check digit of its own (EAN, IMEI, SIRET, OCR, organisation numbers), it is right.
/// </summary>
sealed class OrdinaryNumbers(Random random)
{
    public string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)('0' + random.Next(i == 0 ? 1 : 0, 10))));
    string Of(string letters, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => letters[random.Next(letters.Length)]));
    public T One<T>(params T[] of) => of[random.Next(of.Length)];
    public int Number(int from, int to) => random.Next(from, to);
    DateTime Moment => new DateTime(2023, 11, 1).AddSeconds(random.Next(90_000_000));
    string Hex(int count) => Of("0123456789abcdef", count);

    /// <summary># is a digit, @ a capital, anything else itself.</summary>
    public string Form(string form) => string.Concat(form.Select(c => c == '#' ? Digits1 : c == '@' ? Of("ABCDEFGHJKLMNPRSTUVWXYZ", 1) : c.ToString()));
    string Digits1 => random.Next(10).ToString();

    public string Order() => One(
        () => Digits(16), () => Digits(16), () => Digits(10), () => Digits(10), () => Digits(12), () => Digits(8), () => Digits(13), () => Digits(11), () => Digits(15), () => Digits(9),
        () => Form("ORD-2024-######"), () => $"{Moment:yyMMdd}-{Form("####")}", () => $"{Moment:yyyyMMdd}-{Form("####")}", () => $"{Moment:yyMMdd}{Form("####")}", () => Form("403-#######-#######"),
        () => Form("########@"), () => Form("#### #### ####"), () => Form("#### #### #### ####"), () => Form("@########"), () => Form("###-##-####-#"))();

    public string Ticket() => One(() => Digits(5), () => Form("INC#######"), () => $"{Moment:yyyyMMdd}{Form("######")}", () => Form("2024########"), () => $"{Moment:yyMMdd}-{Form("####")}", () => Form("#-##########"))();

    public string Phone(string language) => language switch
    {
        "pl" => Form(One("+48 ### ### ###", "5## ### ###", "48#########", "(22) ### ## ##", "22 ### ## ##", "+48#########")),
        "de" => Form(One("+49 30 #######", "0151 ########", "030/#######", "0171-#######", "+49 (0)89 ######-##", "0151########", "030 ### ## ##")),
        "fr" => Form(One("06 ## ## ## ##", "+33 6 ## ## ## ##", "01.##.##.##.##", "06########", "0033 1 ## ## ## ##")),
        "es" => Form(One("6## ## ## ##", "+34 6## ### ###", "91 ### ## ##", "6########", "6## ### ###")),
        "sv" => Form(One("070-### ## ##", "+46 70 ### ## ##", "08-### ### ##", "070#######", "046-## ## ##", "0######-####")),
        "fi" => Form(One("040 ### ####", "+358 40 ### ####", "09 ### ####", "0401######", "050-#######", "045 ### ## ##")),
        "ar" => Arabic(Form(One("05########", "+966 5# ### ####", "011 ### ####", "05# ### ####"))),
        _ => Form(One("(555) ###-####", "555-###-####", "1-800-###-####", "+44 20 #### ####", "07### ######", "+1 415 ### ####", "415.###.####", "1415#######")),
    };

    string Arabic(string text) => random.Next(2) == 0 ? text : string.Concat(text.Select(c => char.IsAsciiDigit(c) ? (char)('٠' + c - '0') : c));

    public string Tracking() => One(
        () => Form("1Z@#@####@########"), () => Form("JJD00############"), () => Form("00340###############"), () => Form("94############################")[..22], () => Form("9400 #### #### #### #### ##"),
        () => Form("#### #### ####"), () => Digits(12), () => Digits(14), () => Digits(10), () => Digits(20), () => Form("RR#########SE"), () => Form("LX#########PL"), () => Digits(24), () => Form("JV##########FI"), () => Form("@@###########"))();

    public string Date() => One(() => $"{Moment:yyyy-MM-dd}", () => $"{Moment:dd.MM.yyyy}", () => $"{Moment:dd/MM/yyyy}", () => $"{Moment:d.M.yyyy} {Moment:HH:mm}", () => $"{Moment:yyyy-MM-ddTHH:mm:ssZ}", () => $"{Moment:yyMMdd}")();

    public string Amount() => One(() => Form("#### ###,## €"), () => Form("1.###.###,## EUR"), () => Form("$#,###.##"), () => Form("### ### kr"), () => Form("12 ### ### PLN"), () => $"{Digits(11)} SAR", () => Form("##,## €"))();

    public string Address(string language) => language switch
    {
        "pl" => Form("ul. Długa 1#/##, 00-### Warszawa"),
        "de" => Form("Hauptstraße ##, 1#### Berlin"),
        "fr" => Form("##, rue de la Paix, 750## Paris"),
        "es" => Form("Calle Mayor ##, 28### Madrid"),
        "sv" => Form("Storgatan ##, 11# ## Stockholm"),
        "fi" => Form("Mannerheimintie ## A ##, 00### Helsinki"),
        "ar" => Form("شارع الملك فهد ####، الرياض #####"),
        _ => Form("12## Main Street, Springfield, IL 6####-####"),
    };

    public string Company() => One(
        () => $"SIRET {Numbers.WithLuhn(Digits(13))}", () => $"OCR: {Numbers.WithLuhn(Digits(random.Next(9, 19)))}", () => $"org.nr {Numbers.WithLuhn(Form("55####") + Form("###")).Insert(6, "-")}",
        () => Form("Y-tunnus #######-#"), () => Form("NIP ###-###-##-##"), () => Form("NIP ##########"), () => Form("USt-IdNr. DE#########"), () => Form("CIF B########"), () => Form("VAT GB### #### ##"), () => Form("REGON #########"),
        () => $"Bankgiro {Form("####-####")}", () => Form("RF18 5390 0754 ####"), () => Form("KRS 0000######"), () => Form("viite 1 ##### ##### #####"))();

    public string Device() => One(
        () => $"IMEI {Numbers.WithLuhn("35" + Form("############"))}", () => $"ICCID {Numbers.WithLuhn("8946" + Form("##############"))}", () => $"EAN {Ean("40" + Form("##########"))}", () => Ean("59" + Form("##########")),
        () => Form("S/N @@#######@"), () => Form("SN: 4###############"), () => string.Join(':', Enumerable.Range(0, 6).Select(_ => Hex(2))), () => Form("Model @@-##### v#.##.####"), () => Form("@@@@@-@####-#@@@#-####@"), () => Form("ISBN 978-3-##-######-#"))();

    static string Ean(string twelve) => twelve + ((10 - (twelve.Select((c, i) => (c - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10)) % 10);

    public string Uuid() => new Guid(Convert.FromHexString(Hex(32))).ToString(One("D", "N", "B"));

    public string Log() => One(
        () => $"{Moment:yyyy-MM-dd HH:mm:ss},{Form("###")} ERROR [http-nio-8080-exec-{Digits1}] c.e.s.OrderService - order {Digits(16)} failed after {Digits(5)} ms\n\tat com.example.shop.OrderService.pay(OrderService.java:{Digits(3)})\n\tat java.base/java.lang.Thread.run(Thread.java:1583)",
        () => $"System.InvalidOperationException: Sequence contains no elements\n   at Shop.Basket.Load(Int64 id) in /src/Shop/Basket.cs:line {Digits(3)}\n   at Shop.Api.<>c__DisplayClass{Digits1}_0.<<Map>b__{Digits1}>d.MoveNext()\nrequest {Uuid()} took {Digits(4)} ms",
        () => $"Traceback (most recent call last):\n  File \"/srv/app/{Hex(8)}/main.py\", line {Digits(3)}, in <module>\nKeyError: '{Digits(16)}'",
        () => $"{{\"level\":\"error\",\"ts\":{Form("17########")}.{Form("######")},\"traceId\":\"{Hex(32)}\",\"spanId\":\"{Hex(16)}\",\"orderId\":{Digits(16)},\"customer\":{Digits(10)},\"amount\":0.{Digits(16)}}}",
        () => $"{Form("17########")} {Form("17###########")} {Form("17################")} pid {Digits(5)} 0x{Hex(12)} {Form("10.##.##.1##")}:{Digits(5)} -> {Form("192.168.#.2#")}:5432",
        () => $"duplicate key value violates unique constraint \"pk_order\"\nDETAIL: Key (id)=({Digits(16)}) already exists.",
        () => $"GET /api/orders/{Digits(16)}/items?page={Digits1}&ts={Form("17###########")} HTTP/1.1\" 500 {Digits(4)} \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Chrome/{Form("1##.0.####.###")}\"",
        () => $"TypeError: undefined is not a function (bundle.{Hex(8)}.js:1:{Digits(6)})\nuser={Digits(17)} session={Uuid()} build {Moment:yyyyMMddHHmmss}",
        () => $"backup-{Moment:yyyyMMdd-HHmm}.tar.gz {Digits(11)} bytes sha256:{Hex(64)}",
        () => $"kernel: [{Form("######.######")}] nvme0: I/O {Digits(3)} QID {Digits1} timeout, completion polled; fe80::{Hex(4)}:{Hex(4)}:{Hex(4)}:{Hex(4)}",
        () => $"id;order;qty;sum\n{Digits(8)};{Digits(16)};{Digits1};{Form("###,##")}\n{Digits(8)};{Digits(16)};{Digits1};{Form("###,##")}",
        () => $"password authentication failed for user \"app{Digits(2)}\" (ports 5432 5433 5434 5435), retry in {Digits(2)} s",
        () => $"{Moment:yyyyMMddHHmm} {Digits(12)} {Digits(10)} OK {Form("52.#######")}, {Form("21.#######")}",
        () => $"https://shop.example.com/p/{Digits(13)}?sku={Form("@@-######")}&utm_id={Digits(15)}#{Hex(7)}",
        () => $"commit {Hex(40)} ({Hex(8)}), image app@sha256:{Hex(64)}, float {Form("1.################")}E+{Digits(2)}",
        () => $"discord {Digits(18)}, message {Digits(19)}, rows {Digits(9)}, 2021 2022 2023 2024 {Digits(4)} {Digits(4)} {Digits(4)} {Digits(4)}")();

    public string Fill(string template, string language)
    {
        foreach (var (field, value) in new (string, Func<string>)[]
        {
            ("{order}", Order), ("{ticket}", Ticket), ("{phone}", () => Phone(language)), ("{track}", Tracking), ("{date}", Date), ("{amount}", Amount),
            ("{address}", () => Address(language)), ("{company}", Company), ("{device}", Device), ("{uuid}", Uuid), ("{log}", Log), ("{n}", () => Digits(random.Next(1, 4))),
        })
            while (template.Contains(field, StringComparison.Ordinal))
                template = template.Remove(template.IndexOf(field, StringComparison.Ordinal), field.Length).Insert(template.IndexOf(field, StringComparison.Ordinal), value());
        return template;
    }
}
