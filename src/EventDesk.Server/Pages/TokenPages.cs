using System.Globalization;
using EventDesk.Domain.Access;
using EventDesk.Domain.Tickets;
using EventDesk.Server.Api;
using EventDesk.Service.Access;
using EventDesk.Web;
using EventDesk.Web.Pages;

namespace EventDesk.Server.Pages;

/// <summary>Tokens: issued, looked over, revoked. The text of one stands on the page that answers its form and on no other.</summary>
static class TokenPages
{
    const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tokens", (House house, ApiTokens tokens, Viewers viewers, CancellationToken ct) => List(house, tokens, viewers, null, null, ct)).For(Operation.ManageTokens);
        pages.MapPost("/tokens", Issue).For(Operation.ManageTokens);
        pages.MapPost("/tokens/{token}/revocation", Revoke).For(Operation.ManageTokens);
    }

    /// <summary>The newest first.</summary>
    static async Task<IResult> List(House house, ApiTokens tokens, Viewers viewers, IssuedText? issued, (FormReply Reply, int Status)? replied, CancellationToken ct)
    {
        var (query, now) = (house.Http.Request.Query, house.Clock.GetUtcNow());
        var all = query["all"] == "yes";
        List<TokenLine> found =
        [
            .. (await tokens.List(Guid.Empty, int.MaxValue, ct)).Reverse()
                .Select(t => new TokenLine(t.Id, t.Name, t.Roles, t.Desks, t.Created, t.CreatedBy, t.Expires, t.RevokedAt, t.RevokedAt is null && now < t.Expires))
                .Where(t => all || t.Working),
        ];
        var rest = Guid.TryParseExact(query["after"].ToString(), "D", out var after) ? found.SkipWhile(t => t.Id != after).Skip(1).ToList() : found;
        var further = rest.Count <= PageSize ? null : "/tokens" + QueryString.Create(new Dictionary<string, string?> { ["all"] = all ? "yes" : "", ["after"] = rest[PageSize - 1].Id.ToString() });
        house.Http.Response.Headers.CacheControl = "no-store";
        return PageResults.Of<TokensPage>(
            viewers.Of(house.Http), nameof(TokensPage.Screen), new TokenScreen(all, [.. rest.Take(PageSize)], PeopleScreens.Desks(house), further, issued, replied?.Reply),
            replied?.Status ?? StatusCodes.Status200OK);
    }

    static async Task<IResult> Issue(House house, ApiTokens tokens, Viewers viewers, CancellationToken ct)
    {
        if (await FormFields.Read(house.Http, ct) is not { } form)
            return Problems.MalformedRequest("It is no form of ours.");
        var ask = new TokenRequest
        {
            Name = form["name"].Trim(), Roles = form.Ticked<Role>("roles"), Desks = form.Text("desks") is null ? null : [.. form.Words("desks")], CustomerEmail = form.Text("customerEmail")?.Trim(),
            Lines = form.Text("lines") is null ? null : form.Ticked<SupportLine>("lines"),
            ExpiresInDays = int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0,
        };
        ask.Check(form.Faults);
        if (form.Faults.Found.Count > 0)
            return await List(house, tokens, viewers, null, FormReplied.Faulty("issue", form), ct);
        var key = form.Once is { } once ? IdempotencyKey.Of(once, form.Asker, nameof(Operation.ManageTokens), "", form.Digest) : null;
        var (issued, problem) = await TokenEndpoints.Make(ask, null, key, tokens, house, ct);
        return issued is not null
            ? await List(house, tokens, viewers, new(issued.Token.Name, issued.Text), null, ct)
            : await List(house, tokens, viewers, null, FormReplied.Of("issue", form, problem!), ct);
    }

    static async Task<IResult> Revoke(string token, House house, ApiTokens tokens, CancellationToken ct) =>
        Guid.TryParseExact(token, "D", out var id) && await tokens.Revoke(id, PeopleEndpoints.By(house.Http), PeopleEndpoints.Trace(), ct)
            ? PageResults.SeeOther("/tokens")
            : Problems.NoSuch("token_not_found", "token");
}
