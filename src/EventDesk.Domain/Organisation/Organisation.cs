namespace EventDesk.Domain.Organisation;

/// <summary>Product × language, with the lines of people behind it.</summary>
/// <param name="Retired">Takes no new tickets; the old ones keep it.</param>
/// <param name="FirstLineTarget">The share of tickets its first line is to solve by itself, of those that were not sent past it.</param>
public sealed record Desk(string Product, string Language, string? Name = null, bool Retired = false, double? FirstLineTarget = null)
{
    public DeskId Id => DeskId.Of(Product, Language);
}

public sealed record Product(string Id, string Name);

/// <param name="Id">BCP 47: <c>en</c>, <c>ar</c>.</param>
public sealed record Language(string Id, string Name);

/// <summary>Who supports what, in which language.</summary>
public sealed record SupportOrganisation(IReadOnlyList<Product> Products, IReadOnlyList<Language> Languages, IReadOnlyList<Desk> Desks)
{
    public Desk? Find(string product, string language) => Desks.FirstOrDefault(d => d.Product == product && d.Language == language);

    /// <summary>What is wrong with it, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var twice in Desks.GroupBy(d => d.Id).Where(g => g.Count() > 1))
            yield return $"Desk {twice.Key} is given {twice.Count()} times.";
        foreach (var desk in Desks)
        {
            if (Products.All(p => p.Id != desk.Product)) yield return $"Desk {desk.Id} names the unknown product \"{desk.Product}\".";
            if (Languages.All(l => l.Id != desk.Language)) yield return $"Desk {desk.Id} names the unknown language \"{desk.Language}\".";
        }
    }
}
