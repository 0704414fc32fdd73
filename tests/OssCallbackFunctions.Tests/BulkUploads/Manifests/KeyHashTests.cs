using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class KeyHashTests
{
    [Fact]
    public void A_keys_name_is_32_hex_digits_of_its_sha_256() => Assert.Equal("ca978112ca1bbdcafac231b39a23dc4d", KeyHash.Of("a"));
}
