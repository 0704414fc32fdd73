using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Oss.Protocol;

/// <summary>
/// The least session policy with which somebody can upload: PutObject (which covers forms and multipart uploads), ListParts and AbortMultipartUpload, on one key or below one prefix.
/// It lends no right that the role has not, and none to read, list or delete objects; but an object that is there can be written over.
/// Source: RAM documentation, "Policy structure and syntax"; OSS documentation, "RAM policies".
/// </summary>
public static class SessionPolicy
{
    private static readonly string[] Actions = ["oss:PutObject", "oss:AbortMultipartUpload", "oss:ListParts"];

    // STS counts characters: what JSON need not escape is not escaped.
    private static readonly JsonWriterOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Uploads to one key.</summary>
    /// <param name="bucket">Bucket name.</param>
    /// <param name="key">Object key, 1 to 1,023 bytes of UTF-8, without <c>*</c> and <c>?</c>: to RAM these are wildcards, and nothing escapes them.</param>
    /// <returns>JSON of at most 2,048 characters, for <see cref="AssumeRoleRequest.Policy"/>.</returns>
    /// <exception cref="ArgumentException">Bucket or key is none, the key would widen the policy, or the policy would be longer than STS takes.</exception>
    public static string ForKey(string bucket, string key) => Policy(bucket, key, nameof(key), "");

    /// <summary>Uploads to all keys that begin with a prefix. The prefix is taken to the letter: <c>user/4</c> stands for <c>user/42/a</c> too, <c>user/4/</c> does not.</summary>
    /// <param name="bucket">Bucket name.</param>
    /// <param name="prefix">Beginning of the keys, not empty; otherwise as a key is.</param>
    /// <returns>JSON of at most 2,048 characters, for <see cref="AssumeRoleRequest.Policy"/>.</returns>
    /// <exception cref="ArgumentException">Bucket or prefix is none, the prefix would widen the policy, or the policy would be longer than STS takes.</exception>
    public static string ForPrefix(string bucket, string prefix) => Policy(bucket, prefix, nameof(prefix), "*");

    private static string Policy(string bucket, string key, string parameter, string end)
    {
        if (!ObjectKey.IsValidBucket(bucket))
        {
            throw new ArgumentException($"'{bucket}' is no bucket name.", nameof(bucket));
        }

        if (!ObjectKey.IsValid(key, out var reason))
        {
            throw new ArgumentException(reason, parameter);
        }

        if (key.AsSpan().ContainsAny('*', '?'))
        {
            throw new ArgumentException("'*' and '?' are wildcards to RAM: with them the policy would cover more than was asked for.", parameter);
        }

        var json = Json($"acs:oss:*:*:{bucket}/{key}{end}");
        return json.Length <= AssumeRoleRequest.MaxPolicyLength
            ? json
            : throw new ArgumentException($"The session policy would have {json.Length} characters; STS allows {AssumeRoleRequest.MaxPolicyLength}.", parameter);
    }

    private static string Json(string resource)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Short))
        {
            writer.WriteStartObject();
            writer.WriteString("Version", "1");
            writer.WriteStartArray("Statement");
            writer.WriteStartObject();
            writer.WriteString("Effect", "Allow");
            writer.WriteStartArray("Action");
            foreach (var action in Actions)
            {
                writer.WriteStringValue(action);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("Resource");
            writer.WriteStringValue(resource);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
