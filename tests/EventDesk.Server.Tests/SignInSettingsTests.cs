using EventDesk.Server.SignIn;

namespace EventDesk.Server.Tests;

public sealed class SignInSettingsTests
{
    static readonly Dictionary<string, string> Whole = new()
    {
        ["EVENTDESK_OIDC_ISSUER"] = "https://login.example/", ["EVENTDESK_OIDC_CLIENT_ID"] = "eventdesk", ["EVENTDESK_PUBLIC_URL"] = "https://desk.example",
    };

    static SignInSettings From(params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string>(Whole);
        foreach (var (name, value) in changes)
            if (value is null)
                variables.Remove(name);
            else
                variables[name] = value;
        return Settings.From(variables.GetValueOrDefault).SignIn;
    }

    [Fact]
    public void S1_the_issuer_is_kept_to_the_letter_and_more_than_one_factor_is_asked_for_unless_told_otherwise()
    {
        var provider = From().Provider!;
        provider.Issuer.ShouldBe("https://login.example/");
        (provider.WithoutMfa, provider.ClientSecret).ShouldBe((false, null));
        provider.Amr.ShouldBe(["mfa"]);
        From().SecureCookies.ShouldBeTrue();
        From(("EVENTDESK_OIDC_ISSUER", null)).Provider.ShouldBeNull();
    }

    [Fact]
    public void S1_a_secret_comes_from_a_file_and_is_printed_nowhere()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "hush\n");
        var provider = From(("EVENTDESK_OIDC_CLIENT_SECRET_FILE", file)).Provider!;
        File.Delete(file);
        provider.ClientSecret.ShouldBe("hush");
        provider.ToString().ShouldNotContain("hush");
        $"{From(("EVENTDESK_OIDC_CLIENT_SECRET", "hush"))}".ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("EVENTDESK_OIDC_ISSUER", "http://login.example", "https")]
    [InlineData("EVENTDESK_OIDC_ISSUER", "login.example", "EVENTDESK_OIDC_ISSUER")]
    [InlineData("EVENTDESK_PUBLIC_URL", "http://desk.example", "https")]
    [InlineData("EVENTDESK_PUBLIC_URL", null, "EVENTDESK_PUBLIC_URL")]
    [InlineData("EVENTDESK_OIDC_CLIENT_ID", null, "EVENTDESK_OIDC_CLIENT_ID")]
    [InlineData("EVENTDESK_OIDC_WITHOUT_MFA", "true", "development only")]
    [InlineData("EVENTDESK_SESSION_HOURS", "9999", "EVENTDESK_SESSION_HOURS")]
    public void S1_settings_that_would_weaken_the_sign_in_are_refused_outside_development(string name, string? value, string told) =>
        Should.Throw<SettingsException>(() => From((name, value))).Message.ShouldContain(told);

    [Fact]
    public void S1_development_may_do_with_http_and_one_factor()
    {
        var settings = From(
            ("DOTNET_ENVIRONMENT", "Development"), ("EVENTDESK_OIDC_ISSUER", "http://127.0.0.1:5556/dex"), ("EVENTDESK_PUBLIC_URL", "http://127.0.0.1:8080"), ("EVENTDESK_OIDC_WITHOUT_MFA", "true"));
        settings.Provider!.WithoutMfa.ShouldBeTrue();
        settings.SecureCookies.ShouldBeFalse();
    }

    [Fact]
    public void S1_signed_tokens_need_somebody_who_signs_and_an_audience()
    {
        From().SignedTokens.ShouldBeNull();
        From(("EVENTDESK_JWT_AUDIENCE", "urn:api")).SignedTokens.ShouldBe(new SignedTokenSettings("https://login.example/", "urn:api"));
        From(("EVENTDESK_JWT_AUDIENCE", "urn:api"), ("EVENTDESK_JWT_ISSUER", "https://machines.example")).SignedTokens!.Issuer.ShouldBe("https://machines.example");
        Should.Throw<SettingsException>(() => From(("EVENTDESK_JWT_AUDIENCE", "urn:api"), ("EVENTDESK_OIDC_ISSUER", null)));
    }
}
