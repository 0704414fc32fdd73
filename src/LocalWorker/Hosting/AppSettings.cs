using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LocalWorker.Hosting;

/// <summary>What attributes refer to by name: <c>%setting%</c> in queue names, and connections.</summary>
internal sealed partial class AppSettings(IConfiguration configuration)
{
    private const string DefaultConnection = "AzureWebJobsStorage";

    /// <exception cref="InvalidOperationException">A setting between percent signs is missing; the message names it.</exception>
    public string Resolve(string text) => Placeholder().Replace(text, match =>
        configuration[match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"The setting '{match.Groups[1].Value}', which '{text}' refers to, is missing."));

    /// <param name="name">The trigger's Connection; null is AzureWebJobsStorage.</param>
    /// <exception cref="InvalidOperationException">There is no such setting, or it cannot be; the message names it.</exception>
    public QueueConnection Connection(string? name)
    {
        name = string.IsNullOrEmpty(name) ? DefaultConnection : name;
        var sections = new[] { $"AzureWebJobs{name}", name }.Select(configuration.GetSection).ToArray();
        return sections.FirstOrDefault(section => !string.IsNullOrEmpty(section.Value)) is { Value: { } text } ? new(text)
            : sections.Select(section => QueueConnection.ByIdentity(name, section)).FirstOrDefault(connection => connection is not null)
            ?? throw new InvalidOperationException(
                $"The setting '{name}' is missing: queue functions need the connection string of a storage account in it (Azurite: UseDevelopmentStorage=true), or '{name}__accountName'.");
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
