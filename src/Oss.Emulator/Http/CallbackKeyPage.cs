using System.Text;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Callbacks;

namespace Oss.Emulator.Http;

/// <summary>Where verifiers fetch the emulator's public key; no bucket can be called like this.</summary>
internal sealed class CallbackKeyPage(CallbackKey key)
{
    public const string Path = "/_emulator/callback-public-key.pem";

    public static bool Serves(HttpContext http) => HttpMethods.IsGet(http.Request.Method) && http.Request.Path == Path;

    public async Task WriteAsync(HttpContext http)
    {
        var pem = Encoding.ASCII.GetBytes(key.PublicKeyPem);
        http.Response.ContentType = "application/x-pem-file";
        http.Response.ContentLength = pem.Length;
        await http.Response.Body.WriteAsync(pem, http.RequestAborted);
    }
}
