namespace Oss.Protocol;

/// <summary>An error code of OSS with the HTTP status it comes with. Source: OSS documentation, "Error codes" (EC pages).</summary>
/// <param name="Code">Text of the Code element.</param>
/// <param name="HttpStatus">HTTP status.</param>
public readonly record struct OssErrorCode(string Code, int HttpStatus)
{
#pragma warning disable CS1591 // The name is the code; what it means stands in OSS's error catalogue.
    public static readonly OssErrorCode AccessDenied = new("AccessDenied", 403);
    public static readonly OssErrorCode AccessForbidden = new("AccessForbidden", 403);
    public static readonly OssErrorCode BadRequest = new("BadRequest", 400);
    public static readonly OssErrorCode BucketAlreadyExists = new("BucketAlreadyExists", 409);
    public static readonly OssErrorCode BucketNotEmpty = new("BucketNotEmpty", 409);
    public static readonly OssErrorCode CallbackFailed = new("CallbackFailed", 203);
    public static readonly OssErrorCode CorsRuleBeyondLimit = new("CORSRuleBeyondLimit", 400);
    public static readonly OssErrorCode EntityTooLarge = new("EntityTooLarge", 400);
    public static readonly OssErrorCode EntityTooSmall = new("EntityTooSmall", 400);
    public static readonly OssErrorCode FieldItemTooLong = new("FieldItemTooLong", 400);
    public static readonly OssErrorCode FileAlreadyExists = new("FileAlreadyExists", 409);
    public static readonly OssErrorCode IncorrectNumberOfFilesInPostRequest = new("IncorrectNumberOfFilesInPOSTRequest", 400);
    public static readonly OssErrorCode InternalError = new("InternalError", 500);
    public static readonly OssErrorCode InvalidAccessKeyId = new("InvalidAccessKeyId", 403);
    public static readonly OssErrorCode InvalidArgument = new("InvalidArgument", 400);
    public static readonly OssErrorCode InvalidBucketName = new("InvalidBucketName", 400);
    public static readonly OssErrorCode InvalidDigest = new("InvalidDigest", 400);
    public static readonly OssErrorCode InvalidObjectName = new("InvalidObjectName", 400);
    public static readonly OssErrorCode InvalidObjectState = new("InvalidObjectState", 403);
    public static readonly OssErrorCode InvalidPart = new("InvalidPart", 400);
    public static readonly OssErrorCode InvalidPartOrder = new("InvalidPartOrder", 400);
    public static readonly OssErrorCode InvalidPolicyDocument = new("InvalidPolicyDocument", 400);
    public static readonly OssErrorCode InvalidRange = new("InvalidRange", 416);
    public static readonly OssErrorCode InvalidRequest = new("InvalidRequest", 400);
    public static readonly OssErrorCode InvalidSecurityToken = new("InvalidSecurityToken", 403);
    public static readonly OssErrorCode InvalidTag = new("InvalidTag", 400);
    public static readonly OssErrorCode MalformedPostRequest = new("MalformedPOSTRequest", 400);
    public static readonly OssErrorCode MalformedXml = new("MalformedXML", 400);
    public static readonly OssErrorCode MethodNotAllowed = new("MethodNotAllowed", 405);
    public static readonly OssErrorCode MissingArgument = new("MissingArgument", 411);
    public static readonly OssErrorCode MissingContentLength = new("MissingContentLength", 411);
    public static readonly OssErrorCode NoSuchBucket = new("NoSuchBucket", 404);
    public static readonly OssErrorCode NoSuchCorsConfiguration = new("NoSuchCORSConfiguration", 404);
    public static readonly OssErrorCode NoSuchKey = new("NoSuchKey", 404);
    public static readonly OssErrorCode NoSuchLifecycle = new("NoSuchLifecycle", 404);
    public static readonly OssErrorCode NoSuchUpload = new("NoSuchUpload", 404);
    public static readonly OssErrorCode NotImplemented = new("NotImplemented", 501);
    public static readonly OssErrorCode ObjectNotAppendable = new("ObjectNotAppendable", 409);
    public static readonly OssErrorCode PositionNotEqualToLength = new("PositionNotEqualToLength", 409);
    public static readonly OssErrorCode PreconditionFailed = new("PreconditionFailed", 412);
    public static readonly OssErrorCode RequestTimeTooSkewed = new("RequestTimeTooSkewed", 403);
    public static readonly OssErrorCode RequestTimeout = new("RequestTimeout", 400);
    public static readonly OssErrorCode SecurityTokenExpired = new("SecurityTokenExpired", 403);
    public static readonly OssErrorCode ServiceUnavailable = new("ServiceUnavailable", 503);
    public static readonly OssErrorCode SignatureDoesNotMatch = new("SignatureDoesNotMatch", 403);
    public static readonly OssErrorCode TooManyBuckets = new("TooManyBuckets", 400);
#pragma warning restore CS1591
}
