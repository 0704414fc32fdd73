using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sandbox;

namespace OssCallbackFunctions.Tests.Settings;

/// <summary>A setting that the app's code asks for.</summary>
/// <param name="Name">With <c>__</c>, and <c>&lt;name&gt;</c> for names that are chosen.</param>
/// <param name="Property">Where it goes; null: it is read by its name.</param>
/// <param name="Default">What is there when it is not set.</param>
internal sealed record ReadSetting(string Name, PropertyInfo? Property, object? Default)
{
    public RangeAttribute? Range => Property?.GetCustomAttribute<RangeAttribute>();

    public bool IsRequired => Property?.GetCustomAttribute<RequiredAttribute>() is not null;
}

/// <summary>What the app's options classes read of their configuration, as they do it: the configuration takes note of what it is asked for.</summary>
internal static partial class SettingsRead
{
    private const string Entry = "entry";

    private const string Nothing = "Nothing";

    // Entries of every dictionary, so that what is in them is asked for; and something in each section, also where only what is known may be.
    private static readonly string[] Seeds =
    [
        "Uploads:Profiles:entry:MinSize", "Uploads:Profiles:entry:Variables:entry", "Uploads:Profiles:entry:Answer:entry", "Callers:entry:KeySha256", "Webhooks:entry:Url", "BulkUploads:BlobContainers:entry:Url",
        "Limits:OpenMultiparts",
        .. typeof(Registration).Assembly.GetTypes().Select(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)).OfType<FieldInfo>().Select(field => (string)field.GetRawConstantValue()!)
            .Where(section => section is not ("Uploads" or "Callers" or "Webhooks" or "Limits")).Select(section => $"{section}:{Nothing}"),
    ];

    public static IReadOnlyDictionary<string, ReadSetting> All { get; } = Read().Concat(ByName()).DistinctBy(setting => setting.Name).ToDictionary(setting => setting.Name);

    private static IEnumerable<ReadSetting> Read()
    {
        var asked = new ConcurrentDictionary<string, byte>();
        var configuration = new ConfigurationBuilder().Add(new Noting(asked, Seeds.Distinct().ToDictionary(seed => seed, _ => (string?)"1"))).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration);
        var kinds = services.Select(service => service.ServiceType).Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>)).Select(type => type.GetGenericArguments()[0])
            .Where(type => type.Assembly == typeof(Registration).Assembly || (IsDictionary(type) && type.GetGenericArguments()[1].Assembly == typeof(Registration).Assembly)).Distinct().ToList();
        Assert.NotEmpty(kinds);
        using var provider = services.BuildServiceProvider();
        foreach (var kind in kinds)
        {
            asked.Clear();
            // Nothing is valid here; it is read all the same.
            var create = typeof(SettingsRead).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(kind);
            create.Invoke(null, [provider]);
            var names = asked.Keys.Where(name => !name.EndsWith(Nothing, StringComparison.Ordinal)).ToList();
            foreach (var name in names.Where(name => name == "AzureWebJobsStorage" || !names.Any(other => other.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))))
            {
                var (property, value) = Find(kind, name.Split(':'));
                yield return new(string.Join("__", name.Split(':').Select(part => part == Entry ? "<name>" : part)), property, value);
            }
        }
    }

    // By names that are not made while it runs.
    private static IEnumerable<ReadSetting> ByName() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "OssCallbackFunctions"), "*.cs", SearchOption.AllDirectories)
        from match in ByNameText().Matches(File.ReadAllText(file))
        select new ReadSetting(match.Groups[1].Value, null, null);

    private static void Create<T>(ServiceProvider provider)
        where T : class
    {
        var options = (IConfigureOptions<T>[])[.. provider.GetServices<IConfigureOptions<T>>()];
        var value = Activator.CreateInstance<T>();
        foreach (var one in options)
        {
            one.Configure(value);
        }
    }

    // The options' member that a path leads to: the path begins with the section, and dictionaries have names of their own in it.
    private static (PropertyInfo? Property, object? Default) Find(Type kind, string[] path)
    {
        for (var skipped = 1; skipped < path.Length; skipped++)
        {
            object? owner = Activator.CreateInstance(kind);
            if (IsDictionary(kind))
            {
                owner = Activator.CreateInstance(kind.GetGenericArguments()[1]);
                skipped++;
            }

            for (var i = skipped; i < path.Length; i++)
            {
                var property = owner!.GetType().GetProperty(path[i], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                    ?? (i == skipped && owner.GetType().GetProperty("All") is { } all && IsDictionary(all.PropertyType) ? all : null);
                if (property is null)
                {
                    break;
                }

                var isWhole = property.Name == "All" && !path[i].Equals("All", StringComparison.OrdinalIgnoreCase);
                if (!IsDictionary(property.PropertyType))
                {
                    return (property, property.GetValue(owner));
                }

                var values = property.PropertyType.GetGenericArguments()[1];
                i += isWhole ? 0 : 1;
                if (values == typeof(string))
                {
                    return (property, null);
                }

                owner = Activator.CreateInstance(values);
            }
        }

        return (null, null);
    }

    private static bool IsDictionary(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>);

    [GeneratedRegex("""configuration\["(\w+)"\]""")]
    private static partial Regex ByNameText();

    private sealed class Noting(ConcurrentDictionary<string, byte> asked, IEnumerable<KeyValuePair<string, string?>> seeds) : MemoryConfigurationProvider(new MemoryConfigurationSource { InitialData = seeds }), IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            asked.TryAdd(key, 0);
            return base.TryGet(key, out value);
        }
    }
}
