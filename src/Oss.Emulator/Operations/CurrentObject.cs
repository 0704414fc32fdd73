using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>The object that a request is about: the current version, for others are not kept.</summary>
internal static class CurrentObject
{
    /// <summary>The object, held for reading.</summary>
    public static ObjectLease Hold(OssCall call)
    {
        var stored = call.Bucket.Objects.Hold(call.RequiredKey);
        try
        {
            VersionIds.Require(call, stored?.Record, call.Target.Parameter(VersionIds.Parameter));
            return stored ?? throw Refusals.NoSuchKey(call.RequiredKey);
        }
        catch
        {
            stored?.Dispose();
            throw;
        }
    }

    /// <summary>Changes what is known of the object besides its bytes.</summary>
    public static ObjectRecord Change(OssCall call, Func<ObjectRecord, ObjectRecord> change) => call.Bucket.Objects.Change(call.RequiredKey, record =>
    {
        VersionIds.Require(call, record, call.Target.Parameter(VersionIds.Parameter));
        return change(record ?? throw Refusals.NoSuchKey(call.RequiredKey));
    });
}
