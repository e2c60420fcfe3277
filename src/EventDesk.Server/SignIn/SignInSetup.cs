namespace EventDesk.Server.SignIn;

/// <summary>Everything about knowing who asks.</summary>
static class SignInSetup
{
    public static void AddSignIn(this IServiceCollection services, SignInSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<CrossSite>();
        services.AddSingleton<SignedTokens>();
        services.AddSingleton<SigningProvider>();
        services.AddSingleton<Presented>();
        services.AddSingleton<DevelopmentPeople>();
        if (settings.Development)
            services.AddSingleton<ISignInLinkDelivery, LinksInTheLog>();
        else
            services.AddSingleton<ISignInLinkDelivery, NoMail>();
        services.AddSingleton<Scim.ScimUsers>();
        if (settings.Provider is not { } provider)
            return;
        services.AddSingleton(s => new OpenIdProvider(provider.Issuer, settings.Development, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<BackChannelLogout>();
    }
}
