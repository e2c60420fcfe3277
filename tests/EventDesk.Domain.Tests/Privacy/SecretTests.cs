using EventDesk.Domain.Privacy;

namespace EventDesk.Domain.Tests.Privacy;

public sealed class SecretTests
{
    [Theory]
    [InlineData("My password is ⟦Sommer2024!⟧, please help"), InlineData("password: ⟦hunter22⟧"), InlineData("Login: kim\nPassword: ⟦geheim⟧\nRegards"), InlineData("PASSWORD=⟦Tr0ub4dor&3⟧")]
    [InlineData("{\"user\":\"kim\",\"password\":\"⟦correct horse⟧\"}"), InlineData("<password>⟦s3cret⟧</password>"), InlineData("DB_PASSWORD=⟦kx9,2;t⟧"), InlineData("pwd: ⟦123456⟧")]
    [InlineData("the password for the VPN is ⟦Abc123!⟧"), InlineData("my password is \"⟦hunter two⟧\""), InlineData("Password:\n⟦letMeIn⟧\n")]
    [InlineData("Mein Passwort lautet ⟦Blume77⟧."), InlineData("Passwort: ⟦Blume⟧"), InlineData("Das Kennwort für das Portal ist ⟦Blume77⟧"), InlineData("Datenbankpasswort=⟦x7_y8⟧")]
    [InlineData("moje hasło to ⟦Kotek12⟧"), InlineData("Hasło: ⟦kotek⟧"), InlineData("haslo = ⟦kotek12⟧"), InlineData("loguję się hasłem: ⟦Kotek12⟧")]
    [InlineData("mon mot de passe est ⟦Soleil88⟧"), InlineData("Mot de passe : ⟦soleil⟧"), InlineData("mdp: ⟦Soleil88⟧"), InlineData("Mot de passe : « ⟦soleil⟧ »")]
    [InlineData("mi contraseña es ⟦Gato99⟧"), InlineData("Contraseña: ⟦gatito⟧"), InlineData("contrasen\u0303a: ⟦Gato99⟧")]
    [InlineData("Mitt lösenord är ⟦Katt2024⟧"), InlineData("lösenordet: ⟦Katt2024⟧"), InlineData("Lösenord: ⟦katten⟧")]
    [InlineData("salasanani on ⟦Kissa55⟧"), InlineData("Salasana: ⟦kissat⟧")]
    [InlineData("كلمة المرور هي ⟦Qamar77⟧"), InlineData("كلمة السر: ⟦قمر٧٧٧⟧"), InlineData("كلمة المرور الخاصة بي هي ⟦Qamar77⟧")]
    public void R2_a_password_is_found_behind_its_word_in_every_language_of_the_desks(string text) => text.ShouldBeFoundAs(FindingKind.Password);

    [Theory]
    [InlineData("I forgot my password"), InlineData("Password reset does not work"), InlineData("the password is wrong"), InlineData("Password: incorrect"), InlineData("password: must have 8-16 characters")]
    [InlineData("password is expired since 2024-11-05"), InlineData("password=****"), InlineData("password=${DB_PASSWORD}"), InlineData("password=$DB_PASSWORD"), InlineData("password=null"), InlineData("password: <your password>")]
    [InlineData("Access denied for user 'root'@'localhost' (using password: YES)"), InlineData("password: 2024-11-05"), InlineData("The password link is https://example.com/reset?u=7")]
    [InlineData("password is case-sensitive"), InlineData("passwordChangedAt: 2024-11-05T12:30:00Z"), InlineData("pwd: /var/log/app1"), InlineData("FATAL: password authentication failed for user \"app\"")]
    [InlineData("Passwort: vergessen"), InlineData("Mein Passwort ist abgelaufen"), InlineData("Hasło: zapomniałem"), InlineData("hasło jest nieprawidłowe"), InlineData("mot de passe oublié"), InlineData("Mot de passe : oublié")]
    [InlineData("la contraseña es incorrecta"), InlineData("lösenordet är fel"), InlineData("salasana on väärä"), InlineData("كلمة المرور غير صحيحة"), InlineData("كلمة المرور: خاطئة")]
    [InlineData("token: expired"), InlineData("the bearer of this letter"), InlineData("Basic support includes mail"), InlineData("secret=changeme")]
    public void R2_talk_about_passwords_holds_none(string text) => text.ShouldBeOrdinary();

    [Theory]
    [InlineData("key ⟦AKIAIOSFODNN7EXAMPLE⟧ leaked"), InlineData("aws_secret_access_key = ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1⟧")]
    [InlineData("⟦ghp_16C7e42F292c6912E7710c838347Ae178B4a⟧"), InlineData("token=⟦ghs_16C7e42F292c6912E7710c838347Ae178B4a⟧"), InlineData("⟦glpat-abcdefghij0123456789⟧"), InlineData("⟦xoxb-123456789012-abcdefABCDEF⟧")]
    [InlineData("⟦edk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA⟧"), InlineData("x-api-key: ⟦0f3c9a7be21d4d50b8⟧"), InlineData("\"client_secret\": \"⟦q8Zx0pLm33vTr7Yw⟧\"")]
    [InlineData("Authorization: Bearer ⟦eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U⟧")]
    [InlineData("Authorization: Basic ⟦YWxhZGRpbjpvcGVuc2VzYW1lMTIz⟧")]
    public void R2_keys_and_tokens_are_found_by_their_shape_or_name(string text) => text.ShouldBeFoundAs(FindingKind.AccessKey);

    [Theory]
    [InlineData("AKIAIOSFODNN7EXAMPLEX"), InlineData("ghp_short"), InlineData("eyJhbGciOiJIUzI1NiJ9"), InlineData("eyJhbGciOiJIUzI1NiJ9.notclaims.x"), InlineData("commit 3f2504e04f8911d39a0c0305e82c3301")]
    public void R2_what_only_begins_like_a_key_is_none(string text) => text.ShouldBeOrdinary();

    const string Body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n";

    [Theory]
    [InlineData("Here it is:\n⟦-----BEGIN PRIVATE KEY-----\n{0}-----END PRIVATE KEY-----⟧\nThanks"), InlineData("⟦-----BEGIN OPENSSH PRIVATE KEY-----\n{0}-----END OPENSSH PRIVATE KEY-----⟧")]
    public void R2_a_private_key_is_found_from_its_first_line_to_its_last(string text) => text.Replace("{0}", Body, StringComparison.Ordinal).ShouldBeFoundAs(FindingKind.PrivateKey);

    [Fact]
    public void R2_a_private_key_cut_short_is_found_as_far_as_its_lines_go() =>
        $"⟦-----BEGIN RSA PRIVATE KEY-----\n{Body.TrimEnd()}⟧\nand so on, you see it".ShouldBeFoundAs(FindingKind.PrivateKey);

    [Fact]
    public void R2_public_keys_and_certificates_may_be_sent() =>
        $"-----BEGIN CERTIFICATE-----\n{Body}-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n{Body}-----END PUBLIC KEY-----".ShouldBeOrdinary();

    [Theory]
    [InlineData("🙂👩‍👩‍👧 password: ⟦Sommer2024!⟧"), InlineData("🇫🇮 salasana: ⟦🐈kissa1⟧"), InlineData("𝒫𝓊𝓁𝓈 👍🏽\npassword is ⟦Sommer2024!⟧ 🙂")]
    public void R2_places_are_counted_in_code_points(string text) => text.ShouldBeFoundAs(FindingKind.Password);

    [Fact]
    public void R2_passages_that_overlap_are_one_and_nothing_of_them_is_left() => "password: ⟦x!4111⟧ and password: ⟦AKIAIOSFODNN7EXAMPLE⟧"
        .Split(" and ").Zip([FindingKind.Password, FindingKind.AccessKey]).ToList().ForEach(p => p.First.ShouldBeFoundAs(p.Second));

    [Fact]
    public void R2_a_finding_never_shows_its_passage() =>
        Recognition.Find("password: Sommer2024!").Single().ToString().ShouldNotContain("Sommer");
}
