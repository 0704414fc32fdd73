using System.Text.Json.Nodes;
using AlibabaSide;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>What is printed for settings, to be looked into. Nothing is started.</summary>
internal static class Printed
{
    public const string AppRole = "acs:ram::42:role/app";
    public const string AppId = "8a4bc7a4-0000-4000-8000-000000000001";
    public const string Secret = "a-secret-that-nobody-may-see";

    public static readonly Dictionary<string, string?> Key = new()
    {
        ["OSS_ACCESS_KEY_ID"] = "LTAI-of-the-app", ["OSS_ACCESS_KEY_SECRET"] = Secret, ["Oss__Region"] = "cn-hangzhou", ["Oss__Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com", ["Oss__Bucket"] = "my-bucket",
    };

    public static readonly Dictionary<string, string?> Assumed = new(Key) { ["Oss__RoleArn"] = AppRole };

    public static readonly Dictionary<string, string?> Federated = new(Key)
    {
        ["OSS_ACCESS_KEY_ID"] = "", ["OSS_ACCESS_KEY_SECRET"] = "", ["Oss__RoleArn"] = AppRole, ["Oss__OidcProviderArn"] = "acs:ram::42:oidc-provider/entra", ["Oss__OidcAudience"] = "api://" + AppId,
        ["Oss__RoleDuration"] = "02:00:00",
    };

    public static Documents Print(Dictionary<string, string?> settings, Wishes? wishes = null) => Documents.Make(null, settings, wishes ?? new Wishes());

    public static string Refused(Func<Documents> make) => Assert.Throws<InvalidOperationException>(make).Message;

    public static List<JsonNode> Statements(Documents printed, string part) => [.. JsonNode.Parse(GuardedApp.Text(printed, part))!["Statement"]!.AsArray().OfType<JsonNode>()];

    public static JsonNode Statement(Documents printed, string part) => Statements(printed, part)[0];

    public static List<string> Actions(Documents printed) => [.. Statements(printed, "policy").SelectMany(statement => statement["Action"]!.AsArray()).Select(action => action!.ToString())];
}
