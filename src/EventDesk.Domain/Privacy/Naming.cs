using System.Collections.Frozen;

namespace EventDesk.Domain.Privacy;

/// <summary>What the words before a number call it.</summary>
enum Naming
{
    /// <summary>They say nothing of it.</summary>
    Bare,

    /// <summary>They name it as what it was taken for.</summary>
    Named,

    /// <summary>They name it as something ordinary: an order, a phone, a parcel.</summary>
    Ordinary,
}

/// <summary>
/// Reads the few words that stand before a number in the same sentence. The nearest one that says anything decides about ordinary things; a name of
/// the kind itself may stand a little further off ("my card, the blue one, is …").
/// </summary>
static class Namings
{
    const int MostWords = 6, MostChars = 80;

    /// <summary>Words between a number and its name, in the languages of the desks.</summary>
    static readonly FrozenSet<string> Fillers = Words("""
        no nr nº nro num number numer numero numeru numerze nummer nummern numret numéro número numeroni numeron numerot numbers kod code
        is was the of my our your for ist die der das den dem mein meine meiner unser unsere vom von lautet jest to mój moja moje nasz o z dla na
        est le la les du de des mon ma mes notre nos es el los las del mi mis nuestro nuestra är min mitt vårt vår för av on minun meidän
        und and och ja y e i et oder or lub ou o tai eller hash
        رقم هو هي الرقم رقمي و
        """);

    /// <summary>Short words for ordinary numbers, matched whole.</summary>
    static readonly FrozenSet<string> Ordinary = Words("""
        id ids ref refs réf case cases tel fax ean gtin isbn sku imei imsi iccid uuid guid sn mac ip pid tid ts time epoch port ports lot batch vat nip regon krs org
        siret siren ocr kid build span trace parcel ups dhl fedex usps gls dpd awb rma po fall size bytes amount betrag total summe kwota montant importe
        belopp summa sum offset seq lsn row rows cid oid sid mobil handy paket kolli colis paczka saldo
        """);

    /// <summary>Stems of words for ordinary numbers, wherever they stand in a word: compounds and inflections are many.</summary>
    static readonly string[] OrdinaryStems =
    [
        // en and shared
        "order", "invoice", "track", "shipment", "delivery", "ticket", "request", "transaction", "reference", "receipt", "serial", "phone", "mobile", "timestamp",
        "session", "version", "device", "article", "product", "contract", "licen", "policy", "booking", "reserv", "incident", "customernumber", "customerno",
        "customerid", "clientid", "userid", "messageid", "correlation", "thread", "process", "barcode", "meter", "checksum", "error",
        // de
        "bestell", "auftrag", "rechnung", "sendung", "lieferung", "vorgang", "beleg", "vertrag", "zähler", "telefon", "serien", "artikel", "referenz", "anfrage",
        "gerät", "fehler", "buchung", "kundennummer", "kundennr", "zeitstempel",
        // pl
        "zamówien", "zamowien", "faktur", "przesył", "przesyl", "paczk", "zgłoszen", "zgloszen", "umow", "telefon", "komórk", "seryjn", "licznik", "transakc",
        "rezerwac", "błąd", "bled", "artykuł",
        // fr
        "commande", "factur", "suivi", "dossier", "téléphone", "portable", "contrat", "référence", "reference", "réserv", "expédition", "erreur", "série",
        // es
        "pedido", "envío", "envio", "seguimiento", "paquete", "incidencia", "teléfono", "móvil", "contrato", "referencia", "artículo", "albarán", "serie",
        // sv
        "beställ", "spårning", "försändelse", "ärende", "avtal", "bokning", "kundnummer", "kundnr", "organisationsn", "orgnr", "referens", "leverans",
        // fi
        "tilau", "lasku", "seuranta", "lähety", "tiket", "puhelin", "sopimu", "sarjan", "viite", "tuote", "varau", "asiakasn", "aikaleima",
        // ar
        "طلب", "فاتور", "شحن", "تتبع", "تذكر", "هاتف", "جوال", "عقد", "مرجع", "تسلسل", "حجز",
    ];

    /// <summary>They make the number before them an amount.</summary>
    static readonly FrozenSet<string> Units = Words("b byte bytes octets bajtów kb mb gb kib mib ms ns µs s sec seconds rows eur usd gbp pln sar sek kr zł chf euro euros dollars");

    /// <summary>The text, which begins behind a number, says what it counts.</summary>
    public static bool IsMeasured(ReadOnlySpan<char> text)
    {
        const int longest = 10;
        text = text[..Math.Min(text.Length, longest)];
        if (text.Length < 2 || text[0] != ' ')
            return false;
        Span<char> lower = stackalloc char[longest];
        var end = 1;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
            end++;
        return text[1] is '€' or '$' or '£' || Units.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..text[1..end].ToLowerInvariant(lower)]);
    }

    /// <param name="length">Of the number, in chars.</param>
    /// <param name="names">Stems, in lower case, of the words for its kind.</param>
    public static Naming Of(ReadOnlySpan<char> text, int start, int length, string[] names)
    {
        var (at, first, words) = (start, Math.Max(0, start - MostChars), 0);
        var (lines, sentenceEnded, speaks) = (0, false, true);
        Span<char> lower = stackalloc char[MostChars];
        while (at > first && words < MostWords)
        {
            var c = text[at - 1];
            if (!char.IsLetterOrDigit(c))
            {
                if ((c == '\n' && ++lines > 1) || c is '!' or '?')
                    return Naming.Bare;
                sentenceEnded |= c == '.';
                at--;
                continue;
            }
            var end = at;
            while (at > first && char.IsLetterOrDigit(text[at - 1]))
                at--;
            var word = lower[..text[at..end].ToLowerInvariant(lower)];
            if (CheckDigits.AreDigits(word))
            {
                // Another number has a name of its own, but one as long on the same line shares it: a list.
                if (lines > 0 || word.Length != Digits(text.Slice(start, length)))
                    speaks = false;
                continue;
            }
            words++;
            if (Fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
            {
                sentenceEnded = false;
                continue;
            }
            if (sentenceEnded && !IsAbbreviation(word))
                return Naming.Bare;
            if (Contains(word, names))
                return Naming.Named;
            if (speaks && IsOrdinary(word))
                return Naming.Ordinary;
            speaks = false;
        }
        return Naming.Bare;
    }

    /// <summary><c>tel. 040 …</c> and <c>Bestellnr. 17</c> are no ends of sentences.</summary>
    static bool IsAbbreviation(ReadOnlySpan<char> word) => word.Length < 4 || word.EndsWith("nr", StringComparison.Ordinal);

    static int Digits(ReadOnlySpan<char> number) => number.Length - number.CountAny([' ', '-', '.', '+']);

    static bool IsOrdinary(ReadOnlySpan<char> word) => Ordinary.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) || Contains(word, OrdinaryStems);

    static bool Contains(ReadOnlySpan<char> word, string[] stems)
    {
        foreach (var stem in stems)
            if (word.Contains(stem, StringComparison.Ordinal))
                return true;
        return false;
    }

    static FrozenSet<string> Words(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
