using System.Collections.Frozen;
using EventDesk.Domain.Organisation;
using NodaTime;

namespace EventDesk.Server.Api;

/// <summary>The words of the opening hours in one language; a language nobody has translated them into gets the English ones.</summary>
sealed record HoursWords
{
    static readonly FrozenDictionary<string, HoursWords> All = Translations().ToFrozenDictionary(w => w.Tag);

    /// <summary>BCP 47.</summary>
    public required string Tag { get; init; }
    public string Direction { get; init; } = "ltr";
    public required string Title { get; init; }
    public required string Open { get; init; }
    public required string Closed { get; init; }
    public required string Unknown { get; init; }
    public required string Closes { get; init; }
    public required string Opens { get; init; }
    public required string AllDay { get; init; }
    public required string ClosedAllDay { get; init; }
    public required string KnownDays { get; init; }
    public required string OtherDates { get; init; }
    public required string Zone { get; init; }
    public required string Contact { get; init; }
    public required string Everything { get; init; }
    public required string Nothing { get; init; }

    /// <summary>Monday first.</summary>
    public required string[] Days { get; init; }

    /// <summary>In the order of <see cref="SupportOrganisation.KnownChannels"/>.</summary>
    public required string[] Channels { get; init; }

    /// <summary>Yes, no, coming soon.</summary>
    public required string[] Answers { get; init; }

    public string Day(IsoDayOfWeek day) => Days[(int)day - 1];

    public string Channel(string channel) => SupportOrganisation.KnownChannels.Zip(Channels).First(c => c.First == channel).Second;

    public string Is(Availability availability) => Answers[(int)availability];

    /// <summary>By the language alone: <c>pt-BR</c> takes what there is for <c>pt</c>.</summary>
    public static HoursWords In(string language) => All.TryGetValue(language.Split('-')[0].ToLowerInvariant(), out var words) ? words : All["en"];

    static IEnumerable<HoursWords> Translations() =>
    [
        new()
        {
            Tag = "en", Title = "Opening hours", Open = "Open now.", Closed = "Closed now.", Unknown = "Hours not published.", Closes = "Closes:", Opens = "Opens:",
            AllDay = "round the clock", ClosedAllDay = "closed", KnownDays = "Open on these days, at hours that are not published:", OtherDates = "Other hours on",
            Zone = "Times in", Contact = "How to reach us", Everything = "All", Nothing = "There is nothing to show.",
            Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
            Channels = ["Help pages", "Portal", "Chat", "Phone", "E-mail"], Answers = ["yes", "no", "coming soon"],
        },
        new()
        {
            Tag = "sv", Title = "Öppettider", Open = "Öppet nu.", Closed = "Stängt nu.", Unknown = "Öppettiderna är inte publicerade.", Closes = "Stänger:", Opens = "Öppnar:",
            AllDay = "dygnet runt", ClosedAllDay = "stängt", KnownDays = "Öppet dessa dagar, på tider som inte är publicerade:", OtherDates = "Avvikande öppettider",
            Zone = "Tider i", Contact = "Så når du oss", Everything = "Alla", Nothing = "Det finns inget att visa.",
            Days = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
            Channels = ["Hjälpsidor", "Portal", "Chatt", "Telefon", "E-post"], Answers = ["ja", "nej", "kommer snart"],
        },
        new()
        {
            Tag = "fi", Title = "Aukioloajat", Open = "Avoinna nyt.", Closed = "Suljettu nyt.", Unknown = "Aukioloaikoja ei ole julkaistu.", Closes = "Sulkeutuu:", Opens = "Aukeaa:",
            AllDay = "ympäri vuorokauden", ClosedAllDay = "suljettu", KnownDays = "Avoinna näinä päivinä, kellonaikoja ei ole julkaistu:", OtherDates = "Poikkeavat aukioloajat",
            Zone = "Ajat vyöhykkeellä", Contact = "Yhteystavat", Everything = "Kaikki", Nothing = "Ei näytettävää.",
            Days = ["maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"],
            Channels = ["Ohjesivut", "Portaali", "Chat", "Puhelin", "Sähköposti"], Answers = ["kyllä", "ei", "tulossa"],
        },
        new()
        {
            Tag = "de", Title = "Öffnungszeiten", Open = "Jetzt geöffnet.", Closed = "Jetzt geschlossen.", Unknown = "Zeiten nicht veröffentlicht.", Closes = "Schließt:", Opens = "Öffnet:",
            AllDay = "rund um die Uhr", ClosedAllDay = "geschlossen", KnownDays = "An diesen Tagen geöffnet, zu nicht veröffentlichten Zeiten:", OtherDates = "Abweichende Zeiten",
            Zone = "Zeiten in", Contact = "So erreichen Sie uns", Everything = "Alle", Nothing = "Hier gibt es nichts zu zeigen.",
            Days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
            Channels = ["Hilfeseiten", "Portal", "Chat", "Telefon", "E-Mail"], Answers = ["ja", "nein", "demnächst"],
        },
        new()
        {
            Tag = "es", Title = "Horario de atención", Open = "Abierto ahora.", Closed = "Cerrado ahora.", Unknown = "Horario no publicado.", Closes = "Cierra:", Opens = "Abre:",
            AllDay = "las 24 horas", ClosedAllDay = "cerrado", KnownDays = "Abierto estos días, en un horario no publicado:", OtherDates = "Horarios especiales",
            Zone = "Horas en", Contact = "Cómo contactarnos", Everything = "Todos", Nothing = "No hay nada que mostrar.",
            Days = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
            Channels = ["Páginas de ayuda", "Portal", "Chat", "Teléfono", "Correo electrónico"], Answers = ["sí", "no", "próximamente"],
        },
        new()
        {
            Tag = "fr", Title = "Horaires d’ouverture", Open = "Ouvert actuellement.", Closed = "Fermé actuellement.", Unknown = "Horaires non publiés.", Closes = "Ferme :", Opens = "Ouvre :",
            AllDay = "24 heures sur 24", ClosedAllDay = "fermé", KnownDays = "Ouvert ces jours-là, à des heures non publiées :", OtherDates = "Horaires particuliers",
            Zone = "Heures de", Contact = "Nous contacter", Everything = "Tous", Nothing = "Il n’y a rien à afficher.",
            Days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
            Channels = ["Pages d’aide", "Portail", "Chat", "Téléphone", "E-mail"], Answers = ["oui", "non", "bientôt"],
        },
        new()
        {
            Tag = "ar", Direction = "rtl", Title = "ساعات العمل", Open = "مفتوح الآن.", Closed = "مغلق الآن.", Unknown = "ساعات العمل غير منشورة.", Closes = "يغلق:", Opens = "يفتح:",
            AllDay = "على مدار الساعة", ClosedAllDay = "مغلق", KnownDays = "مفتوح في هذه الأيام في ساعات غير منشورة:", OtherDates = "مواعيد استثنائية",
            Zone = "الأوقات بتوقيت", Contact = "طرق التواصل", Everything = "الكل", Nothing = "لا يوجد ما يُعرض.",
            Days = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
            Channels = ["صفحات المساعدة", "البوابة", "الدردشة", "الهاتف", "البريد الإلكتروني"], Answers = ["نعم", "لا", "قريبًا"],
        },
        new()
        {
            Tag = "pl", Title = "Godziny pracy", Open = "Teraz otwarte.", Closed = "Teraz zamknięte.", Unknown = "Godziny nie są opublikowane.", Closes = "Zamknięcie:", Opens = "Otwarcie:",
            AllDay = "całą dobę", ClosedAllDay = "zamknięte", KnownDays = "Otwarte w te dni, w godzinach, które nie są opublikowane:", OtherDates = "Inne godziny",
            Zone = "Czas:", Contact = "Kontakt", Everything = "Wszystkie", Nothing = "Nie ma czego pokazać.",
            Days = ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"],
            Channels = ["Strony pomocy", "Portal", "Czat", "Telefon", "E-mail"], Answers = ["tak", "nie", "wkrótce"],
        },
    ];
}
