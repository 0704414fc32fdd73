using Oss.Emulator.Access;

namespace Oss.Emulator.Sts;

/// <summary>
/// What STS refuses, each in its words, once. Source: RAM documentation, "AssumeRole", "AssumeRoleWithOIDC" and STS's list of error codes; the codes of the gateway before it as its
/// replies have them.
/// </summary>
internal static class StsRefusals
{
    // The gateway: is this a request at all, and whose?

    public static StsException UnknownAction() => new("InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method.");

    public static StsException Missing(string parameter) => new("Missing" + parameter, 400, $"{parameter} is mandatory for this action.");

    public static StsException Invalid(string parameter) => new("Invalid" + parameter, 400, $"Specified parameter {parameter} is not valid.");

    public static StsException InvalidFormat() => new("InvalidParameter.Format", 400, "Specified parameter Format is not valid.");

    public static StsException GivenTwice(string parameter) => new("InvalidParameter", 400, $"The parameter {parameter} is given more than once.");

    public static StsException ContentType() =>
        new("InvalidParameter.ContentType", 400, "The ContentType request header must be either \"application/json\" or \"application/x-www-form-urlencoded\".");

    public static StsException TooLarge(int most) => new("InvalidParameter", 413, $"The body is larger than {most} bytes.");

    public static StsException InvalidSignatureMethod() => new("InvalidSignatureMethod", 400, "Specified signature method is not supported.");

    public static StsException IncompleteSignature() => new("IncompleteSignature", 400, "The request signature does not conform to Aliyun standards.");

    public static StsException TimestampFormat() => new("InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted.");

    public static StsException TimestampExpired() => new("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired.");

    public static StsException NonceUsed() => new("SignatureNonceUsed", 400, "Specified signature nonce was used already.");

    public static StsException RpcSignature(string stringToSign) => new(
        "SignatureDoesNotMatch", 400, $"Specified signature is not matched with our calculation. server string to sign is:{stringToSign}");

    public static StsException Acs3Signature(string stringToSign, string canonicalRequest) => new(
        "SignatureDoesNotMatch", 400, $"Specified signature does not match our calculation. server StringToSign is [{stringToSign}] server CanonicalRequest is [{canonicalRequest}]");

    /// <summary>Why a key that was looked up may not sign.</summary>
    public static StsException Key(KeyStatus status) => status switch
    {
        KeyStatus.TokenMissing => Missing("SecurityToken"),
        KeyStatus.TokenMalformed => new("InvalidSecurityToken.Malformed", 400, "Specified SecurityToken is malformed."),
        KeyStatus.TokenOfAnother => new("InvalidSecurityToken.MismatchWithAccessKey", 400, "Specified SecurityToken mismatch with the AccessKey."),
        KeyStatus.Expired => new("InvalidSecurityToken.Expired", 400, "Specified SecurityToken is expired."),
        _ => new("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."),
    };

    // STS itself.

    public static StsException WronglyFormed(string parameter) => new("InvalidParameter." + parameter, 400, $"The parameter {parameter} is wrongly formed.");

    public static StsException Duration() => new("InvalidParameter.DurationSeconds", 400, "The Min/Max value of DurationSeconds is 15min/12hr.");

    public static StsException PolicySize(int most) => new("InvalidParameter.PolicySize", 400, $"The size of Policy must be smaller than {most} bytes.");

    public static StsException Policy(PolicyException fault) => fault.IsUnsupported
        ? NotImplemented(fault.Message)
        : new("InvalidParameter.PolicyGrammar", 400, $"The parameter Policy has not passed grammar check. {fault.Message}");

    public static StsException NoPermission() => new("NoPermission", 403, "You are not authorized to do this action. You should be authorized by RAM.");

    public static StsException NoSuchRole() => new("EntityNotExist.Role", 404, "The specified Role not exists .");

    public static StsException OidcToken(string message) => new("AuthenticationFail.OIDCToken.Invalid", 401, message);

    public static StsException OidcTokenExpired() => new("AuthenticationFail.OIDCToken.Expired", 401, "This JsonWebToken is expired.");

    public static StsException InternalError() => new("InternalError", 500, "STS Server Internal Error happened, please send the RequestId to us.");

    public static StsException NotImplemented(string message) => new("NotImplemented", 501, message);
}
