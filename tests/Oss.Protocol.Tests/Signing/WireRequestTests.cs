namespace Oss.Protocol.Tests;

/// <summary>Requests as official SDKs sent them, each judged by the verifier of its version.</summary>
public sealed class WireRequestTests
{
    // The middle of the runs.
    private static readonly DateTimeOffset Runs = new(2026, 11, 23, 9, 5, 0, TimeSpan.Zero);

    public static TheoryData<string> Wire => Vector.Ids("wire-requests");

    [Fact]
    public void Has_requests_of_all_schemes() => Assert.Equal(
        [(SignatureScheme.V1Header, 19), (SignatureScheme.V1Query, 4), (SignatureScheme.V4Header, 110), (SignatureScheme.V4Query, 7)],
        Wire.Select(row => Read(row.Data).Scheme).CountBy(scheme => scheme).Select(count => (count.Key, count.Value)).OrderBy(count => $"{count.Key}"));

    [Theory]
    [MemberData(nameof(Wire))]
    public void Verifies_what_official_SDKs_sent(string id)
    {
        var (call, scheme) = Read(id);

        var verification = call.Verify();
        Assert.True(verification.IsValid, verification.Error?.ToString() ?? "taken for unsigned");
        Assert.Equal(call.Known, verification.Signer);
        Assert.Equal(scheme, verification.Scheme);

        var other = (call with { IsV1 = !call.IsV1 }).Verify();
        Assert.Equal((SignatureScheme.None, null, null), (other.Scheme, other.Signer, other.Error));
    }

    [Theory]
    [MemberData(nameof(Wire))]
    public void Refuses_what_official_SDKs_sent_once_it_was_altered(string id)
    {
        var (call, scheme) = Read(id);
        SignedCall[] altered =
        [
            call.WithSignature(signature => (signature[0] == 'a' ? 'b' : 'a') + signature[1..]),
            call with { Method = call.Method + "X" },
            call with { Bucket = call.Bucket + "0" },
            call with { Key = call.Key + "0" },
            call.WithHeader("x-oss-added", "1"),
            call.WithHeader("Content-Type", "application/altered"),
            call with { Known = call.Known with { Secret = call.Known.Secret + "0" } },
        ];

        Assert.All(altered, one =>
        {
            var verification = one.Verify();
            Assert.False(verification.IsValid);
            Assert.Equal(("SignatureDoesNotMatch", "0002-00000040", scheme), (verification.Error?.Code, verification.Error?.Ec, verification.Scheme));
        });
    }

    private static (SignedCall Call, SignatureScheme Scheme) Read(string id)
    {
        var vector = Vector.Get("wire-requests", id);
        var target = vector.Input.Text("target").Split('?', 2);
        var rawQuery = target.ElementAtOrDefault(1) ?? "";
        var headers = vector.Input.GetProperty("headers").EnumerateArray()
            .GroupBy(header => header[0].GetString()!, header => header[1].GetString(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => string.Join(',', header), StringComparer.OrdinalIgnoreCase);
        var scheme = vector.Expected.Text("authScheme") switch
        {
            "v4-header" => SignatureScheme.V4Header,
            "v4-query" => SignatureScheme.V4Query,
            "v1-header" => SignatureScheme.V1Header,
            _ => SignatureScheme.V1Query,
        };

        // A URL of five minutes has to be looked at within them.
        var urlDate = OssEncoding.ParseQuery(rawQuery).FirstOrDefault(pair => pair.Key == "x-oss-date").Value;
        var call = new SignedCall(vector.Input.Text("method"), vector.Expected.TextOrNull("bucket"), vector.Expected.TextOrNull("key"), rawQuery, headers, vector.Key)
        {
            Now = V4Timestamp.TryParse(urlDate, out var signed) ? signed : Runs,
            Region = vector.Input.Text("region"),
            IsV1 = scheme is SignatureScheme.V1Header or SignatureScheme.V1Query,
            IsPresigned = scheme is SignatureScheme.V1Query or SignatureScheme.V4Query,
        };
        return (call, scheme);
    }
}
