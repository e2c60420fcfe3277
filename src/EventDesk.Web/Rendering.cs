using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace EventDesk.Web;

/// <summary>Turns a page or a part of one into HTML: the same components for a whole page, a part that a script asks for, and a part that is pushed.</summary>
public static class Rendering
{
    /// <param name="parameters">Of the component, by name.</param>
    public static async Task<string> Html<T>(IServiceProvider services, ILoggerFactory logs, IReadOnlyDictionary<string, object?> parameters) where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(new Dictionary<string, object?>(parameters)));
            return root.ToHtmlString();
        });
    }
}
