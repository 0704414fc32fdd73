using System.Globalization;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class KeyCollisionsTests
{
    [Fact]
    public void Each_repeat_among_a_hundred_thousand_keys_is_found_and_nothing_else()
    {
        var keys = new KeyCollisions();
        var random = Enumerable.Range(0, 100_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();

        Assert.DoesNotContain(random, keys.IsRepeat);
        Assert.All(random, key => Assert.True(keys.IsRepeat(key)));
        Assert.False(keys.IsRepeat("A"));
        Assert.False(keys.IsRepeat("a"));
        Assert.Equal(0, keys.Unchecked);
    }

    [Fact]
    public void A_key_that_there_is_no_room_for_is_counted_as_unchecked()
    {
        var keys = new KeyCollisions(2);

        Assert.False(keys.IsRepeat("a"));
        Assert.False(keys.IsRepeat("b"));
        Assert.False(keys.IsRepeat("c"));
        Assert.True(keys.IsRepeat("a"));
        Assert.Equal(1, keys.Unchecked);
    }

    [Fact]
    public void A_keys_name_is_32_hex_digits_of_its_sha_256() => Assert.Equal("ca978112ca1bbdcafac231b39a23dc4d", KeyHash.Of("a"));
}
