using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sandbox;

namespace OssCallbackFunctions.Tests.Settings;

/// <summary>README's tables and the sample are what the code reads, to the setting.</summary>
public sealed class SettingsTableTests
{
    // Read by OpenTelemetry's SDK itself.
    private static readonly string[] OfOthers = ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];

    // Those of Alibaba Cloud's SDKs, which fill in for Oss__*.
    private static readonly string[] Aliases = ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"];

    // Bound with their section, and then replaced by what has a name of its own, set or not.
    private static readonly string[] Replaced = ["Oss__AccessKeyId", "Oss__AccessKeySecret", "Oss__SessionToken", "AzureWebJobsStorage__ConnectionString"];

    private static readonly Dictionary<string, string> Good = new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["OSS_ACCESS_KEY_ID"] = "id", ["OSS_ACCESS_KEY_SECRET"] = "secret", ["Oss__Region"] = "cn-hangzhou",
        ["Oss__Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com", ["Oss__Bucket"] = "examplebucket", ["Callbacks__PublicBaseUrl"] = "https://fn.example.com", ["Grants__Secret"] = Convert.ToBase64String(new byte[32]),
    };

    // What a setting is not set without: by what its name begins with, the settings that go with it.
    private static readonly (string Prefix, string[] Others)[] Together =
    [
        ("AzureWebJobsStorage__", ["AzureWebJobsStorage=", "AzureWebJobsStorage__accountName"]),
        ("Oss__Oidc", ["OSS_ACCESS_KEY_ID=", "OSS_ACCESS_KEY_SECRET=", "Oss__RoleArn", "Oss__OidcProviderArn"]),
        ("Oss__OidcProviderArn", ["Oss__OidcAudience"]), ("Oss__OidcClientId", ["Oss__OidcAudience"]),
        ("Oss__RoleDuration", ["Oss__RoleArn"]),
        ("Callbacks__TestKey", ["Callbacks__TestKeyUrl", "Callbacks__TestKeyPem"]),
        ("Callers__", ["Callers__<name>__KeySha256"]),
        ("Webhooks__", ["Webhooks__<name>__Url", "Webhooks__<name>__Secret"]),
        ("BulkUploads__BlobContainers__<name>__Con", ["BulkUploads__BlobContainers__<name>__ConnectionString", "BulkUploads__BlobContainers__<name>__Container"]),
        ("Uploads__Profiles__<name>__Sts", ["Sts__Endpoint", "Sts__RoleArn", "Uploads__Profiles__<name>__KeyTemplate"]), ("Uploads__Profiles__<name>__AlibabaForm", ["Uploads__Profiles__<name>__KeyTemplate"]),
    ];

    public static TheoryData<string> Names => [.. SettingsTable.Rows.Select(row => row.Name)];

    [Fact]
    public void The_tables_have_what_the_code_reads_and_nothing_else()
    {
        var rows = SettingsTable.Rows.Select(row => SettingsTable.Pattern(row.Name)).ToList();
        Assert.Equal(rows.Distinct(), rows);
        Assert.All(SettingsRead.All.Values.Where(read => read.Name.Contains("__", StringComparison.Ordinal)), read => Assert.True(read.Property is not null, read.Name));
        var read = SettingsRead.All.Keys.Except(Aliases).Except(Replaced).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.InRange(read.Count, 80, 200);
        Assert.Equal([], read.Except(rows, StringComparer.OrdinalIgnoreCase));
        Assert.Equal([], rows.Except(read, StringComparer.OrdinalIgnoreCase).Except(OfOthers));
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(Aliases, alias => Assert.Contains(alias, readme, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Type_default_and_range_are_the_codes_own(string name)
    {
        var row = Row(name);
        if (Read(row) is not { Property: { } property } read)
        {
            return;
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Assert.Contains(row.Type, type switch
        {
            _ when type == typeof(bool) => ["boolean"],
            _ when type == typeof(TimeSpan) => ["time"],
            _ when type == typeof(int) || type == typeof(long) => ["number"],
            _ when type.IsEnum => ["word"],
            _ => (string[])["text", "secret", "URL", "list", "word"],
        });
        Assert.Equal(read.IsRequired, row.Default == "required");
        if (read.Default is null or "")
        {
            Assert.Null(row.DefaultValue);
        }
        else
        {
            Assert.Equal(read.Default.ToString(), Parse(row.DefaultValue!, type)!.ToString(), ignoreCase: type.IsEnum);
        }

        if (read.Range is { } range)
        {
            Assert.Equal(row.Range, string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_app_starts_with_each_example(string name)
    {
        var row = Row(name);
        var settings = new Dictionary<string, string>(Good);
        foreach (var other in Together.Where(one => name.StartsWith(one.Prefix, StringComparison.Ordinal)).SelectMany(one => one.Others))
        {
            settings[other.TrimEnd('=').Replace("<name>", "main", StringComparison.Ordinal)] = other.EndsWith('=') ? "" : Row(other).Example;
        }

        if (name.EndsWith("__<name>__Callers", StringComparison.Ordinal))
        {
            foreach (var caller in row.Example.Split(';'))
            {
                settings[$"Callers__{caller}__KeySha256"] = Row("Callers__<name>__KeySha256").Example;
            }
        }

        if (name == "Oss__OidcTokenFile")
        {
            settings.Remove("Oss__OidcAudience");
        }

        settings[row.Named("main")] = row.Example;
        Assert.Equal("", Faults(settings));
        if (Read(row)?.Property is { } property && !property.PropertyType.IsGenericType)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            // An example that is the default shows nothing.
            Assert.NotEqual(row.DefaultValue, row.Example);
            Assert.NotNull(Parse(row.Example, type));
        }
    }

    [Fact]
    public void The_sample_has_every_setting_and_starts_when_it_is_filled_in()
    {
        var sample = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))!["Values"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.ToString());
        var names = sample.Keys.Where(name => !name.StartsWith("LocalWorker__", StringComparison.Ordinal) && name != "FUNCTIONS_WORKER_RUNTIME").ToList();
        Assert.Equal([], SettingsTable.Rows.Where(row => !names.Any(name => Fits(row, name))).Select(row => row.Name));
        Assert.Equal([], names.Where(name => !SettingsTable.Rows.Any(row => Fits(row, name))));

        foreach (var (name, value) in sample.Where(one => one.Value.Contains('<', StringComparison.Ordinal) && Good.ContainsKey(one.Key)))
        {
            Assert.Contains(name, Faults(new(sample.Where(one => one.Key != name).ToDictionary()) { [name] = "" }), StringComparison.Ordinal);
            sample[name] = Good[name];
        }

        Assert.Equal("", Faults(sample));
        // As if nothing else were there.
        foreach (var row in SettingsTable.Rows.Where(row => !row.Name.StartsWith("Uploads__Profiles__", StringComparison.Ordinal) && row.DefaultValue is not null))
        {
            Assert.Equal(row.DefaultValue, sample[row.Named(row.Name.StartsWith("Callers", StringComparison.Ordinal) ? "shop" : "main")]);
        }
    }

    private static SettingRow Row(string name) => SettingsTable.Rows.Single(row => row.Name == name);

    private static ReadSetting? Read(SettingRow row) => SettingsRead.All.FirstOrDefault(read => read.Key.Equals(SettingsTable.Pattern(row.Name), StringComparison.OrdinalIgnoreCase)).Value;

    private static bool Fits(SettingRow row, string name)
    {
        var (wanted, actual) = (SettingsTable.Pattern(row.Name).Split("__"), name.Split("__"));
        return wanted.Length == actual.Length && wanted.Zip(actual).All(pair => pair.First == "<name>" || pair.First == pair.Second);
    }

    private static object? Parse(string text, Type type) => System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);

    // As the host does at the start; nothing is called. Files and folders of examples are made up: any that is there stands for them.
    private static string Faults(Dictionary<string, string> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(
            one.Key.Replace("__", ":", StringComparison.Ordinal),
            (string?)(one.Key switch
            {
                "Oss__OidcTokenFile" when one.Value.Length > 0 => typeof(SettingsTableTests).Assembly.Location,
                "BulkUploads__FileRoot" when one.Value.Length > 0 => AppContext.BaseDirectory,
                _ => one.Value,
            })))).Build();
        try
        {
            using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            return "";
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException or InvalidOperationException)
        {
            return e.Message;
        }
    }
}
