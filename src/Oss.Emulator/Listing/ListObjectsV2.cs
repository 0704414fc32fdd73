using Oss.Emulator.Buckets;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

internal sealed class ListObjectsV2 : IOperation
{
    public string Name => "ListObjectsV2";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (call.Target.Parameter("list-type") is { } type and not "2")
        {
            throw Refusals.InvalidArgument("list-type", type, "The list type must be 2.", "0015-00000401");
        }

        var parameters = ListParameters.Of(call, "0015-00000402");
        var startAfter = ListParameters.Text(call, "start-after", null);
        var token = call.Target.Parameter("continuation-token");
        var page = KeyPage.Of(call.Bucket.Objects, parameters, string.IsNullOrEmpty(token) ? startAfter : ContinuationToken.Read(token));
        var result = new ListObjectsV2Result
        {
            Bucket = call.Bucket.Name,
            Prefix = parameters.Prefix,
            Delimiter = parameters.Delimiter,
            StartAfter = startAfter.Length > 0 ? startAfter : null,
            ContinuationToken = string.IsNullOrEmpty(token) ? null : token,
            NextContinuationToken = page.IsTruncated ? ContinuationToken.Of(page.Last!) : null,
            MaxKeys = parameters.MaxKeys,
            IsTruncated = page.IsTruncated,
            Objects = [.. KeyPage.Listed(page.Objects, FetchesOwner(call) ? BucketOperations.Owner : null)],
            CommonPrefixes = page.CommonPrefixes,
        };
        return Reply.XmlAsync(call, 200, result.ToXml(parameters.EncodesKeys));
    }

    private static bool FetchesOwner(OssCall call) => call.Target.Parameter("fetch-owner") switch
    {
        null or "" or "false" => false,
        "true" => true,
        var other => throw Refusals.InvalidArgument("fetch-owner", other, "fetch-owner is true or false."),
    };
}
