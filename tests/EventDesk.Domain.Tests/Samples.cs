using System.Reflection;
using EventDesk.Domain.Tickets;

namespace EventDesk.Domain.Tests;

/// <summary>One instance of every event and every command type the domain has, filled with plain values.</summary>
static class Samples
{
    public static IReadOnlyList<TicketEvent> OneOfEveryEvent { get; } = [.. OneOfEvery<TicketEvent>()];
    public static IReadOnlyList<TicketCommand> OneOfEveryCommand { get; } = [.. OneOfEvery<TicketCommand>()];

    static IEnumerable<T> OneOfEvery<T>() => typeof(T).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract)
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (T)Make(t));

    static object Make(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType))]);
    }

    static object? Value(Type type) => type switch
    {
        _ when type == typeof(string) => "x",
        _ when type == typeof(SealedText) => new SealedText("x"),
        _ when type == typeof(Requester) => TicketSpec.Opened.Requester,
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => Array.CreateInstance(type.GenericTypeArguments[0], 0),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(0),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
