using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Forms;

/// <summary>Forms as browsers send them, and others.</summary>
internal static class TestForm
{
    public const string Boundary = "----form-boundary";
    public const string ContentType = "multipart/form-data; boundary=" + Boundary;

    /// <summary>A form with a policy over all its fields; its key is <c>up/${filename}</c> unless given.</summary>
    public static PostForm Sign(TestOss oss, long min = 0, long max = 1_000_000, params (string Name, string Value)[] fields) =>
        PostForm.Sign(
            oss.Signer, oss.Endpoint, TestOss.BucketName,
            [.. fields.Append(("key", "up/${filename}")).DistinctBy(field => field.Item1).Select(field => KeyValuePair.Create(field.Item1, field.Item2))],
            min, max, oss.Clock.GetUtcNow(), TimeSpan.FromHours(1));

    /// <summary>A form with any text as its policy; <c>{V4}</c> in it becomes the conditions that V4 asks for.</summary>
    public static List<KeyValuePair<string, string>> SignText(TestOss oss, string policy, DateTimeOffset? time = null, params (string Name, string Value)[] fields)
    {
        var date = V4Timestamp.ToText(time ?? oss.Clock.GetUtcNow());
        var credential = oss.Signer.Credential(time ?? oss.Clock.GetUtcNow());
        var v4 = $$"""{"x-oss-signature-version":"OSS4-HMAC-SHA256"},{"x-oss-credential":"{{credential}}"},{"x-oss-date":"{{date}}"}""";
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(policy.Replace("{V4}", v4, StringComparison.Ordinal)));
        return
        [
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
            new("x-oss-signature-version", "OSS4-HMAC-SHA256"), new("x-oss-credential", credential), new("x-oss-date", date),
            new("policy", encoded), new("x-oss-signature", oss.Signer.SignPolicy(encoded, time ?? oss.Clock.GetUtcNow())),
        ];
    }

    public static byte[] Body(IEnumerable<KeyValuePair<string, string>> fields, byte[]? file, string fileName = "文件 1.bin", string? fileType = "image/png", string end = "\r\n--" + Boundary + "--\r\n")
    {
        using var body = new MemoryStream();
        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
        foreach (var (name, value) in fields)
        {
            Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        if (file is not null)
        {
            Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{fileName}\"\r\n{(fileType is null ? "" : $"Content-Type: {fileType}\r\n")}\r\n");
            body.Write(file);
        }

        Write(end);
        return body.ToArray();
    }

    public static async Task<HttpResponseMessage> PostAsync(TestOss oss, byte[] body, string? contentType = null, params (string Name, string Value)[] headers) =>
        await oss.SendAsync(
            "POST", oss.Endpoint.BucketUrl(TestOss.BucketName),
            [new("Content-Type", contentType ?? ContentType), .. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))], new ByteArrayContent(body));
}
