using System.Text.Json;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Grants;

public sealed class CallbackAddressTests
{
    private readonly UploadGrant _grant = new("id-1", "default", "", DateTimeOffset.UnixEpoch.AddYears(99));

    [Theory]
    [InlineData("https://fn.example.com", "https://fn.example.com/api/callbacks/oss/", "/api/callbacks/oss/")]
    [InlineData("https://gw.example.com/prefix/", "https://gw.example.com/prefix/api/callbacks/oss/", "/prefix/api/callbacks/oss/")]
    [InlineData("http://127.0.0.1:7071", "http://127.0.0.1:7071/api/callbacks/oss/", "/api/callbacks/oss/")]
    public void Names_the_public_address_and_checks_over_its_path(string baseUrl, string url, string path)
    {
        var address = Address(baseUrl);
        var callback = address.For(_grant, "bucket", "key");
        var token = callback.Urls.Single()[url.Length..];
        Assert.StartsWith(url, callback.Urls.Single(), StringComparison.Ordinal);
        Assert.Equal([path + token], address.SignedTargets(token, ""));
        Assert.Equal([path + token + "?x=%2F"], address.SignedTargets(token, "?x=%2F"));
    }

    [Theory]
    [InlineData("https://fn.example.com", true)]
    [InlineData("http://fn.example.com", false)]
    public void Sends_the_servers_name_with_https(string baseUrl, bool sni) => Assert.Equal(sni, Address(baseUrl).For(_grant, "b", "k").Sni);

    [Fact]
    public void Names_every_address_and_checks_over_each_of_their_paths_once()
    {
        var address = Address("http://one.example.com", "https://two.example.com/ ; https://gw.example.com/prefix");
        var callback = address.For(_grant, "bucket", "key");
        var token = callback.Urls[0]["http://one.example.com/api/callbacks/oss/".Length..];
        Assert.Equal(
            [$"http://one.example.com/api/callbacks/oss/{token}", $"https://two.example.com/api/callbacks/oss/{token}", $"https://gw.example.com/prefix/api/callbacks/oss/{token}"], callback.Urls);
        Assert.True(callback.Sni);
        Assert.Equal([$"/api/callbacks/oss/{token}?q", $"/prefix/api/callbacks/oss/{token}?q"], address.SignedTargets(token, "?q"));
        Assert.True(CallbackParameter.TryParse(callback.ToBase64(), null, out var read, out _));
        Assert.Equal(callback.Urls, read.Urls);
    }

    [Fact]
    public void Stays_within_the_5_KB_that_OSS_takes_whatever_the_key()
    {
        var grant = _grant with { Id = new string('i', 64), Subject = new string('s', 128) };
        Assert.InRange(Address("https://a-rather-long-host-name.azurewebsites.net/with/a/path").For(grant, new string('b', 63), new string('图', 341)).ToBase64().Length, 1, 1200);
    }

    [Theory]
    [InlineData("", 1024)]
    [InlineData("https://two.example.com", 500)]
    [InlineData("https://two.example.com;https://three.example.com;https://four.example.com;https://five.example.com", 50)]
    public void Stays_within_the_5_KB_that_OSS_takes_with_the_longest_variables_there_is_room_for(string fallbacks, int least)
    {
        var options = new CallbackAddressOptions { PublicBaseUrl = "https://a-rather-long-host-name.azurewebsites.net/with/a/path", FallbackBaseUrls = fallbacks };
        var names = Enumerable.Range(0, 10).Select(n => $"variable_{n}").ToList();
        var room = Math.Min(1024, CallbackAddress.RoomForVariables(options, "profile", names, []));
        Assert.InRange(room, least, 1024);
        var grant = new UploadGrant(new string('i', 64), "profile", new string('s', 128), DateTimeOffset.UnixEpoch.AddYears(99))
        {
            Variables = names.ToDictionary(name => name, name => new string('v', (room / 10) + (name == names[0] ? room % 10 : 0))),
        };
        var parameter = Address(options.PublicBaseUrl, fallbacks).For(grant, new string('b', 63), new string('图', 341)).ToBase64();
        Assert.InRange(parameter.Length, 1, OssLimits.MaxCallbackParameterLength);
        Assert.True(CallbackParameter.TryParse(parameter, null, out var read, out var error), error?.Message);
        // No gateway has to take more than 260 characters between two slashes.
        Assert.All(read.Urls.SelectMany(url => new Uri(url).Segments), segment => Assert.InRange(segment.Length, 1, 201));
    }

    [Fact]
    public void Has_a_template_that_is_JSON_when_OSS_fills_it_in()
    {
        var callback = Address("https://fn.example.com").For(_grant, "bucket", "key");
        Assert.Equal(CallbackBodyType.Json, callback.BodyType);
        var filled = callback.Body.Replace("${size}", "5", StringComparison.Ordinal);
        filled = System.Text.RegularExpressions.Regex.Replace(filled, @"\$\{[A-Za-z0-9.:]+\}", "\"x\"");
        using var json = JsonDocument.Parse(filled);
        Assert.Equal(5, json.RootElement.GetProperty("size").GetInt32());
    }

    private static CallbackAddress Address(string baseUrl, string fallbacks = "") => new(
        Options.Create(new CallbackAddressOptions { PublicBaseUrl = baseUrl, FallbackBaseUrls = fallbacks }),
        new UploadGrants(Options.Create(new GrantOptions { Secret = Convert.ToBase64String(new byte[32]) }), TimeProvider.System));
}
