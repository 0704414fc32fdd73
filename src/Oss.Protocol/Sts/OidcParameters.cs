using System.Text.RegularExpressions;

namespace Oss.Protocol;

/// <summary>The rules of what AssumeRoleWithOIDC has beside AssumeRole's parameters.</summary>
internal static partial class OidcParameters
{
    private const int MaxToken = 20_000;

    /// <summary>Whether a text is the ARN of an identity provider.</summary>
    public static bool IsProvider(string text) => Provider().IsMatch(text);

    /// <summary>Refuses what STS would.</summary>
    /// <exception cref="ArgumentException">A parameter is none that STS takes; never repeats the token.</exception>
    public static void Check(AssumeRoleRequest request, string providerArn, string token)
    {
        if (request.ExternalId is not null)
        {
            throw new ArgumentException("AssumeRoleWithOIDC knows no external id.", nameof(request));
        }

        if (!IsProvider(providerArn))
        {
            throw new ArgumentException("The provider's ARN must be acs:ram::ACCOUNT:oidc-provider/NAME.", nameof(providerArn));
        }

        if (token.Length > MaxToken || !Jwt().IsMatch(token))
        {
            throw new ArgumentException($"The token must be a JWT, three parts of base64url with '.' between them, of at most {MaxToken} characters.", nameof(token));
        }
    }

    [GeneratedRegex(@"^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Provider();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Jwt();
}
