using System.Text;
using Microsoft.AspNetCore.Http;

namespace Oss.Emulator.Http;

/// <summary>Where verifiers fetch the emulator's public key; no bucket can be called like this.</summary>
internal sealed class CallbackKeyPage(string publicKeyPem)
{
    public const string Path = "/_emulator/callback-public-key.pem";

    private readonly byte[] _pem = Encoding.ASCII.GetBytes(publicKeyPem);

    public static bool Serves(HttpContext http) => HttpMethods.IsGet(http.Request.Method) && http.Request.Path == Path;

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/x-pem-file";
        http.Response.ContentLength = _pem.Length;
        await http.Response.Body.WriteAsync(_pem, http.RequestAborted);
    }
}
