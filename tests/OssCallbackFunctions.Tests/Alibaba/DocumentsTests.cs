using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AlibabaSide;
using static OssCallbackFunctions.Tests.Alibaba.Printed;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>What is printed for which settings. Nothing is started.</summary>
public sealed class DocumentsTests
{
    [Fact]
    public void A_role_for_a_token_is_for_one_identity_of_one_issuer()
    {
        var printed = Print(Federated, new Wishes { Issuer = "https://login.example.com/t/v2.0", Subject = "object-id" });
        var trust = Statement(printed, "trust");
        Assert.Equal("""{"Federated":["acs:ram::42:oidc-provider/entra"]}""", trust["Principal"]!.ToJsonString());
        Assert.Equal($$$"""{"StringEquals":{"oidc:iss":["https://login.example.com/t/v2.0"],"oidc:aud":["{{{AppId}}}"],"oidc:sub":["object-id"]}}""", trust["Condition"]!.ToJsonString());
        Assert.DoesNotContain(printed.All, document => document.Part == "user-policy");
        Assert.Contains($"--OIDCProviderName 'entra' --IssuerUrl 'https://login.example.com/t/v2.0' --ClientIds '{AppId}'", printed.Commands, StringComparison.Ordinal);
        Assert.Contains("aliyun ram CreateRole --RoleName 'app' --AssumeRolePolicyDocument \"$(cat trust.json)\" --MaxSessionDuration 7200", printed.Commands, StringComparison.Ordinal);
        Assert.Contains("AttachPolicyToRole --PolicyType Custom --PolicyName oss-callback-functions --RoleName 'app'", printed.Commands, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_a_placeholder_with_a_note()
    {
        var printed = Print(Federated);
        Assert.Equal("<issuer>", Statement(printed, "trust")["Condition"]!["StringEquals"]!["oidc:iss"]![0]!.ToString());
        foreach (var placeholder in (string[])["<issuer>", "<subject>", "<fingerprint>"])
        {
            Assert.Contains(placeholder, printed.Commands, StringComparison.Ordinal);
            Assert.Single(printed.Notes, note => note.StartsWith(placeholder, StringComparison.Ordinal));
        }

        var key = Print(Key);
        Assert.Contains("AttachPolicyToUser --PolicyType Custom --PolicyName oss-callback-functions --UserName '<name of the RAM user>'", key.Commands, StringComparison.Ordinal);
        Assert.Single(key.Notes, note => note.Contains("--user", StringComparison.Ordinal));
        Assert.DoesNotContain(Print(Key, new Wishes { User = "uploader" }).Notes, note => note.StartsWith('<'));
    }

    [Fact]
    public void A_role_for_a_key_trusts_its_user_who_may_do_nothing_else()
    {
        var printed = Print(Assumed, new Wishes { User = "uploader" });
        Assert.Equal("""{"RAM":["acs:ram::42:user/uploader"]}""", Statement(printed, "trust")["Principal"]!.ToJsonString());
        var user = Statement(printed, "user-policy");
        Assert.Equal(("""["sts:AssumeRole"]""", $"""["{AppRole}"]"""), (user["Action"]!.ToJsonString(), user["Resource"]!.ToJsonString()));
        Assert.Contains("AttachPolicyToUser --PolicyType Custom --PolicyName oss-callback-functions-user --UserName 'uploader'", printed.Commands, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, """{"RAM":["acs:ram::42:role/app"]}""")]
    [InlineData(false, """{"RAM":["acs:ram::7:user/uploader"]}""")]
    public void The_role_that_is_lent_trusts_the_app(bool hasRole, string principal)
    {
        var printed = Print(
            new(hasRole ? Federated : Key) { ["Uploads__Profiles__p__KeyTemplate"] = "p/{id}", ["Uploads__Profiles__p__Sts"] = "key", ["Sts__RoleArn"] = "acs:ram::42:role/lent", ["Sts__Endpoint"] = "sts.cn-hangzhou.aliyuncs.com" },
            new Wishes { User = "uploader", Account = hasRole ? null : "7" });
        Assert.Equal(principal, Statement(printed, "lent-trust")["Principal"]!.ToJsonString());
        Assert.Equal("""["acs:oss:*:*:my-bucket/p/*"]""", Statement(printed, "lent-policy")["Resource"]!.ToJsonString());
        Assert.Contains("CreateRole --RoleName 'lent'", printed.Commands, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("photos/{subject}/{date}/{id}{ext}", "photos/*/*/*")]
    [InlineData("{id}", "*")]
    [InlineData("a-{name}.bin", "a-*.bin")]
    [InlineData("fixed", "fixed")]
    public void Key_templates_give_the_objects(string template, string pattern)
    {
        var printed = Print(new(Key) { ["Uploads__Profiles__default__KeyTemplate"] = template, ["Uploads__ForbidOverwrite"] = "false", ["Uploads__Profiles__default__Bucket"] = "other-bucket" });
        Assert.Equal($"""["acs:oss:*:*:other-bucket/{pattern}"]""", Statement(printed, "policy")["Resource"]!.ToJsonString());
    }

    [Fact]
    public void The_doctor_and_the_jobs_of_some_need_more()
    {
        var settings = new Dictionary<string, string?>(Key) { ["BulkUploads__AllowedSourceHosts"] = "files.example.com" };
        var usual = Actions(Print(settings));
        Assert.Equal(["oss:GetBucketInfo", "oss:GetBucketLifecycle"], Actions(Print(settings, new Wishes { Doctor = true })).Except(usual).Order());
        Assert.Equal(["oss:PutObjectTagging"], Actions(Print(settings, new Wishes { JobTags = true })).Except(usual));
        var narrow = new Dictionary<string, string?>(settings) { ["Uploads__Profiles__default__KeyTemplate"] = "up/{id}" };
        string Acls(Wishes wishes) => Statements(Print(narrow, wishes), "policy").Single(statement => statement["Action"]!.ToJsonString() == """["oss:PutObjectAcl"]""")["Resource"]!.ToJsonString();
        Assert.Equal(("""["acs:oss:*:*:my-bucket/up/*"]""", """["acs:oss:*:*:my-bucket/*"]"""), (Acls(new Wishes()), Acls(new Wishes { JobAcl = true })));
    }

    [Theory]
    [InlineData("00:15:00", "06:00:00", "", 2)]
    [InlineData("7.00:00:00", "7.00:00:00", "", 15)]
    [InlineData("00:15:00", "06:00:00", "files.example.com", 30)]
    public void Multipart_uploads_are_ended_after_the_longest_grant(string lifetime, string uploadTime, string hosts, int days)
    {
        var printed = Print(new(Key) { ["Uploads__Profiles__p__KeyTemplate"] = "p/{id}", ["Uploads__Profiles__p__Lifetime"] = lifetime, ["Uploads__MaxUploadTime"] = uploadTime, ["BulkUploads__AllowedSourceHosts"] = hosts });
        var rule = XDocument.Parse(GuardedApp.Text(printed, "lifecycle")).Root!.Element("Rule")!;
        Assert.Equal(("Enabled", "", $"{days}"), (rule.Element("Status")!.Value, rule.Element("Prefix")!.Value, rule.Element("AbortMultipartUpload")!.Element("Days")!.Value));
        Assert.Contains("aliyun oss lifecycle --method put oss://my-bucket lifecycle.xml", printed.Commands, StringComparison.Ordinal);
    }

    [Fact]
    public void README_has_the_actions_and_the_CORS_rule_that_are_printed()
    {
        var readme = File.ReadAllText(Path.Combine(Sandbox.Repository.Root, "README.md"));
        var all = Print(
            new(Key)
            {
                ["Cors__AllowedOrigins"] = "https://www.example.com", ["Uploads__Profiles__p__ContentDisposition"] = "inline", ["BulkUploads__OssSourceBuckets"] = "other-bucket",
                ["Uploads__Profiles__q__KeyTemplate"] = "q/{id}", ["Uploads__Profiles__q__Sts"] = "key", ["Sts__RoleArn"] = "acs:ram::42:role/lent", ["Sts__Endpoint"] = "sts.cn-hangzhou.aliyuncs.com",
            },
            new Wishes { Doctor = true, JobAcl = true, JobTags = true });
        var section = readme[readme.IndexOf("### The side of Alibaba Cloud", StringComparison.Ordinal)..];
        var table = section[..section.IndexOf("\n### ", StringComparison.Ordinal)];
        Assert.Equal(Actions(all).Distinct().Order(), Regex.Matches(table, "`((?:oss|sts):[A-Za-z]+)`").Select(match => match.Groups[1].Value).Distinct().Order());

        var cors = readme[readme.IndexOf("<CORSConfiguration>", StringComparison.Ordinal)..];
        var printed = GuardedApp.Text(Print(new(Key) { ["Cors__AllowedOrigins"] = "https://www.example.com", ["Uploads__Profiles__p__ContentDisposition"] = "inline" }), "cors");
        Assert.Equal(XDocument.Parse(printed).ToString(), XDocument.Parse(cors[..cors.IndexOf("```", StringComparison.Ordinal)]).ToString());
    }

    [Fact]
    public void Documents_are_JSON_and_XML_and_nothing_secret_is_in_them()
    {
        foreach (var settings in (Dictionary<string, string?>[])[Key, Assumed, Federated])
        {
            var printed = Print(new(settings) { ["Grants__Secret"] = Secret, ["Cors__AllowedOrigins"] = "https://www.example.com", ["Webhooks__w__Secret"] = Secret });
            foreach (var document in printed.All)
            {
                Assert.Contains(document.Part, Documents.Parts);
                Assert.Contains($"cat > {document.File} <<'EOF'\n{document.Text.ReplaceLineEndings("\n")}\nEOF\n", printed.Commands, StringComparison.Ordinal);
                _ = document.File.EndsWith(".json", StringComparison.Ordinal) ? (object)JsonDocument.Parse(document.Text) : XDocument.Parse(document.Text);
            }

            var everything = printed.Commands + string.Concat(printed.Notes) + string.Concat(printed.All.Select(document => document.Title));
            Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
            Assert.DoesNotContain("LTAI-of-the-app", everything, StringComparison.Ordinal);
        }
    }
}
