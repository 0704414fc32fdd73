using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Forms;

public sealed class FormShapeTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Malformed = "The body of your POST request is not well-formed multipart/form-data.";
    private static readonly byte[] File = TestOss.Bytes(300);

    private static async Task<OssError> RefusalAsync(TestOss oss, byte[] body, string? contentType = null)
    {
        var error = await TestOss.ErrorAsync(await TestForm.PostAsync(oss, body, contentType));
        Assert.Empty(oss.SegmentFiles());
        return error;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task A_form_that_ends_anywhere_before_its_end_is_refused()
    {
        await using var oss = await TestOss.StartAsync();
        var body = TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File);

        foreach (var length in Enumerable.Range(0, body.Length / 97).Select(i => i * 97).Concat(Enumerable.Range(3, 25).Select(i => body.Length - i)))
        {
            var error = await RefusalAsync(oss, body[..length]);
            // Cut off within a part's first line, it looks like one that has no name.
            Assert.Equal((length, 400, "MalformedPOSTRequest", Malformed), (length, error.HttpStatus, error.Code, error.Message));
            Assert.True(error.Ec is "0006-00000104" or "0006-00000109");
        }

        using var response = await TestForm.PostAsync(oss, body[..^2]);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    [InlineData("multipart/mixed; boundary=----form-boundary")]
    [InlineData("nonsense")]
    public async Task A_content_type_that_is_no_forms_is_refused(string contentType)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await RefusalAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File), contentType);

        Assert.Equal((400, "MalformedPOSTRequest", Malformed), (error.HttpStatus, error.Code, error.Message));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=another")]
    [InlineData("multipart/form-data; boundary=----form-boundary2")]
    public async Task A_boundary_that_is_not_in_the_body_is_refused(string contentType)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await RefusalAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File), contentType);

        Assert.Equal(("MalformedPOSTRequest", "0006-00000104"), (error.Code, error.Ec));
    }

    [Theory]
    [InlineData("Multipart/Form-Data; Boundary=\"----form-boundary\"; charset=UTF-8")]
    [InlineData("multipart/form-data;boundary=----form-boundary")]
    public async Task Other_spellings_of_the_content_type_are_taken(string contentType)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File), contentType);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("Content: form-data; name=\"a\"\r\n\r\nv", "0006-00000109")]
    [InlineData("Content-Disposition: form-data\r\n\r\nv", "0006-00000109")]
    [InlineData("Content-Disposition: form-data; name=\"\"\r\n\r\nv", "0006-00000109")]
    [InlineData("\r\nv", "0006-00000109")]
    [InlineData("no header at all\r\n\r\nv", "0006-00000104")]
    public async Task A_part_that_is_no_field_is_refused(string part, string ec)
    {
        await using var oss = await TestOss.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k")]);

        var error = await RefusalAsync(oss, [.. Utf8($"--{TestForm.Boundary}\r\n{part}\r\n"), .. TestForm.Body(form.Fields, File)]);

        Assert.Equal(("MalformedPOSTRequest", Malformed, ec), (error.Code, error.Message, error.Ec));
    }

    [Fact]
    public async Task There_is_one_file_no_more_and_no_less()
    {
        await using var oss = await TestOss.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k")]);

        var none = await RefusalAsync(oss, TestForm.Body(form.Fields, null, end: $"--{TestForm.Boundary}--\r\n"));
        var nothing = await RefusalAsync(oss, Utf8($"--{TestForm.Boundary}--\r\n"));
        var several = await RefusalAsync(oss, TestForm.Body(form.Fields, File, end: $"\r\n{Encoding.UTF8.GetString(TestForm.Body([new("a", "b")], [1]))}"));

        Assert.All([none, nothing], error => Assert.Equal((400, "IncorrectNumberOfFilesInPOSTRequest", "0006-00000107"), (error.HttpStatus, error.Code, error.Ec)));
        Assert.Equal((400, "IncorrectNumberOfFilesInPOSTRequest", null), (several.HttpStatus, several.Code, several.Ec));
    }

    [Fact]
    public async Task A_key_behind_the_file_is_none()
    {
        await using var oss = await TestOss.StartAsync();
        var fields = TestForm.Sign(oss, fields: [("key", "k")]).Fields;
        var after = Encoding.UTF8.GetString(TestForm.Body([new("key", "k")], null, end: $"--{TestForm.Boundary}--\r\n"));

        var error = await RefusalAsync(oss, TestForm.Body(fields.Where(field => field.Key != "key"), File, end: "\r\n" + after));

        Assert.Equal(
            (400, "InvalidArgument", "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields."),
            (error.HttpStatus, error.Code, error.Message));
    }

    [Fact]
    public async Task Names_have_8_KB_values_2_MB_and_all_before_the_file_8_MB()
    {
        await using var oss = await TestOss.StartAsync();
        var fields = TestForm.Sign(oss, fields: [("key", "k")]).Fields;
        byte[] With(params (string Name, int Length)[] further) => TestForm.Body(further.Select(field => KeyValuePair.Create(field.Name, new string('v', field.Length))).Concat(fields), File);
        const int TwoMegabytes = 2 * 1024 * 1024;

        var name = await RefusalAsync(oss, With((new string('n', 8193), 1)));
        var longerName = await RefusalAsync(oss, With((new string('n', 200_000), 1)));
        var chineseName = await RefusalAsync(oss, With((new string('中', 2731), 1)));
        var value = await RefusalAsync(oss, With(("a", TwoMegabytes + 1)));
        var sum = await RefusalAsync(oss, With(("a", TwoMegabytes), ("b", TwoMegabytes), ("c", TwoMegabytes), ("d", TwoMegabytes)));
        using var most = await TestForm.PostAsync(oss, With((new string('n', 8192), TwoMegabytes), ("b", TwoMegabytes), ("c", TwoMegabytes)));

        Assert.All([name, longerName, chineseName], error => Assert.Equal((400, "FieldItemTooLong", "0006-00000110"), (error.HttpStatus, error.Code, error.Ec)));
        Assert.Equal((400, "FieldItemTooLong", null), (value.HttpStatus, value.Code, value.Ec));
        Assert.Equal((400, "FieldItemTooLong", "0006-00000112"), (sum.HttpStatus, sum.Code, sum.Ec));
        Assert.Equal(HttpStatusCode.NoContent, most.StatusCode);
    }

    [Fact]
    public async Task User_metadata_has_8_KB_in_all()
    {
        await using var oss = await TestOss.StartAsync();
        byte[] With(int length) => TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), ("x-oss-meta-a", new string('v', 4000)), ("x-oss-meta-b", new string('v', length))]).Fields, File);

        var error = await RefusalAsync(oss, With(8192 - 4000 - 24 + 1));
        using var most = await TestForm.PostAsync(oss, With(8192 - 4000 - 24));

        Assert.Equal((400, "InvalidArgument"), (error.HttpStatus, error.Code));
        Assert.Equal(HttpStatusCode.NoContent, most.StatusCode);
    }

    [Fact]
    public async Task More_than_a_thousand_fields_are_refused()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await RefusalAsync(oss, TestForm.Body(Enumerable.Range(0, 1001).Select(i => KeyValuePair.Create($"f{i}", "")), File));

        Assert.Equal((400, "InvalidArgument"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task A_file_may_hold_all_but_the_boundary()
    {
        await using var oss = await TestOss.StartAsync();
        var almost = Enumerable.Range(0, TestForm.Boundary.Length + 4).SelectMany(length => Utf8($"\r\n--{TestForm.Boundary}"[..length])).ToArray();
        byte[][] files = [[], [13], [13, 10], almost, [.. almost, .. TestOss.Bytes(300_000), .. almost, 13, 10, (byte)'-', (byte)'-']];

        foreach (var file in files)
        {
            using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, file));

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal(file, await TestOss.DownloadAsync(oss.Client, "k"));
        }
    }
}
