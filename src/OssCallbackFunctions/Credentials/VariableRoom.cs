using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>Tells each profile how long its variables may be: they travel in the callback's URL, once for each address, and OSS takes 5 KB for all of it.</summary>
internal sealed class VariableRoom(IOptions<CallbackAddressOptions> address, IOptions<CallbackProfilesOptions> callbacks) : IPostConfigureOptions<UploadOptions>
{
    public void PostConfigure(string? name, UploadOptions options)
    {
        foreach (var (profile, terms) in options.Profiles.Where(profile => profile.Value.Variables.Count > 0))
        {
            var room = CallbackAddress.RoomForVariables(address.Value, profile, terms.Variables.Keys, callbacks.Value.Of(profile).Fields);
            terms.VariableRoom = Math.Min(room, UploadVariables.MaxBytes);
        }
    }
}
