using CsCheck;
using Oss.Emulator.Listing;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Listing;

public sealed class ContinuationTokenTests
{
    [Theory]
    [InlineData("bc", "CgJiYw--")]
    [InlineData("test1.txt", "Cgl0ZXN0MS50eHQ-")]
    [InlineData("~~~???", "CgZ.fn4_Pz8-")]
    public void Has_the_form_of_OSSs_own(string last, string token)
    {
        Assert.Equal(token, ContinuationToken.Of(last));
        Assert.Equal(last, ContinuationToken.Read(token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1023)]
    public void Carries_keys_of_any_length(int length) => Assert.Equal(new string('k', length), ContinuationToken.Read(ContinuationToken.Of(new string('k', length))));

    [Fact]
    public void Is_refused_when_it_is_none() => Gen.String.Sample(text =>
    {
        try
        {
            Assert.Equal(text, ContinuationToken.Of(ContinuationToken.Read(text)));
        }
        catch (OssException e)
        {
            Assert.Equal("InvalidArgument", e.Error.Code);
        }
    });
}
