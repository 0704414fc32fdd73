using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.Health;

/// <summary>
/// The buckets that profiles and bulk uploads store in: whether the key may do there what the app does, and no more, and whether the buckets are as the app needs them. Stores nothing: a multipart upload
/// is begun and aborted.
/// </summary>
internal sealed class OssExamination(
    OssClient oss, IOptions<UploadOptions> uploads, IOptions<BulkUploadOptions> bulk, IOptions<OssOptions> options, NewId newId, TimeProvider clock) : IExamination
{
    private const int MaxPlaces = 20;

    public string Name => "oss";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Nobody's name, so that no key is anybody's.
        var name = $"oss-callback-functions-doctor-{newId()}";
        foreach (var bucket in Places(name).GroupBy(place => place.Bucket, StringComparer.Ordinal))
        {
            foreach (var place in bucket)
            {
                yield return await RightsAsync(place, cancellationToken);
            }

            var info = await LookAsync("oss_region", bucket.Key, "oss:GetBucketInfo", () => oss.GetBucketInfoAsync(bucket.Key, cancellationToken));
            foreach (var finding in info.Value is { } found ? OfBucket(bucket.Key, found) : [info.Finding!])
            {
                yield return finding;
            }

            var rules = await LookAsync("oss_lifecycle", bucket.Key, "oss:GetBucketLifecycle", async () =>
                await oss.GetBucketLifecycleAsync(bucket.Key, cancellationToken) ?? new LifecycleConfiguration([]));
            yield return rules.Value is { } lifecycle ? OfLifecycle(bucket.Key, lifecycle) : rules.Finding!;

            // In a bucket with versions the removal of nothing would leave a marker behind.
            if (info.Value is { Versioning: null })
            {
                // A template without variables has a key that may be somebody's.
                var key = bucket.FirstOrDefault(place => place.Key.Contains(name, StringComparison.Ordinal))?.Key ?? name;
                yield return await ExcessAsync($"The key may remove objects in {bucket.Key}.", "oss:DeleteObject", () => oss.DeleteObjectAsync(bucket.Key, key, cancellationToken));
            }
        }

        if (!options.Value.CustomDomain)
        {
            yield return await ExcessAsync("The key may list the account's buckets.", "oss:ListBuckets", () => oss.ListFirstBucketAsync(cancellationToken));
        }
    }

    // Keys as the app makes them: a policy may be for no others.
    private IEnumerable<Place> Places(string name) => new UploadProfiles(uploads, options).All
        .Select(profile => new Place(profile.Bucket, profile.KeyTemplate?.Pattern ?? "*", profile.KeyTemplate?.Fill(name, name, name, clock.GetUtcNow()) ?? name))
        .Concat(bulk.Value.HasSources ? [new Place(options.Value.Bucket, "*", name)] : [])
        .DistinctBy(place => (place.Bucket, place.Pattern)).Take(MaxPlaces);

    private async Task<Finding> RightsAsync(Place where, CancellationToken cancellationToken)
    {
        const string Check = "oss_rights";
        var (bucket, key, place, at) = (where.Bucket, where.Key, $"{where.Bucket}/{where.Pattern}", "oss:GetObject");
        try
        {
            await oss.HeadObjectAsync(bucket, key, cancellationToken);
            at = "oss:PutObject";
            var uploadId = await oss.InitiateMultipartUploadAsync(bucket, key, null, cancellationToken);
            OssException? refused = null;
            try
            {
                await oss.ListPartsAsync(bucket, key, uploadId, cancellationToken).CountAsync(cancellationToken);
            }
            catch (OssException e)
            {
                refused = e;
            }

            // Whatever becomes of the rest: it is not to stay open.
            at = "oss:AbortMultipartUpload";
            await oss.AbortMultipartUploadAsync(bucket, key, uploadId, CancellationToken.None);
            at = "oss:ListParts";
            if (refused is not null)
            {
                throw refused;
            }

            return Finding.Ok(Check, $"The key may store in {place}.");
        }
        catch (OssException e)
        {
            return Finding.Error(Check, $"{place}, {at}: {e.Error.Code}, {e.Error.Message}", e.Error.Code switch
            {
                "InvalidAccessKeyId" => "See OSS_ACCESS_KEY_ID: there is no such key, or it is disabled.",
                "SignatureDoesNotMatch" => "See OSS_ACCESS_KEY_SECRET and Oss__Region.",
                "NoSuchBucket" => "See Oss__Bucket, the profiles' buckets and Oss__Endpoint.",
                "RequestTimeTooSkewed" => "Set this machine's clock.",
                _ => $"Give the key the policy that {Finding.Printed("policy")} prints; and see that Oss__Endpoint is that of the bucket's region.",
            });
        }
        catch (AccessKeyUnavailableException e)
        {
            return Finding.Error("oss_key", e.Message, "See the Oss__* settings of the role, its trust policy, and the identity's token.");
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            return Finding.Error(Check, $"{place}: OSS does not answer: {e.GetType().Name}.", "See Oss__Endpoint, and that this app may connect to it.");
        }
    }

    private IEnumerable<Finding> OfBucket(string bucket, BucketInfo info)
    {
        var here = "oss-" + options.Value.Region;
        yield return info.Location == here ? Finding.Ok("oss_region", $"{bucket} is in {here}.")
            : Finding.Error("oss_region", $"{bucket} is in {info.Location}, and Oss__Region is {options.Value.Region}.", "Set Oss__Region and Oss__Endpoint to the bucket's.");
        yield return info.Versioning is null ? Finding.Ok("oss_versioning", $"{bucket} has no versions: what may not be overwritten is not.")
            : Finding.Warning(
                "oss_versioning", $"{bucket} has versioning ({info.Versioning}): x-oss-forbid-overwrite is without effect there, so that a credential used twice makes a second version.",
                "Take a bucket that never had versioning, or key templates with {id} and short lifetimes.");
        if (info.Acl.StartsWith("public", StringComparison.Ordinal))
        {
            yield return Finding.Warning("oss_acl", $"{bucket} is {info.Acl}: what is uploaded is everybody's to read.", "Make the bucket private, unless that is meant.");
        }
    }

    private static Finding OfLifecycle(string bucket, LifecycleConfiguration lifecycle) =>
        lifecycle.Rules.Any(rule => rule is { IsEnabled: true, AbortDays: not null, Prefix: "" }) ? Finding.Ok("oss_lifecycle", $"{bucket} gives up multipart uploads that nobody ends.")
            : Finding.Warning(
                "oss_lifecycle", $"{bucket} keeps parts of multipart uploads that nobody ends, and bills them.", $"Set the lifecycle rule that {Finding.Printed("lifecycle")} prints.");

    private static async Task<(T? Value, Finding? Finding)> LookAsync<T>(string check, string bucket, string action, Func<Task<T>> look)
        where T : class
    {
        try
        {
            return (await look(), null);
        }
        catch (Exception e) when (e is OssException or AccessKeyUnavailableException || IsNoAnswer(e))
        {
            return (null, Finding.Unknown(check, $"{bucket}: {(e as OssException)?.Error.Code ?? e.GetType().Name}.", $"To have it looked at, allow {action} on the bucket."));
        }
    }

    private static async Task<Finding> ExcessAsync(string detail, string action, Func<Task> act)
    {
        const string Check = "oss_excess_rights";
        try
        {
            await act();
            return Finding.Warning(Check, detail, $"The app never does: take {action} away, as in the policy that {Finding.Printed("policy")} prints.");
        }
        catch (OssException e) when (e.Error.HttpStatus == 403)
        {
            return Finding.Ok(Check, $"{action} is refused.");
        }
        catch (Exception e) when (e is OssException or AccessKeyUnavailableException || IsNoAnswer(e))
        {
            return Finding.Unknown(Check, $"{action}: {(e as OssException)?.Error.Code ?? e.GetType().Name}.", "See the other findings first.");
        }
    }

    private static bool IsNoAnswer(Exception e) => e is HttpRequestException or IOException or TimeoutException;

    private sealed record Place(string Bucket, string Pattern, string Key);
}
