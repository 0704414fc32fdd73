using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>The object that a request is about: the current version, for others are not kept.</summary>
internal static class CurrentObject
{
    /// <summary>What is known of the object.</summary>
    public static ObjectRecord Find(OssCall call) => Required(call, call.Bucket.Objects.Find(call.RequiredKey));

    /// <summary>The object, held for reading.</summary>
    public static ObjectLease Hold(OssCall call)
    {
        var stored = call.Bucket.Objects.Hold(call.RequiredKey);
        try
        {
            Required(call, stored?.Record);
            return stored!;
        }
        catch
        {
            stored?.Dispose();
            throw;
        }
    }

    /// <summary>Changes what is known of the object besides its bytes.</summary>
    public static ObjectRecord Change(OssCall call, Func<ObjectRecord, ObjectRecord> change) =>
        call.Bucket.Objects.Change(call.RequiredKey, record => change(Required(call, record)));

    private static ObjectRecord Required(OssCall call, ObjectRecord? record)
    {
        VersionIds.Require(call, record, call.Target.Parameter(VersionIds.Parameter));
        return record ?? throw Refusals.NoSuchKey(call.RequiredKey);
    }
}
