using System.Text;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Callbacks;

namespace Oss.Emulator.Pages;

/// <summary>Where verifiers fetch the emulator's public key.</summary>
internal sealed class CallbackKeyPage(CallbackKey key)
{
    public const string Path = EmulatorPages.Root + "/callback-public-key.pem";

    public Task WriteAsync(HttpContext http) => EmulatorPages.WriteAsync(http, "application/x-pem-file", Encoding.ASCII.GetBytes(key.PublicKeyPem));
}
