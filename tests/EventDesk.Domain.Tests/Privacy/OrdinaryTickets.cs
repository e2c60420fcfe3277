namespace EventDesk.Domain.Tests.Privacy;

/// <summary>Messages as customers and agents write them, in the languages of the desks, with nothing in them that should not be there.</summary>
static class OrdinaryTickets
{
    public static IEnumerable<string> Messages(int perLanguage, int seed)
    {
        var random = new Random(seed);
        var numbers = new OrdinaryNumbers(random);
        foreach (var (language, sentences) in Sentences)
            for (var i = 0; i < perLanguage; i++)
            {
                var chosen = Enumerable.Range(0, random.Next(2, 6)).Select(_ => sentences[random.Next(sentences.Length)]).Distinct();
                var message = string.Join(random.Next(3) == 0 ? "\n" : " ", chosen);
                if (random.Next(5) < 2)
                    message += "\n\n{log}";
                if (random.Next(4) == 0)
                    message += "\n-- \nKim\n{address}\n{phone}";
                yield return numbers.Fill(message, language);
            }
    }

    static readonly Dictionary<string, string[]> Sentences = new()
    {
        ["en"] =
        [
            "Hello, my order {order} has not arrived.", "Order number: {order}", "The parcel {track} is stuck since {date}.", "Please call me on {phone}.", "I was charged {amount} twice, see invoice {order}.",
            "I forgot my password and the reset link does not work.", "The password is wrong, it says: password must have 8-16 characters.", "It fails with error {n} for request {uuid}.", "This is about case {ticket}.",
            "The device {device} does not start.", "Reference {order}", "{order} {order} {amount}", "Our details: {company}", "I live at {address}.", "Nothing works since {date}, {n} people cannot log in.", "Phone: {phone}, order {order}",
            "Please look at {order}", "Tracking\n{track}", "My card was declined for order {order}.", "The password expired on {date}; Password: forgotten", "I have paid by card, {amount}, {date}.", "See {ticket} and {order}",
        ],
        ["de"] =
        [
            "Guten Tag, meine Bestellung {order} ist nicht da.", "Bestellnummer: {order}", "Die Sendung {track} hängt seit {date}.", "Bitte rufen Sie an: {phone}.", "Rechnung {order} über {amount} stimmt nicht.",
            "Ich habe mein Passwort vergessen.", "Das Passwort ist seit {date} abgelaufen.", "Fehler {n} bei Anfrage {uuid}.", "Es geht um Vorgang {ticket}.", "Das Gerät {device} startet nicht.", "Auftrag Nr. {order}", "Kundennummer {order}",
            "{company}", "Ich wohne in {address}.", "Sendungsverfolgung\n{track}", "Bitte prüfen Sie {order}.", "Passwort: vergessen", "Meine Karte wurde abgelehnt, Betrag {amount}.", "Tel. {phone}", "Zähler {order}, Stand {n}", "Siehe {ticket}, {order}",
        ],
        ["pl"] =
        [
            "Dzień dobry, moje zamówienie {order} nie dotarło.", "Numer zamówienia: {order}", "Przesyłka {track} stoi od {date}.", "Proszę dzwonić: {phone}.", "Faktura {order} na kwotę {amount} jest błędna.", "Zapomniałem hasła.",
            "Hasło jest nieprawidłowe od {date}.", "Błąd {n}, żądanie {uuid}.", "Chodzi o zgłoszenie {ticket}.", "Urządzenie {device} nie działa.", "nr {order}", "{company}", "Mieszkam: {address}.", "Paczka\n{track}", "Proszę sprawdzić {order}.",
            "Hasło: zapomniałem", "Karta została odrzucona, {amount}.", "tel. {phone}", "Umowa nr {order}", "Zobacz {ticket}, {order}",
        ],
        ["fr"] =
        [
            "Bonjour, ma commande {order} n'est pas arrivée.", "Numéro de commande : {order}", "Le colis {track} est bloqué depuis le {date}.", "Appelez-moi au {phone}.", "La facture {order} de {amount} est fausse.", "J'ai oublié mon mot de passe.",
            "Le mot de passe est incorrect depuis le {date}.", "Erreur {n}, requête {uuid}.", "C'est au sujet du dossier {ticket}.", "L'appareil {device} ne démarre pas.", "Réf. {order}", "{company}", "J'habite {address}.", "Suivi\n{track}",
            "Merci de vérifier {order}.", "Mot de passe : oublié", "Ma carte a été refusée, {amount}.", "Tél. {phone}", "Contrat {order}", "Voir {ticket}, {order}",
        ],
        ["es"] =
        [
            "Hola, mi pedido {order} no ha llegado.", "Número de pedido: {order}", "El paquete {track} está parado desde el {date}.", "Llámenme al {phone}.", "La factura {order} de {amount} es incorrecta.", "He olvidado mi contraseña.",
            "La contraseña es incorrecta desde el {date}.", "Error {n} en la petición {uuid}.", "Es sobre la incidencia {ticket}.", "El aparato {device} no arranca.", "Ref. {order}", "{company}", "Vivo en {address}.", "Seguimiento\n{track}",
            "Por favor miren {order} y {order}.", "Contraseña: olvidada", "Mi tarjeta fue rechazada, {amount}.", "Tel. {phone}", "Contrato {order}", "Ver {ticket}, {order}",
        ],
        ["sv"] =
        [
            "Hej, min beställning {order} har inte kommit.", "Ordernummer: {order}", "Paketet {track} står still sedan {date}.", "Ring mig på {phone}.", "Fakturan {order} på {amount} är fel.", "Jag har glömt mitt lösenord.",
            "Lösenordet är fel sedan {date}.", "Fel {n}, anrop {uuid}.", "Det gäller ärende {ticket}.", "Enheten {device} startar inte.", "Nr {order}", "{company}", "Jag bor på {address}.", "Spårning\n{track}", "Kan ni titta på {order}?",
            "Lösenord: glömt", "Mitt kort nekades, {amount}.", "Tel {phone}", "Avtal {order}", "Se {ticket}, {order}",
        ],
        ["fi"] =
        [
            "Hei, tilaukseni {order} ei ole tullut.", "Tilausnumero: {order}", "Paketti {track} on jumissa {date} alkaen.", "Soittakaa {phone}.", "Lasku {order}, {amount}, on väärin.", "Unohdin salasanani.", "Salasana on väärä {date} alkaen.",
            "Virhe {n}, pyyntö {uuid}.", "Asia koskee tikettiä {ticket}.", "Laite {device} ei käynnisty.", "Nro {order}", "{company}", "Osoite: {address}.", "Seuranta\n{track}", "Voitteko katsoa {order}?", "Salasana: unohtui", "Korttini hylättiin, {amount}.",
            "Puh. {phone}", "Sopimus {order}", "Katso {ticket}, {order}",
        ],
        ["ar"] =
        [
            "مرحبا، طلبي {order} لم يصل.", "رقم الطلب: {order}", "الشحنة {track} متوقفة منذ {date}.", "اتصلوا بي على {phone}.", "الفاتورة {order} بمبلغ {amount} خاطئة.", "نسيت كلمة المرور.", "كلمة المرور غير صحيحة منذ {date}.", "خطأ {n} في الطلب {uuid}.",
            "بخصوص التذكرة {ticket}.", "الجهاز {device} لا يعمل.", "رقم {order}", "{company}", "العنوان: {address}.", "التتبع\n{track}", "الرجاء مراجعة {order}.", "كلمة المرور: نسيت", "تم رفض بطاقتي، {amount}.", "هاتف {phone}", "العقد {order}", "انظر {ticket}، {order}",
        ],
    };
}
