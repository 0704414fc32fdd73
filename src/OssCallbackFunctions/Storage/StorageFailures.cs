using Azure;
using Oss.Protocol;

namespace OssCallbackFunctions.Storage;

/// <summary>What goes wrong with the storage account.</summary>
internal static class StorageFailures
{
    /// <summary>
    /// Whether it may pass: a lost connection (status 0), no answer in time, throttling and the service's own faults, as the storage client has them after its last attempt. Ask only when the
    /// caller has not given up, since an attempt that takes too long is canceled as well.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RequestFailedException e => e.Status == 0 || OssRetry.IsTransientStatus(e.Status),
        AggregateException e => e.InnerExceptions.All(IsTransient),
        OperationCanceledException or TimeoutException or IOException or HttpRequestException => true,
        _ => false,
    };
}
