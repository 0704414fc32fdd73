using System.Text;
using System.Xml.Linq;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>A reply, read to its end, and held to what every reply of OSS has.</summary>
internal sealed class ConformanceReply
{
    private readonly HttpResponseMessage _response;

    private ConformanceReply(HttpResponseMessage response, byte[] body)
    {
        _response = response;
        Body = body;
    }

    public int Status => (int)_response.StatusCode;

    public byte[] Body { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public XElement Xml => XElement.Parse(Text);

    /// <summary>The refusal: the XML of the body, or of its header where there is none (HEAD).</summary>
    public OssError Error => OssError.Parse(
        Body.Length == 0 && this["x-oss-err"] is { } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : Text, Status, null);

    public string? this[string header] => TestOss.Header(_response, header);

    public string? Detail(string element) => Error.Details.FirstOrDefault(detail => detail.Key == element).Value;

    public static async Task<ConformanceReply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var reply = new ConformanceReply(response, await response.Content.ReadAsByteArrayAsync());
            Assert.Matches("^[0-9A-F]{24}$", reply["x-oss-request-id"]);
            Assert.Equal("AliyunOSS", reply["Server"]);
            Assert.NotNull(response.Headers.Date);
            Assert.Matches("^[0-9]+$", reply["x-oss-server-time"]);
            if (reply.Status >= 400)
            {
                reply.AssertError(response.RequestMessage!.Method == HttpMethod.Head);
            }

            return reply;
        }
    }

    private void AssertError(bool isHead)
    {
        if (isHead)
        {
            Assert.Empty(Body);
        }
        else
        {
            Assert.Equal("application/xml", this["Content-Type"]);
        }

        var error = isHead ? XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(this["x-oss-err"]!))) : Xml;
        Assert.Equal("Error", error.Name.LocalName);
        Assert.Equal(this["x-oss-request-id"], error.Element("RequestId")?.Value);
        Assert.All((string[])["Code", "Message", "HostId"], name => Assert.False(string.IsNullOrEmpty(error.Element(name)?.Value), $"{name} is missing: {error}"));
        Assert.Equal(error.Element("EC")?.Value, this["x-oss-ec"]);
    }
}
