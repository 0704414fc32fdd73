using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Access;
using Oss.Emulator.Faults;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>A request on its way through the emulator.</summary>
internal sealed class OssCall
{
    private Bucket? _bucket;

    public OssCall(HttpContext http)
    {
        Http = http;
    }

    public HttpContext Http { get; }

    public HttpRequest Request => Http.Request;

    public HttpResponse Response => Http.Response;

    public string RequestId { get; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>OSS's name of what is asked for.</summary>
    public string Operation { get; set; } = "Unknown";

    public RequestTarget Target { get; set; } = new(null, null, "/", "");

    /// <summary>The object key: the target's, or a form's.</summary>
    public string? Key { get; set; }

    /// <summary>Who asks.</summary>
    public Caller Caller { get; set; } = Caller.Anonymous;

    /// <summary>How the request is signed, whether or not the signature is right.</summary>
    public SignatureScheme Signature { get; set; }

    public Bucket Bucket
    {
        get => _bucket ?? throw new InvalidOperationException("The request names no bucket.");
        set => _bucket = value;
    }

    public long BytesReceived { get; set; }

    /// <summary>OSS's code of why the reply is no plain success.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>What faults and traffic limits do to the request; null: nothing.</summary>
    public RequestPlan? Plan { get; set; }

    /// <summary>The part number that the request names, if it is one.</summary>
    public int? PartNumber => int.TryParse(Target.Parameter("partNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part > 0 ? part : null;

    public bool IsRecorded { get; set; }

    /// <summary>What goes wrong with the callback on purpose.</summary>
    public CallbackFault CallbackFault { get; set; }

    public string RequiredKey => Key ?? throw new InvalidOperationException("The request names no object.");

    public string RequiredUploadId => Target.Parameter("uploadId") is { Length: > 0 } id ? id
        : throw Refusals.InvalidArgument("uploadId", "", "The request must name an uploadId.");

    /// <summary>Whether keys in the reply are to be percent-encoded.</summary>
    public bool EncodesKeys => Target.Parameter("encoding-type") switch
    {
        null or "" => false,
        "url" => true,
        var other => throw Refusals.InvalidArgument("encoding-type", other, "Invalid Encoding Method specified in Request."),
    };

    public bool ForbidsOverwrite => ForbidsOverwriteBy(Header("x-oss-forbid-overwrite"));

    /// <summary>Whether a value of <c>x-oss-forbid-overwrite</c> is in force in the bucket.</summary>
    public bool ForbidsOverwriteBy(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) && Bucket.CanForbidOverwrite;

    /// <summary>Refuses at once, before anything is stored, what would replace an object that must not be replaced.</summary>
    public void RefuseOverwrite()
    {
        if (ForbidsOverwrite && Bucket.Objects.Contains(RequiredKey))
        {
            throw Refusals.FileAlreadyExists();
        }
    }

    /// <summary>The value of a request header, or null.</summary>
    public string? Header(string name) => Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The value of a numeric parameter in its range, or the default when it is not there.</summary>
    public int Number(string name, int least, int most, int? otherwise = null)
    {
        var text = Target.Parameter(name);
        return string.IsNullOrEmpty(text) && otherwise is { } value ? value
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw Refusals.InvalidArgument(name, text, $"Argument {name} must be an integer between {least} and {most}.");
    }
}
