using System.Globalization;
using Oss.Emulator.Access;
using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>What the emulator refuses, each in OSS's words, once.</summary>
internal static class Refusals
{
    public static OssException AnonymousAccess() => Refuse(OssErrorCode.AccessDenied, "You have no right to access this object because of bucket acl.", "0003-00000001");

    public static OssException NoRight(AccessDecision decision) => decision switch
    {
        AccessDecision.RefusedBySession => Refuse(OssErrorCode.AccessDenied, "Access denied by authorizer's policy.", "0003-00000301"),
        AccessDecision.Denied => Refuse(OssErrorCode.AccessDenied, "Access denied by bucket policy.", "0003-00000201"),
        _ => Refuse(OssErrorCode.AccessDenied, "You have no right to access this object.", null),
    };

    public static OssException SignatureV1() => Refuse(
        OssErrorCode.AccessDenied, "Signature version 1 is not supported for this bucket, please use signature version 4.", "0002-00000080");

    public static OssException SecondLevelDomain() => Refuse(
        new OssErrorCode("SecondLevelDomainForbidden", 403), "The bucket you are attempting to access must be addressed using OSS third level domain.", null);

    public static OssException NoSuchBucket(string bucket) => Refuse(
        OssErrorCode.NoSuchBucket, "The specified bucket does not exist.", "0015-00000101", ("BucketName", bucket));

    public static OssException InvalidBucketName(string bucket) => Refuse(
        OssErrorCode.InvalidBucketName, "The specified bucket is not valid.", null, ("BucketName", bucket));

    public static OssException NoSuchKey(string key) => Refuse(OssErrorCode.NoSuchKey, "The specified key does not exist.", "0026-00000001", ("Key", key));

    public static OssException NoSuchUpload(string uploadId) => Refuse(
        OssErrorCode.NoSuchUpload, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", null,
        ("UploadId", uploadId));

    public static OssException InvalidObjectName(string name, string reason) => Refuse(
        OssErrorCode.InvalidObjectName, $"The specified object is not valid. {reason}", name.Length == 0 || name.Length > OssLimits.MaxKeyLength ? "0016-00000002" : "0016-00000005",
        ("ObjectName", name));

    public static OssException FileAlreadyExists() => Refuse(
        OssErrorCode.FileAlreadyExists, "The object you specified already exists and can not be overwritten.", null);

    public static OssException MissingContentLength() => Refuse(OssErrorCode.MissingContentLength, "You must provide the Content-Length HTTP header.", null);

    public static OssException EntityTooLarge(long max, long proposed) => Refuse(
        OssErrorCode.EntityTooLarge, "Your proposed upload exceeds the maximum allowed size.", null,
        ("MaxSizeAllowed", Text(max)), ("ProposedSize", Text(proposed)));

    public static OssException FormFileTooLarge(long max, long proposed) => Refuse(
        OssErrorCode.EntityTooLarge, "Your proposed upload exceeds the maximum allowed size.", "0006-00000003",
        ("MaxSizeAllowed", Text(max)), ("ProposedSize", Text(proposed)));

    public static OssException FormFileTooSmall(long min, long proposed) => Refuse(
        OssErrorCode.EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size.", "0006-00000004",
        ("MinSizeAllowed", Text(min)), ("ProposedSize", Text(proposed)));

    public static OssException PartTooSmall(int partNumber, long size) => Refuse(
        OssErrorCode.EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size.", "0042-00000213",
        ("MinSizeAllowed", Text(OssLimits.MinPartSize)), ("ProposedSize", Text(size)), ("PartNumber", Text(partNumber)));

    public static OssException InvalidPart(int partNumber, string etag) => Refuse(
        OssErrorCode.InvalidPart, "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.", null,
        ("PartNumber", Text(partNumber)), ("ETag", etag));

    public static OssException InvalidPartOrder() => Refuse(
        OssErrorCode.InvalidPartOrder, "The list of parts was not in ascending order. Parts list must specified in order by part number.", "0042-00000209");

    public static OssException MalformedXml(string reason, string? ec = null) => Refuse(
        OssErrorCode.MalformedXml, $"The XML you provided was not well-formed or did not validate against our published schema. {reason}", ec);

    public static OssException InvalidDigest(string? sent, string? computed) => Refuse(
        OssErrorCode.InvalidDigest, "The Content-MD5 you specified was invalid.", null, ("Content-MD5", sent ?? ""), ("ComputedMD5", computed ?? ""));

    public static OssException InvalidRange(string range, long size) => Refuse(
        OssErrorCode.InvalidRange, "The requested range cannot be satisfied.", null, ("RangeRequested", range), ("ActualObjectSize", Text(size)));

    public static OssException PreconditionFailed(string header) => Refuse(
        OssErrorCode.PreconditionFailed, "At least one of the pre-conditions you specified did not hold.", "0017-00001001", ("Condition", header));

    public static OssException MissingArgument(string name, string ec) => Refuse(OssErrorCode.MissingArgument, "Missing Some Required Arguments.", ec, ("ArgumentName", name));

    public static OssException InvalidObjectState(string key) => Refuse(
        OssErrorCode.InvalidObjectState, "The operation is not valid for the object's state", null, ("ObjectName", key));

    public static OssException OverrideByAnonymous() => Refuse(OssErrorCode.InvalidRequest, "Can not override response header for an anonymous user.", null);

    public static OssException ObjectNotAppendable() => Refuse(OssErrorCode.ObjectNotAppendable, "The object is not appendable", "0026-00000017");

    public static OssException PositionNotEqualToLength() => Refuse(OssErrorCode.PositionNotEqualToLength, "Position is not equal to file length", "0026-00000016");

    public static OssException InvalidTag(string message, string ec) => Refuse(OssErrorCode.InvalidTag, message, ec);

    public static OssException InvalidArgument(string name, string? value, string message, string? ec = null) => Refuse(
        OssErrorCode.InvalidArgument, message, ec, ("ArgumentName", name), ("ArgumentValue", value ?? ""));

    public static OssException MalformedPost(string? ec = null) => Refuse(
        OssErrorCode.MalformedPostRequest, "The body of your POST request is not well-formed multipart/form-data.", ec);

    public static OssException FormCutOff() => MalformedPost("0006-00000104");

    public static OssException NoFileInForm() => NumberOfFiles("0006-00000107");

    public static OssException SeveralFilesInForm() => NumberOfFiles(null);

    public static OssException FieldItemTooLong(string field, int max, string? ec) => Refuse(
        OssErrorCode.FieldItemTooLong, "The length of a form field is larger than the maximum allowed size.", ec, ("FieldName", field), ("MaxSizeAllowed", Text(max)));

    public static OssException MethodNotAllowed(string method, string resourceType) => Refuse(
        OssErrorCode.MethodNotAllowed, "The specified method is not allowed against this resource.", null, ("Method", method), ("ResourceType", resourceType));

    public static OssException BucketAlreadyExists(string bucket, string message, string? ec = null) => Refuse(OssErrorCode.BucketAlreadyExists, message, ec, ("BucketName", bucket));

    public static OssException BucketNotEmpty(string bucket) => Refuse(
        OssErrorCode.BucketNotEmpty, "The bucket you tried to delete is not empty.", null, ("BucketName", bucket));

    public static OssException TooManyBuckets() => Refuse(OssErrorCode.TooManyBuckets, "You have attempted to create more buckets than allowed.", null);

    public static OssException BadRequest(string message) => Refuse(OssErrorCode.BadRequest, message, null);

    public static OssException CorsNotEnabled() => Refuse(OssErrorCode.AccessForbidden, "CORSResponse: CORS is not enabled for this bucket.", null);

    // OSS's own spelling.
    public static OssException CorsNotAllowed() => Refuse(
        OssErrorCode.AccessForbidden,
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or "
        + "Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
        null);

    public static OssException TooManyCorsRules() => Refuse(OssErrorCode.CorsRuleBeyondLimit, "The CORS Rules num is beyond limit.", null);

    public static OssException NoSuchCorsConfiguration(string bucket) => Refuse(
        OssErrorCode.NoSuchCorsConfiguration, "The CORS Configuration does not exist.", "0034-00000001", ("BucketName", bucket));

    public static OssException NoSuchLifecycle(string bucket) => Refuse(
        OssErrorCode.NoSuchLifecycle, "No Row found in Lifecycle Table.", null, ("BucketName", bucket));

    public static OssException NotImplemented(string operation) => Refuse(
        OssErrorCode.NotImplemented, $"The emulator does not implement {operation}.", null, ("Operation", operation));

    public static OssError InternalError() => new(OssErrorCode.InternalError, "We encountered an internal error. Please try again.");

    private static OssException NumberOfFiles(string? ec) => Refuse(
        OssErrorCode.IncorrectNumberOfFilesInPostRequest, "POST requires exactly one file upload per request.", ec);

    private static OssException Refuse(OssErrorCode code, string message, string? ec, params (string Name, string Value)[] details) =>
        new(new OssError(code, message, ec) { Details = [.. details.Select(detail => KeyValuePair.Create(detail.Name, detail.Value))] });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
