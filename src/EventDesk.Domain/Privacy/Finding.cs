namespace EventDesk.Domain.Privacy;

/// <summary>What should not stand in a ticket. Of two that overlap, the one named first here gives its name.</summary>
public enum FindingKind
{
    /// <summary>A private key in PEM form.</summary>
    PrivateKey,

    /// <summary>An access key or token of a well-known shape, or a long one named as such.</summary>
    AccessKey,
    Iban,
    PaymentCard,

    /// <summary>France: numéro d'inscription au répertoire.</summary>
    Nir,

    /// <summary>Finland: henkilötunnus.</summary>
    Henkilotunnus,

    /// <summary>Spain: documento nacional de identidad.</summary>
    Dni,

    /// <summary>Spain: número de identidad de extranjero.</summary>
    Nie,

    /// <summary>Sweden: personnummer or samordningsnummer.</summary>
    Personnummer,

    /// <summary>Poland: numer PESEL.</summary>
    Pesel,

    /// <summary>United States: social security number.</summary>
    Ssn,

    /// <summary>A password: whatever follows the word for it.</summary>
    Password,
}

/// <summary>Where something stands that should not. It never holds the passage itself.</summary>
/// <param name="Start">Unicode code points before the passage: an emoji is one, although it is two chars of a string.</param>
/// <param name="Length">In Unicode code points.</param>
public readonly record struct Finding(FindingKind Kind, int Start, int Length)
{
    internal int End => Start + Length;
}

/// <summary>How far a passage speaks for itself.</summary>
enum Evidence
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>So many ordinary numbers look like it that it counts only where a word before names it.</summary>
    Named,

    /// <summary>Its shape and check digits suffice.</summary>
    Alone,
}
