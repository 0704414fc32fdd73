using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Access;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

/// <summary>
/// Makes a bucket. The account may repeat that for a bucket of its own, which changes nothing but the ACL, if one is given; a RAM user or a role may not.
/// Source: OSS documentation, "PutBucket", EC 0015-00000104.
/// </summary>
internal sealed class PutBucket(BucketIndex buckets, TimeProvider clock) : IOperation
{
    private const int MaxBytes = 16 * 1024;
    private const int MaxBuckets = 100;
    private const string IdOfTemporaryKey = "STS.";

    private static readonly string[] Unsupported = ["x-oss-resource-group-id", "x-oss-bucket-tagging", "x-oss-hns-status"];
    private static readonly string[] StorageClasses = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];
    private static readonly string[] RedundancyTypes = ["LRS", "ZRS"];

    public string Name => OperationName.PutBucket;

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (Unsupported.FirstOrDefault(name => call.Header(name) is not null) is { } unsupported)
        {
            throw Refusals.NotImplemented($"{Name} with {unsupported}");
        }

        var bucket = call.Target.Bucket!;
        var acl = BucketAcl.Read(call);
        var xml = await RequestXml.ReadAsync(call, MaxBytes, text => text.Length == 0 ? null : OssXml.Parse(text, "CreateBucketConfiguration"), cancellationToken);
        var storageClass = Choice(xml, "StorageClass", StorageClasses, "No such bucket storage class exists.");
        var redundancyType = Choice(xml, "DataRedundancyType", RedundancyTypes, "No such data redundancy type exists.");
        var record = new BucketRecord
        {
            Name = bucket,
            Created = clock.GetUtcNow(),
            Acl = acl ?? "private",
            StorageClass = storageClass ?? "Standard",
            DataRedundancyType = redundancyType ?? "LRS",
        };
        if (buckets.Find(bucket) is null && buckets.Count >= MaxBuckets)
        {
            throw Refusals.TooManyBuckets();
        }

        if (!buckets.TryCreate(record))
        {
            Repeat(call.Caller, buckets.Find(bucket) ?? throw Refusals.NoSuchBucket(bucket), acl, storageClass, redundancyType);
        }

        call.Response.Headers.Location = "/" + bucket;
        await Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }

    private static void Repeat(Caller caller, Bucket existing, string? acl, string? storageClass, string? redundancyType)
    {
        if (!IsAccount(caller))
        {
            throw Refusals.BucketAlreadyExists(existing.Name, "The requested bucket name is not available.", "0015-00000104");
        }

        if (storageClass is not null && storageClass != existing.Record.StorageClass)
        {
            throw Refusals.BucketAlreadyExists(existing.Name, "Cannot modify existing bucket's storage class.");
        }

        if (redundancyType is not null && redundancyType != existing.Record.DataRedundancyType)
        {
            throw Refusals.BucketAlreadyExists(existing.Name, "Bucket already exists can't modify data redundancy type.");
        }

        if (acl is not null)
        {
            existing.Change(record => record with { Acl = acl });
        }
    }

    // A key that no policy is about is the account's own.
    private static bool IsAccount(Caller caller) =>
        ReferenceEquals(caller.Rights, Rights.Unlimited) && !caller.AccessKeyId!.StartsWith(IdOfTemporaryKey, StringComparison.Ordinal);

    private static string? Choice(XElement? xml, string name, string[] choices, string refusal) => xml?.Element(name)?.Value switch
    {
        null => null,
        var value when choices.Contains(value, StringComparer.Ordinal) => value,
        var value => throw Refusals.InvalidArgument(name, value, refusal),
    };
}
