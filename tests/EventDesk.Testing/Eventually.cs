using System.Diagnostics;

namespace EventDesk.Testing;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Eventually
{
    public static Task Be(Func<bool> condition, string what, TimeSpan? within = null) =>
        Be(() => Task.FromResult(condition()), what, within);

    /// <param name="what">Completes the sentence "It did not happen that …".</param>
    /// <param name="within">10 seconds unless told.</param>
    public static async Task Be(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            if (waited.Elapsed > limit)
                throw new TimeoutException($"It did not happen within {limit.TotalSeconds:0.#} s that {what}.");
    }

    /// <summary>Repeats an assertion until it holds; its last failure is the test's.</summary>
    public static async Task Hold(Func<Task> assertion, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(5))
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (waited.Elapsed < limit)
            {
            }
    }
}
