using Oss.Emulator.Faults;

namespace Oss.Emulator.Tests.Faults;

public sealed class FaultInjectionTests
{
    private static readonly Fault Lost = new() { Operation = "PutObject", Effect = new LoseReplyEffect() };

    private static FaultInjection Faults(long seed = 0) => new(seed) { Operations = ["PutObject", "GetObject", "UploadPart"] };

    private static FaultSubject Subject(string operation = "PutObject", string bucket = "b", string? key = "k", int? part = null, bool hasBody = true, bool hasCallback = false) =>
        new(operation, bucket, key, part, hasBody, hasCallback);

    private static string Hits(FaultInjection faults, int count = 200) => string.Concat(Enumerable.Range(0, count).Select(_ => faults.Meet(Subject()) is null ? '.' : 'x'));

    [Fact]
    public void The_same_seed_hits_the_same_matches_and_another_seed_others()
    {
        var fault = Lost with { Probability = 0.3 };
        string Run(long seed)
        {
            var faults = Faults(seed);
            faults.Add(fault);
            return Hits(faults);
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.InRange(Run(1).Count(hit => hit == 'x'), 30, 90);
    }

    [Fact]
    public void A_seed_of_its_own_goes_before_the_emulators()
    {
        var fault = Lost with { Probability = 0.5, Seed = 7 };
        var (one, two, emulators) = (Faults(1), Faults(2), Faults(7));
        one.Add(fault);
        two.Add(fault);
        emulators.Add(fault with { Seed = null });

        Assert.Equal(Hits(one), Hits(two));
        one.Clear();
        one.Add(fault);
        Assert.Equal(Hits(emulators), Hits(one));
    }

    [Fact]
    public void Two_faults_with_one_seed_do_not_hit_the_same_matches()
    {
        var faults = Faults();
        faults.Add(Lost with { Operation = "GetObject" });
        faults.Add(Lost with { Probability = 0.5 });
        var second = Hits(faults);
        faults.Clear();
        faults.Add(Lost with { Probability = 0.5 });

        Assert.NotEqual(second, Hits(faults));
    }

    [Fact]
    public void Cleared_faults_begin_again_but_ids_are_not_used_twice()
    {
        var faults = Faults();
        var first = faults.Add(Lost with { Probability = 0.5 });
        var before = Hits(faults);
        faults.Clear();
        var second = faults.Add(Lost with { Probability = 0.5 });

        Assert.Equal(before, Hits(faults));
        Assert.NotEqual(first.Id, second.Id);
        Assert.False(faults.Remove(first.Id));
        Assert.True(faults.Remove(second.Id));
        Assert.Empty(faults.Installed);
    }

    [Fact]
    public async Task Threads_change_neither_how_many_are_hit_nor_how_many_are_counted()
    {
        var sequence = Faults(3);
        sequence.Add(Lost with { Probability = 0.3, After = 10, Times = 100 });
        var expected = Hits(sequence, 800).Count(hit => hit == 'x');
        var faults = Faults(3);
        var installed = faults.Add(Lost with { Probability = 0.3, After = 10, Times = 100 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Hits(faults, 100))));

        Assert.Equal((800, expected), (installed.Matches, installed.Hits));
    }

    [Theory]
    [InlineData(0, null, "xxxxx")]
    [InlineData(2, null, "..xxx")]
    [InlineData(0, 1, "x....")]
    [InlineData(1, 2, ".xx..")]
    public void Counts_what_passes_first_and_what_is_hit(int after, int? times, string expected)
    {
        var faults = Faults();
        var installed = faults.Add(Lost with { After = after, Times = times });

        Assert.Equal(expected, Hits(faults, 5));
        Assert.Equal((5, expected.Count(hit => hit == 'x')), (installed.Matches, installed.Hits));
    }

    [Fact]
    public void Is_meant_for_the_requests_it_names_only()
    {
        Assert.True(Lost.Matches(Subject()));
        Assert.False(Lost.Matches(Subject("GetObject")));
        Assert.True((Lost with { Operation = "*" }).Matches(Subject("GetObject")));
        Assert.False((Lost with { Bucket = "B" }).Matches(Subject()));
        Assert.True((Lost with { Bucket = "b", KeyPrefix = "文/" }).Matches(Subject(key: "文/../k")));
        Assert.False((Lost with { KeyPrefix = "K" }).Matches(Subject()));
        Assert.False((Lost with { KeyPrefix = "" }).Matches(Subject(key: null)));
        Assert.True((Lost with { PartNumber = 3 }).Matches(Subject(part: 3)));
        Assert.False((Lost with { PartNumber = 3 }).Matches(Subject(part: 4)));
        Assert.False((Lost with { Effect = new ResetRequestEffect() }).Matches(Subject(hasBody: false)));
        Assert.False((Lost with { Effect = new DoubleCallbackEffect() }).Matches(Subject()));
        Assert.True((Lost with { Effect = new DoubleCallbackEffect() }).Matches(Subject(hasCallback: true)));
    }

    public static TheoryData<Fault, string> Impossible() => new()
    {
        { Lost with { Operation = "" }, "operation" },
        { Lost with { Operation = "PutObjekt" }, "operation PutObjekt" },
        { Lost with { Probability = 1.1 }, "probability" },
        { Lost with { Probability = double.NaN }, "probability" },
        { Lost with { Times = 0 }, "times" },
        { Lost with { After = -1 }, "after" },
        { Lost with { PartNumber = 10_001 }, "partNumber" },
        { Lost with { Effect = new ErrorEffect { Code = "", Status = 500 } }, "code" },
        { Lost with { Effect = new ErrorEffect { Code = "InternalError", Status = 200 } }, "status" },
        { Lost with { Effect = new ThrottleEffect { Code = "SlowDown" } }, "code" },
        { Lost with { Effect = new DelayEffect { Duration = TimeSpan.Zero } }, "milliseconds" },
        { Lost with { Effect = new DelayCallbackEffect { Duration = TimeSpan.FromDays(2) } }, "milliseconds" },
        { Lost with { Effect = new ResetRequestEffect { AfterBytes = -1 } }, "afterBytes" },
        { Lost with { Effect = new ResetReplyEffect { AfterBytes = 1, InHeaders = true } }, "afterBytes" },
        { Lost with { Effect = new CorruptReplyEffect { AtByte = -1 } }, "atByte" },
        { Lost with { Effect = new SlowReplyEffect { BytesPerSecond = 0 } }, "bytesPerSecond" },
        { Lost with { Effect = new SlowRequestEffect { BytesPerSecond = -5 } }, "bytesPerSecond" },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void Names_what_cannot_be(Fault fault, string member) =>
        Assert.StartsWith(member, Assert.Throws<ArgumentException>(() => Faults().Add(fault)).Message, StringComparison.Ordinal);
}
