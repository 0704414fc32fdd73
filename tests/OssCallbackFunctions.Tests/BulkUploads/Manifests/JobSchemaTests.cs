using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Json.Schema;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

/// <summary>The schema of jobs: its own examples and the README's are of it, and it refuses what the app refuses.</summary>
public class JobSchemaTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Sandbox.Repository.Root, "src/OssCallbackFunctions/BulkUploads/bulk-upload-job.schema.json"));
    private static readonly JsonNode Document = JsonNode.Parse(Text)!;
    private static readonly JsonSchema Job = JsonSchema.FromText(Text);
    private static readonly JsonSchema Entry = JsonSchema.FromText(new JsonObject
    {
        ["$schema"] = Document["$schema"]!.DeepClone(), ["$ref"] = "#/$defs/entry", ["$defs"] = Document["$defs"]!.DeepClone(),
    }.ToJsonString());

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict };

    [Fact]
    public void Its_examples_are_of_it()
    {
        Assert.NotEmpty(Document["examples"]!.AsArray());
        Assert.All(Document["examples"]!.AsArray(), example => Assert.True(Takes(Job, example!.ToJsonString()), example!.ToJsonString()));
        Assert.All(Document["$defs"]!["entry"]!["examples"]!.AsArray(), example => Assert.True(Takes(Entry, example!.ToJsonString()), example!.ToJsonString()));
    }

    [Fact]
    public void The_readmes_jobs_are_of_it()
    {
        var readme = File.ReadAllText(Path.Combine(Sandbox.Repository.Root, "README.md"));
        var jobs = Regex.Matches(readme, @"\$APP/api/bulk-uploads -H [^\n]* -d '(\{[^\n]*\})'").Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(jobs);
        Assert.All(jobs, job => Assert.True(Takes(Job, job), job));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"source":{"file":"a"}}""")]
    [InlineData("""{"key":"k"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","v":2}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","id":"a b c"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"/k"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"a\nb"}""")]
    [InlineData("""{"source":{"file":"a","url":"https://h/a"},"key":"k"}""")]
    [InlineData("""{"source":{},"key":"k"}""")]
    [InlineData("""{"source":{"file":""},"key":"k"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","manifest":{"file":"b"}}""")]
    [InlineData("""{"manifest":{"file":"b"},"prefix":{"file":"a"}}""")]
    [InlineData("""{"manifest":{"oss":"oss://b/k"}}""")]
    [InlineData("""{"manifest":{"file":"b","format":"xlsx"}}""")]
    [InlineData("""{"manifest":{"file":"b"},"key":"k"}""")]
    [InlineData("""{"manifest":{"file":"b"},"size":1}""")]
    [InlineData("""{"prefix":{"url":"https://h/"}}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","destination":"d/"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","partSize":1}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","priority":"high"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","objectsInFlight":1001}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","bandwidth":1}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","dryRun":"yes"}""")]
    [InlineData("""{"source":{"file":"a"},"key":"k","sise":1}""")]
    public void Jobs_that_are_wrong_are_not(string job) => Assert.False(Takes(Job, job));

    [Theory]
    [InlineData("""{"file":"a"}""", true)]
    [InlineData("""{"file":"a","url":null,"key":null,"size":null,"md5":null,"sha256":null,"crc64":null,"contentType":null,"metadata":null}""", true)]
    [InlineData("""{"blob":"c/p","size":0,"crc64":"0"}""", true)]
    [InlineData("""{"oss":"oss://bucket/k","metadata":{}}""", true)]
    [InlineData("""{"url":"https://h/p","contentType":"text/plain; charset=utf-8"}""", true)]
    [InlineData("""{"file":"a","md5":"DMF1ucDxtqgxw5niaXcmYQ=="}""", true)]
    [InlineData("""{"file":"a","sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}""", true)]
    [InlineData("""{"file":"a","size":53687091200000}""", true)]
    [InlineData("""{"file":"a","metadata":{"a-b":"x y","c":""}}""", true)]
    [InlineData("""{}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""{"key":"k"}""", false)]
    [InlineData("""{"file":null}""", false)]
    [InlineData("""{"file":""}""", false)]
    [InlineData("""{"file":"a","blob":"c/p"}""", false)]
    [InlineData("""{"File":"a"}""", false)]
    [InlineData("""{"file":"a","sise":1}""", false)]
    [InlineData("""{"file":1}""", false)]
    [InlineData("""{"file":"a","key":""}""", false)]
    [InlineData("""{"file":"a","key":"/k"}""", false)]
    [InlineData("""{"file":"a","key":"\\k"}""", false)]
    [InlineData("""{"file":"a","key":"k\u0001"}""", false)]
    [InlineData("""{"file":"a","size":-1}""", false)]
    [InlineData("""{"file":"a","size":"1"}""", false)]
    [InlineData("""{"file":"a","size":1.5}""", false)]
    [InlineData("""{"file":"a","size":53687091200001}""", false)]
    [InlineData("""{"file":"a","md5":"abc"}""", false)]
    [InlineData("""{"file":"a","sha256":"DMF1ucDxtqgxw5niaXcmYQ=="}""", false)]
    [InlineData("""{"file":"a","crc64":7}""", false)]
    [InlineData("""{"file":"a","crc64":"-7"}""", false)]
    [InlineData("""{"file":"a","contentType":"png"}""", false)]
    [InlineData("""{"file":"a","contentType":""}""", false)]
    [InlineData("""{"file":"a","contentType":"text/plain "}""", false)]
    [InlineData("""{"file":"a","metadata":{"a b":"c"}}""", false)]
    [InlineData("""{"file":"a","metadata":{"a":" c"}}""", false)]
    [InlineData("""{"file":"a","metadata":{"a":null}}""", false)]
    [InlineData("""{"file":"a","metadata":[]}""", false)]
    public async Task Reader_and_schema_agree_on_entries(string entry, bool isGood)
    {
        var line = Assert.Single(await Manifest.ReadAsync(entry, ManifestFormat.JsonLines));

        Assert.Equal(isGood, line.Entry is not null && line.Entry.Refuse(null) is null);
        Assert.Equal(isGood, Takes(Entry, entry));
    }

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"skipExisting":true,"update":true,"contentTypeByExtension":true,"forbidOverwrite":true}""", true)]
    [InlineData("""{"include":null,"exclude":null,"metadata":null,"tags":null,"storageClass":null,"acl":null,"contentType":null,"contentDisposition":null,"cacheControl":null}""", true)]
    [InlineData("""{"include":["*.jpg"],"exclude":[]}""", true)]
    [InlineData("""{"tags":{"a b":"","c":"+-=._:/"}}""", true)]
    [InlineData("""{"storageClass":"IA","acl":"public-read","cacheControl":"no-cache","contentDisposition":"inline"}""", true)]
    [InlineData("""{"skipExisting":"yes"}""", false)]
    [InlineData("""{"update":null}""", false)]
    [InlineData("""{"include":"*"}""", false)]
    [InlineData("""{"include":[""]}""", false)]
    [InlineData("""{"include":[null]}""", false)]
    [InlineData("""{"include":[1]}""", false)]
    [InlineData("""{"metadata":{"a:b":"c"}}""", false)]
    [InlineData("""{"metadata":{"a":1}}""", false)]
    [InlineData("""{"tags":{"":"v"}}""", false)]
    [InlineData("""{"tags":{"a&b":"v"}}""", false)]
    [InlineData("""{"tags":{"a":"ä"}}""", false)]
    [InlineData("""{"tags":{"a":null}}""", false)]
    [InlineData("""{"tags":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":""}}""", false)]
    [InlineData("""{"storageClass":"ia"}""", false)]
    [InlineData("""{"storageClass":1}""", false)]
    [InlineData("""{"acl":"public"}""", false)]
    [InlineData("""{"contentType":"image"}""", false)]
    [InlineData("""{"contentDisposition":""}""", false)]
    [InlineData("""{"contentDisposition":"a\r\nb"}""", false)]
    [InlineData("""{"cacheControl":"no-cache "}""", false)]
    [InlineData("""{"cacheControls":"no-cache"}""", false)]
    public void Options_and_schema_agree(string options, bool isGood)
    {
        var job = JsonNode.Parse(options)!.AsObject();
        job["source"] = new JsonObject { ["file"] = "a" };
        job["key"] = "k";

        Assert.Equal(isGood, IsBound(options));
        Assert.Equal(isGood, Takes(Job, job.ToJsonString()));
    }

    private static bool IsBound(string options)
    {
        try
        {
            return JsonSerializer.Deserialize<ObjectOptions>(options, Strict)!.RefuseOptions() is null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Takes(JsonSchema schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return schema.Evaluate(document.RootElement).IsValid;
    }
}
