namespace Oss.Protocol;

/// <summary>A signed URL that whoever holds it can use once or many times until it expires.</summary>
/// <param name="Method">HTTP method to use.</param>
/// <param name="Url">The URL, to be used to the letter. Secret: it is the credential.</param>
/// <param name="Headers">Headers that were signed, so that the request must carry them exactly; Host and Content-Length, which every client sends by itself, are left out.</param>
/// <param name="Expires">From this time on OSS refuses the URL.</param>
public sealed record PresignedUrl(string Method, string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Expires)
{
    /// <summary>Method and expiry: the URL is not for logs.</summary>
    public override string ToString() => $"Presigned {Method} until {Expires:O}";
}
