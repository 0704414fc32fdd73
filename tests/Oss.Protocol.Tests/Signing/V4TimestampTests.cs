using System.Globalization;

namespace Oss.Protocol.Tests;

public sealed class V4TimestampTests
{
    [Fact]
    public void Writes_UTC_whatever_the_offset() =>
        Assert.Equal("20250102T030405Z", V4Timestamp.ToText(new DateTimeOffset(2025, 1, 2, 11, 4, 5, 999, TimeSpan.FromHours(8))));

    [Fact]
    public void Writes_what_the_format_string_writes_and_reads_it_back()
    {
        var arbitrary = new Arbitrary(1);
        for (var i = 0; i < 500; i++)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(arbitrary.Between(0, 253402300799));
            var text = V4Timestamp.ToText(time);
            Assert.Equal(time.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), text);
            Assert.True(V4Timestamp.TryParse(text, out var read));
            Assert.Equal(time, read);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("20250102T030405")]
    [InlineData("20250102 030405Z")]
    [InlineData(" 20250102T030405Z")]
    [InlineData("20250102T030405Z ")]
    [InlineData("20250230T030405Z")]
    [InlineData("20250102T250405Z")]
    [InlineData("2025-01-02T03:04:05Z")]
    [InlineData("1735787045")]
    public void Reads_no_other_form(string? text) => Assert.False(V4Timestamp.TryParse(text, out _));
}
