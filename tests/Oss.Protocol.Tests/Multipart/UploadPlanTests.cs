namespace Oss.Protocol.Tests;

public sealed class UploadPlanTests
{
    [Fact]
    public void Parts_tile_the_object_exactly_within_the_limits()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            // All orders of magnitude, not only the largest.
            var size = arbitrary.Between(0, OssLimits.MaxObjectSize >> arbitrary.Below(46));
            var plan = UploadPlan.For(size, arbitrary.Between(OssLimits.MinPartSize, OssLimits.MaxSimpleUploadSize >> arbitrary.Below(15)));

            Assert.InRange(plan.PartCount, 1, OssLimits.MaxPartCount);
            Assert.InRange(plan.PartSize, OssLimits.MinPartSize, OssLimits.MaxSimpleUploadSize);
            var end = 0L;
            for (var number = 1; number <= plan.PartCount; number++)
            {
                var part = plan.Part(number);
                // Not Assert.Equal: there are millions of parts.
                if (part != new PartRange(number, end, number < plan.PartCount ? plan.PartSize : size - end) || (part.Length <= 0 && size > 0))
                {
                    Assert.Fail($"{plan} has {part} after {end} bytes.");
                }

                end += part.Length;
            }

            Assert.Equal(size, end);
        }
    }

    [Theory]
    [InlineData(0, 102_400, 102_400, 1)]
    [InlineData(1, 102_400, 102_400, 1)]
    [InlineData(102_400, 102_400, 102_400, 1)]
    [InlineData(102_401, 102_400, 102_400, 2)]
    [InlineData(1_024_000_000, 102_400, 102_400, 10_000)]
    [InlineData(1_024_000_001, 102_400, 1_048_576, 977)]
    [InlineData(10_485_760_000, 1_048_576, 1_048_576, 10_000)]
    [InlineData(10_485_760_001, 1_048_576, 2_097_152, 5_001)]
    [InlineData(53_687_091_200_000, 102_400, 5_368_709_120, 10_000)]
    [InlineData(53_687_091_199_999, 5_368_709_120, 5_368_709_120, 10_000)]
    public void Takes_the_part_size_wished_for_while_10000_parts_suffice_and_whole_MiB_after(long size, long wished, long partSize, int count)
    {
        var plan = UploadPlan.For(size, wished);
        Assert.Equal((partSize, count), (plan.PartSize, plan.PartCount));
    }

    [Theory]
    [InlineData(-1, 102_400)]
    [InlineData(53_687_091_200_001, 5_368_709_120)]
    [InlineData(1, 102_399)]
    [InlineData(1, 5_368_709_121)]
    public void Refuses_figures_outside_the_limits_of_OSS(long size, long wished) => Assert.Throws<ArgumentOutOfRangeException>(() => UploadPlan.For(size, wished));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Has_no_part_outside_its_numbers(int number) => Assert.Throws<ArgumentOutOfRangeException>(() => UploadPlan.For(102_401, 102_400).Part(number));
}
