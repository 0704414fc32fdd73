using System.Net;
using System.Text.Json.Nodes;
using AlibabaSide;
using Oss.Protocol;
using OssCallbackFunctions.Health;
using OssCallbackFunctions.Tests.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>The printed policies are enough, and there is nothing in them that nobody would miss.</summary>
public sealed class LeastPolicyTests(GuardedApp app) : IClassFixture<GuardedApp>
{
    private static readonly Wishes Tags = new() { JobTags = true };

    // What is missed first without an action of the app's policy, by its resource.
    private static readonly Dictionary<(string Action, string Resource), string> Missed = new()
    {
        [("oss:PutObject", "sandbox-bucket/*")] = Flows.Put,
        [("oss:GetObject", "sandbox-bucket/*")] = Flows.Put,
        [("oss:ListParts", "sandbox-bucket/*")] = Flows.Multipart,
        [("oss:AbortMultipartUpload", "sandbox-bucket/*")] = Flows.GivenUp,
        [("oss:PutObjectAcl", "sandbox-bucket/lent/*/*")] = Flows.Form,
        [("oss:PutObjectTagging", "sandbox-bucket/*")] = Flows.BulkTags,
        [("oss:ListMultipartUploads", "sandbox-bucket")] = Flows.BulkAnew,
        [("oss:GetObject", "source-bucket/*")] = Flows.BulkCopy,
        [("oss:ListObjects", "source-bucket")] = Flows.BulkFolder,
        [("sts:AssumeRole", "acs:ram::1234567890123456:role/uploads")] = Flows.Lent,
    };

    private static readonly Dictionary<(string Action, string Resource), string> MissedByLent = new()
    {
        [("oss:PutObject", "sandbox-bucket/lent/*/*")] = Flows.Lent,
        [("oss:ListParts", "sandbox-bucket/lent/*/*")] = Flows.LentMultipart,
        [("oss:AbortMultipartUpload", "sandbox-bucket/lent/*/*")] = Flows.LentGivenUp,
    };

    private readonly Flows _flows = new(app);

    [Fact]
    public async Task Every_flow_works_with_the_printed_policies()
    {
        Apply(app.Print(Tags));
        foreach (var flow in Flows.All)
        {
            Assert.True(await _flows.WorksAsync(flow), flow);
        }
    }

    [Fact]
    public async Task Without_any_one_action_a_flow_fails()
    {
        var printed = app.Print(Tags);
        var (policy, lent) = (GuardedApp.Text(printed, "policy"), GuardedApp.Text(printed, "lent-policy"));
        Assert.Equal(Missed.Keys.Order(), Allowed(policy).Order());
        Assert.Equal(MissedByLent.Keys.Order(), Allowed(lent).Order());
        foreach (var (what, flow) in Missed)
        {
            Apply(printed);
            app.Stack.Oss.SetAccessKeyPolicy(app.Stack.AccessKey.Id, Without(policy, what));
            await FailsAsync(flow, what);
        }

        foreach (var (what, flow) in MissedByLent)
        {
            Apply(printed);
            app.Stack.Oss.SetRolePolicy(app.LentRole, Without(lent, what));
            await FailsAsync(flow, what);
        }
    }

    [Fact]
    public async Task Without_bulk_uploads_the_policy_is_for_the_profiles_folders_alone()
    {
        Apply(app.Print(null, GuardedApp.WithoutBulk));
        foreach (var flow in Flows.Lending)
        {
            Assert.True(await _flows.WorksAsync(flow), flow);
        }

        var body = UploadBody.From("hello"u8.ToArray());
        await app.Oss.PutObjectAsync(Stack.Bucket, "plain/" + Guid.NewGuid().ToString("N"), body);
        await DeniedAsync(() => app.Oss.PutObjectAsync(Stack.Bucket, "elsewhere", body));
        await DeniedAsync(() => app.Oss.PutObjectAsync(Stack.Bucket, "plainly", body));
        await DeniedAsync(() => app.Oss.PutObjectAsync(GuardedApp.SourceBucket, "plain/x", body));
        await DeniedAsync(() => app.Oss.HeadObjectAsync(GuardedApp.SourceBucket, "from/a.bin"));
        await DeniedAsync(() => app.Oss.DeleteObjectAsync(Stack.Bucket, "plain/x"));
        await DeniedAsync(async () => await app.Oss.ListObjectsV2Async(Stack.Bucket).AnyAsync());
    }

    [Fact]
    public async Task Whoever_fills_in_a_form_without_an_ACL_cannot_add_one()
    {
        var printed = app.Print();
        Apply(printed);
        Assert.Equal(HttpStatusCode.OK, await SampleAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await SampleAsync(("x-oss-object-acl", "public-read")));

        // The same with a job's ACL allowed everywhere; and it is the denial that does it.
        var wide = app.Print(new Wishes { JobAcl = true });
        Apply(wide);
        Assert.Equal(HttpStatusCode.Forbidden, await SampleAsync(("x-oss-object-acl", "public-read")));
        var policy = JsonNode.Parse(GuardedApp.Text(wide, "policy"))!;
        var statements = policy["Statement"]!.AsArray();
        Assert.True(statements.Remove(statements.Single(statement => statement!["Effect"]!.ToString() == "Deny")));
        app.Stack.Oss.SetAccessKeyPolicy(app.Stack.AccessKey.Id, policy.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, await SampleAsync(("x-oss-object-acl", "public-read")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_doctor_finds_nothing_wrong_with_what_is_printed_and_misses_its_own_rights(bool hasBulk)
    {
        var settings = hasBulk ? [] : GuardedApp.WithoutBulk;
        var printed = app.Print(new Wishes { Doctor = true }, settings);
        Apply(printed);
        Assert.DoesNotContain(await FindingsAsync(settings), finding => finding.State != FindingState.Ok);

        // The only ones that are for the doctor alone.
        foreach (var (action, check) in ((string, string)[])[("oss:GetBucketInfo", "oss_region"), ("oss:GetBucketLifecycle", "oss_lifecycle")])
        {
            app.Stack.Oss.SetAccessKeyPolicy(app.Stack.AccessKey.Id, Without(GuardedApp.Text(printed, "policy"), (action, Stack.Bucket)));
            Assert.Equal((check, FindingState.Unknown), Assert.Single((await FindingsAsync(settings)).Where(finding => finding.State != FindingState.Ok).Select(finding => (finding.Check, finding.State))));
        }
    }

    private async Task<List<Finding>> FindingsAsync(IEnumerable<(string Name, string Value)> settings)
    {
        await using var engine = new Engine(app, settings);
        var findings = (await engine.Get<Doctor>().ExamineAsync(default)).Findings.Where(finding => finding.Check.StartsWith("oss_", StringComparison.Ordinal)).ToList();
        Assert.Superset(new HashSet<string> { "oss_rights", "oss_excess_rights", "oss_region", "oss_lifecycle", "oss_cors" }, findings.Select(finding => finding.Check).ToHashSet());
        return findings;
    }

    private async Task<HttpStatusCode> SampleAsync(params (string Name, string Value)[] more)
    {
        var lent = await app.Client.PostAsync("/api/uploads/form-policy", new { profile = "samples" }, default);
        string Of(string name) => lent.GetProperty(name).GetString()!;
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in new (string Name, string Value)[]
        {
            ("key", Of("dir") + Of("filename")), ("policy", Of("policy")), ("callback", Of("callback")), ("x-oss-signature", Of("signature")),
            ("x-oss-credential", Of("x_oss_credential")), ("x-oss-date", Of("x_oss_date")), ("x-oss-signature-version", Of("x_oss_signature_version")), ("success_action_status", "200"),
        }.Concat(more))
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }

        form.Add(new ByteArrayContent("hello"u8.ToArray()), "\"file\"", "\"file.bin\"");
        using var response = await app.Outside.PostAsync(Of("host"), form);
        return response.StatusCode;
    }

    private void Apply(Documents documents)
    {
        app.Stack.Oss.SetAccessKeyPolicy(app.Stack.AccessKey.Id, GuardedApp.Text(documents, "policy"));
        app.Stack.Oss.SetRolePolicy(app.LentRole, GuardedApp.Text(documents, "lent-policy"));
    }

    // For want of the right, not for another reason: OSS says so, and STS is asked for nothing but a role.
    private async Task FailsAsync(string flow, (string Action, string Resource) without)
    {
        var before = Refusals();
        Assert.False(await _flows.WorksAsync(flow), $"{flow} works without {without}");
        Assert.True(without.Action.StartsWith("sts:", StringComparison.Ordinal) || Refusals() > before, $"{flow} without {without}");

        int Refusals() => app.Stack.Oss.Requests.Count(request => request is { Status: 403, ErrorCode: "AccessDenied" });
    }

    private static async Task DeniedAsync(Func<Task> request) => Assert.Equal(403, (await Assert.ThrowsAsync<OssException>(request)).Error.HttpStatus);

    private static IEnumerable<(string Action, string Resource)> Allowed(string policy) =>
        from statement in JsonNode.Parse(policy)!["Statement"]!.AsArray()
        where statement["Effect"]!.ToString() == "Allow"
        from action in statement["Action"]!.AsArray()
        select (action.ToString(), Resource(statement));

    private static string Resource(JsonNode statement) => statement["Resource"]![0]!.ToString().Replace("acs:oss:*:*:", "", StringComparison.Ordinal);

    private static string Without(string policy, (string Action, string Resource) what)
    {
        var json = JsonNode.Parse(policy)!;
        var statements = json["Statement"]!.AsArray();
        foreach (var statement in statements.Where(statement => statement!["Effect"]!.ToString() == "Allow" && Resource(statement) == what.Resource).ToList())
        {
            var actions = statement!["Action"]!.AsArray();
            actions.RemoveAll(action => action!.ToString() == what.Action);
            if (actions.Count == 0)
            {
                statements.Remove(statement);
            }
        }

        return json.ToJsonString();
    }
}
