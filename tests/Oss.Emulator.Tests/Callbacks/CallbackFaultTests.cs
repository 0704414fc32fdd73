using Microsoft.AspNetCore.Http;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class CallbackFaultTests
{
    private static CallbackParameter To(CallbackServer server, CallbackBodyType type = CallbackBodyType.Form) =>
        new() { Urls = [server.Url + "/1", server.Url + "/2"], Body = type == CallbackBodyType.Json ? """{"size":${size}}""" : "size=${size}", BodyType = type };

    private static (string Message, string? Ec) Error((int Status, string Body) answer)
    {
        var error = OssError.Parse(answer.Body, answer.Status, null);
        Assert.Equal((203, "CallbackFailed"), (error.HttpStatus, error.Code));
        return (error.Message, error.Ec);
    }

    [Fact]
    public async Task Without_a_fault_all_is_well()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        Assert.Equal((200, """{"Status":"OK"}"""), await upload.AnswerAsync(To(server)));
        Assert.True(server.Calls.Single().IsSignedBy(upload.PublicKeyPem));
    }

    [Fact]
    public async Task A_dropped_callback_reaches_nobody_and_is_what_the_fault_says_to_the_uploader()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        var unreachable = Error(await upload.AnswerAsync(To(server), new CallbackFault { Drop = CallbackDrop.AsUnreachable }));
        var timeout = Error(await upload.AnswerAsync(To(server), new CallbackFault { Drop = CallbackDrop.AsTimeout }));

        Assert.Equal(("Error status : -1.OSS can not connect to your callbackUrl, please check it.", "0007-00000203"), unreachable);
        Assert.Equal(($"Error status : -1.{new Uri(server.Url).Authority} reply timeout, cost:5000ms, timeout:5000ms (err -4, errno115)", "0007-00000202"), timeout);
        Assert.Empty(server.Calls);
        Assert.Empty(upload.Callbacks);
    }

    [Fact]
    public void A_callback_dropped_without_a_word_is_as_if_it_had_not_been_asked_for_but_is_checked()
    {
        var callback = new CallbackParameter { Urls = ["http://h/"], Body = "b" }.ToBase64();
        OssCall Call(string value, CallbackDrop drop)
        {
            var http = new DefaultHttpContext();
            http.Request.Headers["x-oss-callback"] = value;
            return new OssCall(http) { CallbackFault = new CallbackFault { Drop = drop } };
        }

        Assert.NotNull(CallbackOfRequest.Read(Call(callback, CallbackDrop.None)));
        Assert.NotNull(CallbackOfRequest.Read(Call(callback, CallbackDrop.AsTimeout)));
        Assert.Null(CallbackOfRequest.Read(Call(callback, CallbackDrop.AsSuccess)));
        Assert.Null(CallbackOfRequest.Read(Call(callback, CallbackDrop.AsSuccess), new Dictionary<string, string> { ["callback"] = callback }));
        Assert.Throws<OssException>(() => CallbackOfRequest.Read(Call("nonsense", CallbackDrop.AsSuccess)));
    }

    [Fact]
    public async Task A_doubled_callback_comes_twice_the_same_and_the_first_answer_counts()
    {
        await using var upload = new StoredUpload();
        var answers = 0;
        await using var server = await CallbackServer.StartAsync(http => Interlocked.Increment(ref answers) switch
        {
            1 => CallbackServer.WriteAsync(http, 200, """{"n":1}"""),
            _ => CallbackServer.WriteAsync(http, 409, """{"n":2}"""),
        });

        var answer = await upload.AnswerAsync(To(server), new CallbackFault { IsDoubled = true });

        Assert.Equal((200, """{"n":1}"""), answer);
        Assert.Equal(2, server.Calls.Count);
        Assert.Equal(server.Calls[0].Headers, server.Calls[1].Headers);
        Assert.Equal((server.Calls[0].Target, server.Calls[0].Text), (server.Calls[1].Target, server.Calls[1].Text));
        Assert.Equal([(true, 200), (false, 409)], upload.Callbacks.Select(call => (call.Succeeded, call.Status ?? 0)));
    }

    [Fact]
    public async Task A_doubled_callback_whose_first_answer_fails_goes_on_to_the_next_url()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, http.Request.Path == "/1" ? 500 : 200, "{}"));

        Assert.Equal((200, "{}"), await upload.AnswerAsync(To(server), new CallbackFault { IsDoubled = true }));

        Assert.Equal(["/1", "/1", "/2", "/2"], server.Calls.Select(call => call.Target));
    }

    [Fact]
    public async Task A_delayed_callback_waits_for_the_clock()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        var answer = upload.AnswerAsync(To(server), new CallbackFault { Delay = TimeSpan.FromSeconds(4) });
        upload.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False(answer.IsCompleted);
        Assert.Empty(server.Calls);
        await upload.RunClockAsync(() => answer.IsCompleted);

        Assert.Equal(200, (await answer).Status);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_callback_delayed_past_the_deadline_is_a_timeout_to_the_uploader_and_comes_all_the_same()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        var answer = upload.AnswerAsync(To(server), new CallbackFault { Delay = TimeSpan.FromHours(1) });
        Assert.False(answer.IsCompleted);
        await upload.RunClockAsync(() => answer.IsCompleted);
        Assert.Equal("0007-00000202", Error(await answer).Ec);
        Assert.Empty(server.Calls);
        upload.Clock.Advance(TimeSpan.FromHours(1));
        await upload.RunClockAsync(() => upload.Callbacks.Count > 0);

        Assert.Equal("/1", server.Calls.Single().Target);
        Assert.True(server.Calls.Single().IsSignedBy(upload.PublicKeyPem));
        Assert.True(upload.Callbacks.Single().Succeeded);
    }

    [Fact]
    public async Task A_wrongly_signed_callback_has_a_signature_that_does_not_hold()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        Assert.Equal(200, (await upload.AnswerAsync(To(server), new CallbackFault { IsWronglySigned = true })).Status);

        var call = server.Calls.Single();
        Assert.False(call.IsSignedBy(upload.PublicKeyPem));
        Assert.Equal("size=1", call.Text);
        Assert.Equal(256, Convert.FromBase64String(call.Headers["Authorization"]).Length);
    }

    [Theory]
    [InlineData(CallbackBodyType.Form, "size=1&altered=true")]
    [InlineData(CallbackBodyType.Json, """{"size":1} """)]
    public async Task An_altered_callback_has_a_body_that_was_not_signed(CallbackBodyType type, string sent)
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        Assert.Equal(200, (await upload.AnswerAsync(To(server, type), new CallbackFault { IsAltered = true })).Status);

        var call = server.Calls.Single();
        Assert.Equal(sent, call.Text);
        Assert.Equal(Convert.ToBase64String(TestOss.Md5(call.Body)), call.Headers["Content-MD5"]);
        Assert.False(call.IsSignedBy(upload.PublicKeyPem));
        Assert.True(new CallbackCall(call.Target, call.Headers, System.Text.Encoding.UTF8.GetBytes(upload.Callbacks.Single().RequestBody)).IsSignedBy(upload.PublicKeyPem));
    }

    [Fact]
    public async Task An_image_that_is_gone_again_is_no_callback()
    {
        await using var upload = new StoredUpload();
        await using var server = await CallbackServer.StartAsync();

        var error = Error(await upload.AnswerAsync(To(server) with { Body = "h=${imageInfo.height}" }));

        Assert.Equal(("Get image info failed.", null), error);
        Assert.Empty(server.Calls);
    }
}
