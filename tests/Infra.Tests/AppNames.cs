using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using OssCallbackFunctions;
using OssCallbackFunctions.Webhooks;
using Sandbox;

namespace Infra.Tests;

/// <summary>What the app itself calls its queues, tables, containers, functions and metrics.</summary>
internal static partial class AppNames
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types = typeof(Registration).Assembly.GetTypes();

    private static readonly MethodInfo[] Methods = [.. Types.SelectMany(type => type.GetMethods(All)).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    public static IReadOnlySet<string> Functions { get; } = Methods.Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Queues of the triggers, those that the host moves their messages to, those that are asked for by name, and the one that only people read.</summary>
    public static IReadOnlySet<string> Queues { get; } = TriggerQueues().Concat(Opened("Queue")).Append(WebhookQueue.Dead).ToHashSet(StringComparer.Ordinal);

    public static IReadOnlySet<string> Tables { get; } = Opened("Table").ToHashSet(StringComparer.Ordinal);

    public static IReadOnlySet<string> Containers { get; } = Opened("Container").ToHashSet(StringComparer.Ordinal);

    /// <summary>Constants of the classes that have meters.</summary>
    public static IReadOnlySet<string> Metrics { get; } = Types.Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal))
        .SelectMany(Constants).Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> TriggerQueues()
    {
        var queues = Methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>()?.QueueName).OfType<string>().ToList();
        return queues.Concat(queues.Where(queue => !queue.EndsWith("-poison", StringComparison.Ordinal)).Select(queue => queue + "-poison"));
    }

    // From the sources: what StorageAccount is asked for is a constant wherever it is known before the app runs.
    private static IEnumerable<string> Opened(string kind) =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "OssCallbackFunctions"), "*.cs", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Contains("obj")
        from match in Opening().Matches(File.ReadAllText(file))
        where match.Groups[1].Value == kind
        let path = match.Groups[2].Value.Split('.')
        let owner = path.Length > 1 ? path[^2] : Path.GetFileNameWithoutExtension(file)
        from constant in Types.Where(type => type.Name == owner).SelectMany(Constants)
        where constant.Name == path[^1]
        select (string)constant.GetRawConstantValue()!;

    private static IEnumerable<FieldInfo> Constants(Type type) => type.GetFields(All).Where(field => field is { IsLiteral: true } && field.FieldType == typeof(string));

    [GeneratedRegex(@"\b(Table|Queue|Container)Async\((\w+(?:\.\w+)?)\)")]
    private static partial Regex Opening();
}
