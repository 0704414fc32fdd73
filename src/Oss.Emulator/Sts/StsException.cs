namespace Oss.Emulator.Sts;

/// <summary>STS refused a request.</summary>
/// <param name="code">STS's code, such as <c>InvalidParameter.RoleArn</c>.</param>
/// <param name="httpStatus">HTTP status of the reply.</param>
/// <param name="message">STS's message.</param>
internal sealed class StsException(string code, int httpStatus, string message) : Exception(message)
{
    public string Code { get; } = code;

    public int HttpStatus { get; } = httpStatus;
}
