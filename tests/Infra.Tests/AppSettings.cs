using System.Reflection;
using System.Text.RegularExpressions;
using OssCallbackFunctions;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.OssKeys;
using OssCallbackFunctions.Webhooks;
using Sandbox;

namespace Infra.Tests;

/// <summary>The settings that the app and its host know, as patterns: <c>Uploads__Profiles__*__KeyTemplate</c>.</summary>
internal static partial class AppSettings
{
    // Of the host, and of the libraries that find an identity. What Flex Consumption does not allow is not here: FUNCTIONS_WORKER_RUNTIME, FUNCTIONS_EXTENSION_VERSION, WEBSITE_RUN_FROM_PACKAGE.
    private static readonly string[] Host =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID",
        "AzureWebJobs.*.Disabled", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
    ];

    private static readonly string[] Patterns =
    [
        .. Host,
        .. from type in typeof(Registration).Assembly.GetTypes()
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
           where section is { IsLiteral: true }
           from name in Of(type)
           select $"{section.GetRawConstantValue()}__{name}",
        // The key's own members have other names, and are read by them.
        .. Of(typeof(OssKeyOptions)).Where(name => !name.StartsWith("AccessKey", StringComparison.Ordinal) && name != nameof(OssKeyOptions.SessionToken)).Select(name => $"{OssOptions.Section}__{name}"),
        // A dictionary that is a section of its own.
        .. Of(typeof(CallerOptions)).Select(name => $"Callers__*__{name}"),
        .. Of(typeof(WebhookSettings)).Select(name => $"Webhooks__*__{name}"),
        .. ReadByName(),
    ];

    public static bool Knows(string setting) => Patterns.Any(pattern => Regex.IsMatch(setting, $"^{Regex.Escape(pattern).Replace(@"\*", "[A-Za-z0-9_-]+", StringComparison.Ordinal)}$"));

    private static IEnumerable<string> Of(Type type) => type.GetProperties().Where(property => property.CanWrite || IsDictionary(property.PropertyType)).SelectMany(property =>
        !IsDictionary(property.PropertyType) ? [property.Name]
        : property.PropertyType.GenericTypeArguments[1] is var value && value == typeof(string) ? [$"{property.Name}__*"]
        : Of(value).Select(name => $"{property.Name}__*__{name}"));

    private static bool IsDictionary(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>);

    private static IEnumerable<string> ReadByName() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "OssCallbackFunctions"), "*.cs", SearchOption.AllDirectories)
        from match in Read().Matches(File.ReadAllText(file))
        select match.Groups[1].Value;

    [GeneratedRegex("""configuration\["(\w+)"\]""")]
    private static partial Regex Read();
}
