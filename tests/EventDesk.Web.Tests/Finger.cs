using Microsoft.Playwright;

namespace EventDesk.Web.Tests;

/// <summary>A finger on the screen, as the browser itself would feel it: its touches scroll, or are taken by the page.</summary>
sealed class Finger(IPage page, ICDPSession session)
{
    float x, y;

    Task Send(string type, bool on = true) => session.SendAsync("Input.dispatchTouchEvent",
        new() { ["type"] = type, ["touchPoints"] = on ? new[] { new { x, y } } : [] });

    public Task<double> Scrolled() => page.EvaluateAsync<double>("() => scrollY");

    async Task GoTo(ILocator where)
    {
        var box = await where.BoundingBoxAsync() ?? throw new InvalidOperationException($"{where} is not to be seen.");
        (x, y) = (box.X + box.Width / 2, box.Y + box.Height / 2);
    }

    public async Task Press(ILocator where)
    {
        await GoTo(where);
        await Send("touchStart");
    }

    public Task MoveBy(float across, float down)
    {
        (x, y) = (x + across, y + down);
        return Send("touchMove");
    }

    public async Task MoveTo(ILocator where)
    {
        await GoTo(where);
        await Send("touchMove");
    }

    /// <summary>To just above what stands at the screen's lower edge.</summary>
    public async Task MoveToEdge(ILocator where)
    {
        y = (await where.BoundingBoxAsync())!.Y - 4;
        await Send("touchMove");
    }

    public Task Lift() => Send("touchEnd", on: false);

    public Task Cancel() => Send("touchCancel", on: false);
}
