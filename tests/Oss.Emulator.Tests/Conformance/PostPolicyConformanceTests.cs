using static Oss.Emulator.Tests.Conformance.ConformanceForm;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

public sealed class PostPolicyConformanceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [OnEachTarget("""{"key":"{key}"}""", true)]
    [OnEachTarget("""{"key":"{key}x"}""", false)]
    [OnEachTarget("""["eq","$key","{key}"]""", true)]
    [OnEachTarget("""["eq","$key","elsewhere"]""", false)]
    [OnEachTarget("""["starts-with","$key","oss-conformance/"]""", true)]
    [OnEachTarget("""["starts-with","$key",""]""", true)]
    [OnEachTarget("""["starts-with","$key","elsewhere/"]""", false)]
    [OnEachTarget("""["in","$key",["x","{key}"]]""", true)]
    [OnEachTarget("""["in","$key",["x","y"]]""", false)]
    [OnEachTarget("""["not-in","$key",["x"]]""", true)]
    [OnEachTarget("""["not-in","$key",["{key}"]]""", false)]
    [OnEachTarget("""{"bucket":"{bucket}"}""", true)]
    [OnEachTarget("""{"bucket":"{bucket}-other"}""", false)]
    [OnEachTarget("""{"success_action_status":"200"}""", true)]
    [OnEachTarget("""{"success_action_status":"201"}""", false)]
    [OnEachTarget("""["content-length-range",100,100]""", true)]
    public async Task Holds_a_form_to_its_conditions(string target, string condition, bool holds)
    {
        await using var oss = await StartAsync(target);
        var text = condition.Replace("{key}", oss.Key("a"), StringComparison.Ordinal).Replace("{bucket}", oss.Bucket, StringComparison.Ordinal);

        var reply = await PostAsync(oss, Sign(oss, text, Hour, ("key", oss.Key("a")), ("success_action_status", "200")), Content);

        if (holds)
        {
            Assert.Equal((200, ""), (reply.Status, reply.Text));
            Assert.Equal(Content, await oss.GetAsync("a"));
        }
        else
        {
            Refused(403, "AccessDenied", "0006-00000227", reply);
            await oss.AssertMissingAsync("a");
        }
    }

    [Theory]
    [OnEachTarget(0, 99, "EntityTooLarge")]
    [OnEachTarget(101, 200, "EntityTooSmall")]
    public async Task Holds_the_file_to_its_size(string target, int min, int max, string code)
    {
        await using var oss = await StartAsync(target);

        Refused(400, code, null, await PostAsync(oss, Sign(oss, $"""["content-length-range",{min},{max}]""", Hour, ("key", oss.Key("a"))), Content));

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task A_field_that_a_condition_names_must_be_there(string target)
    {
        await using var oss = await StartAsync(target);

        Refused(403, "AccessDenied", "0006-00000226", await PostAsync(oss, Sign(oss, """["starts-with","$x-oss-meta-a",""]""", Hour, ("key", oss.Key("a"))), Content));

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task A_policy_ends(string target)
    {
        await using var oss = await StartAsync(target);

        var late = Refused(403, "AccessDenied", null, await PostAsync(oss, Sign(oss, "", -Hour, ("key", oss.Key("a"))), Content));

        Assert.Equal("Invalid according to Policy: Policy expired.", late.Error.Message);
        await oss.AssertMissingAsync("a");
    }

    [Theory]
    [OnEachTarget("no json", "0006-00000201")]
    [OnEachTarget("""{"expiration":"{soon}"}""", "0006-00000207")]
    [OnEachTarget("""{"conditions":[{V4}]}""", "0006-00000208")]
    [OnEachTarget("{}", "0006-00000209")]
    [OnEachTarget("""{"expiration":"{soon}","conditions":{}}""", "0006-00000214")]
    [OnEachTarget("""{"expiration":"{soon}","conditions":[{V4},[]]}""", "0006-00000216")]
    [OnEachTarget("""{"expiration":"{soon}","conditions":[{V4},["content-length-range",10,"x"]]}""", "0006-00000221")]
    [OnEachTarget("""{"expiration":"{soon}","conditions":[{V4},7]}""", "0006-00000222")]
    public async Task A_policy_that_is_none_is_refused(string target, string policy, string ec)
    {
        await using var oss = await StartAsync(target);
        var text = policy.Replace("{soon}", Time(Now + Hour), StringComparison.Ordinal);

        Refused(400, "InvalidPolicyDocument", ec, await PostAsync(oss, SignText(oss, text, ("key", oss.Key("a"))), Content));

        await oss.AssertMissingAsync("a");
    }

    [Theory]
    [OnEachTarget("x-oss-signature")]
    [OnEachTarget("policy")]
    public async Task A_form_that_was_changed_is_refused(string target, string field)
    {
        await using var oss = await StartAsync(target);
        var fields = Sign(oss, "", Hour, ("key", oss.Key("a")));
        var other = Sign(oss, """["content-length-range",0,1000]""", Hour, ("key", oss.Key("a")));

        var reply = await PostAsync(oss, fields.Select(f => f.Key == field ? other.Single(o => o.Key == field) : f), Content);

        Refused(403, "SignatureDoesNotMatch", null, reply);
        await oss.AssertMissingAsync("a");
    }
}
