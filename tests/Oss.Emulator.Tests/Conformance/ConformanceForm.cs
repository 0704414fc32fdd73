using System.Globalization;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>Forms whose policy is any text, and their way to the bucket.</summary>
internal static class ConformanceForm
{
    public static readonly byte[] Content = TestOss.Bytes(100);

    /// <summary>Fields signed with a policy of the conditions that V4 asks for and those given, separated by commas.</summary>
    public static List<KeyValuePair<string, string>> Sign(ConformanceRun oss, string conditions, TimeSpan lifetime, params (string Name, string Value)[] fields)
    {
        return SignText(oss, $$"""{"expiration":"{{Time(ConformanceRun.Now + lifetime)}}","conditions":[{{conditions}}{{(conditions.Length > 0 ? "," : "")}}{V4}]}""", fields);
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Fields signed with any text as policy; <c>{V4}</c> in it becomes the conditions that V4 asks for.</summary>
    public static List<KeyValuePair<string, string>> SignText(ConformanceRun oss, string policy, params (string Name, string Value)[] fields)
    {
        var time = ConformanceRun.Now;
        List<KeyValuePair<string, string>> signing =
            [new("x-oss-signature-version", V4Signer.Algorithm), new("x-oss-credential", oss.Signer.Credential(time)), new("x-oss-date", V4Timestamp.ToText(time))];
        if (oss.AccessKey.IsTemporary)
        {
            signing.Add(new("x-oss-security-token", oss.AccessKey.SecurityToken!));
        }

        var conditions = string.Join(',', signing.Select(field => $$"""{"{{field.Key}}":"{{field.Value}}"}"""));
        var encoded = Convert.ToBase64String(ConformanceRun.Utf8(policy.Replace("{V4}", conditions, StringComparison.Ordinal)));
        return
        [
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), .. signing,
            new("policy", encoded), new("x-oss-signature", oss.Signer.SignPolicy(encoded, time)),
        ];
    }

    public static Task<ConformanceReply> PostAsync(
        ConformanceRun oss, IEnumerable<KeyValuePair<string, string>> fields, byte[]? file, string fileName = "f.bin", string? fileType = "image/png",
        params (string Name, string Value)[] headers) =>
        oss.SendAsync(
            "POST", oss.Endpoint.BucketUrl(oss.Bucket), [new("Content-Type", TestForm.ContentType), .. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            new ByteArrayContent(TestForm.Body(fields, file, fileName, fileType, file is null ? $"--{TestForm.Boundary}--\r\n" : $"\r\n--{TestForm.Boundary}--\r\n")));
}
