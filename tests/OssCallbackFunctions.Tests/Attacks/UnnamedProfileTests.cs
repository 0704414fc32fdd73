using System.Net;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>Somebody with a function key and nothing else, where a profile is another caller's: naming none is no way to keys below that one's template.</summary>
[Trait("hole", "s9")]
[Collection(nameof(Strict))]
public sealed class UnnamedProfileTests(StrictApp app)
{
    public static TheoryData<string, string?> Ways => new()
    {
        { "/api/uploads/presigned-put", null }, { "/api/uploads/form-post", null }, { "/api/uploads/form-policy", null },
        { "/api/uploads", "put" }, { "/api/uploads", "form" }, { "/api/uploads", "multipart" }, { "/api/uploads", "sts" }, { "/api/uploads", "session" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_key_of_anothers_profile_is_lent_to_who_names_no_profile(string path, string? kind)
    {
        // A session is for no one key.
        var key = kind == "session" ? null : "shop/invoice.pdf";
        var asked = new { key, size = key is null ? (int?)null : 1, kind };
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(path, asked));
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(path, asked, ("x-caller-key", "shop's key")));
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(path, new { asked.key, asked.size, asked.kind, profile = "default" }));
        Assert.Equal((HttpStatusCode.Forbidden, "profile_forbidden"), await app.RefusalAsync(path, new { asked.key, asked.size, asked.kind, profile = "shop" }));
        Assert.Null(await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, "shop/invoice.pdf"));
    }
}
