using EventDesk.Service.Importing;
using EventDesk.Testing;

namespace EventDesk.Service.Tests.Importing;

static class ImportFiles
{
    public static Mapping Mapping(string name) => Service.Importing.Mapping.Parse(File.ReadAllBytes(Checkout.Mapping(name)));
}
