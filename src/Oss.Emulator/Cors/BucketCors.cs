using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;

namespace Oss.Emulator.Cors;

/// <summary>Replaces all rules.</summary>
internal sealed class PutBucketCors : IOperation
{
    public string Name => "PutBucketCors";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var cors = await RequestXml.ReadAsync(call, CorsConfiguration.MaxBytes, CorsConfiguration.Parse, cancellationToken);
        call.Bucket.Change(record => record with { Cors = cors });
        await Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }
}

internal sealed class GetBucketCors : IOperation
{
    public string Name => "GetBucketCors";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) =>
        call.Bucket.Record.Cors is { } cors ? Reply.XmlAsync(call, cors.ToXml()) : throw Refusals.NoSuchCorsConfiguration(call.Bucket.Name);
}

/// <summary>Removes all rules, also when there are none.</summary>
internal sealed class DeleteBucketCors : IOperation
{
    public string Name => "DeleteBucketCors";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        call.Bucket.Change(record => record with { Cors = null });
        return Reply.EmptyAsync(call, StatusCodes.Status204NoContent);
    }
}
