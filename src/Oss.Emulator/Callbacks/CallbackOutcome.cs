using System.Globalization;

namespace Oss.Emulator.Callbacks;

/// <summary>What came of calling one URL.</summary>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="Reply">Body of the answer, as far as it was read.</param>
/// <param name="ContentType">What the body is passed on as.</param>
/// <param name="FailureMessage">OSS's words for what went wrong; null for success.</param>
/// <param name="Ec">OSS's fine-grained code of it.</param>
internal sealed record CallbackOutcome(int? Status, byte[] Reply, string ContentType, string? FailureMessage, string? Ec)
{
    private const string BadStatus = "0007-00000203";

    public bool IsSuccess => FailureMessage is null;

    public static CallbackOutcome Success(byte[] reply, string contentType) => new(200, reply, contentType, null, null);

    public static CallbackOutcome NoConnection() => Failed(null, "Error status : -1.OSS can not connect to your callbackUrl, please check it.", BadStatus);

    public static CallbackOutcome Timeout(CallbackUrl url, TimeSpan cost, TimeSpan timeout) => Failed(
        null,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Error status : -1.{url.Host}:{url.Port} reply timeout, cost:{cost.TotalMilliseconds:0}ms, timeout:{timeout.TotalMilliseconds:0}ms (err -4, errno115)"),
        "0007-00000202");

    public static CallbackOutcome WrongStatus(int status) => Failed(status, $"Error status : {status}.", BadStatus);

    public static CallbackOutcome NoLength(int status) => Failed(status, "Error Status : 400.User server missing content-length.", BadStatus);

    // "conent" is how OSS spells it.
    public static CallbackOutcome InvalidLength(int status) => Failed(status, "Error Status : 400.User server return invalid conent-length value.", BadStatus);

    public static CallbackOutcome TooLong(int status) => Failed(status, "Error Status : 400.User server return too long content-length value.", BadStatus);

    public static CallbackOutcome NotJson(int status, byte[] reply) => Failed(status, "Response body is not valid json format.", "0007-00000205") with { Reply = reply };

    /// <summary>The object was gone again when the callback wanted to know its size as an image: nobody is called.</summary>
    public static CallbackOutcome NoImageInfo() => Failed(null, "Get image info failed.", null);

    private static CallbackOutcome Failed(int? status, string message, string? ec) => new(status, [], "application/xml", message, ec);
}
