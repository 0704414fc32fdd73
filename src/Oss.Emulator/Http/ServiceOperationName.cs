namespace Oss.Emulator.Http;

/// <summary>OSS's names of what can be asked of the service, without a bucket.</summary>
internal static class ServiceOperationName
{
    private static readonly (string Parameter, string Operation)[] Named =
    [
        ("regions", "DescribeRegions"), ("cloudboxes", "ListCloudBoxes"), ("qosInfo", "GetUserQosInfo"), ("publicAccessBlock", "GetPublicAccessBlock"), ("userAntiDDos", "GetUserAntiDDosInfo"),
    ];

    public static string Of(string method, RequestTarget target) =>
        method != "GET" ? $"{method} on the service"
        : Named.FirstOrDefault(named => target.Parameter(named.Parameter) is not null).Operation ?? "ListBuckets";
}
