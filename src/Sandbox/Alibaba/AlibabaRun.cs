using System.Collections;
using AlibabaSide;

namespace Sandbox.Alibaba;

/// <summary>Prints the documents, as they are: to be read, or to be piped.</summary>
internal sealed class AlibabaRun(AlibabaOptions options)
{
    private const string Usual = "local.settings.json";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var usual = Path.Combine(Repository.Root, Usual);
        var settings = options.Settings ?? (File.Exists(usual) ? usual : null);
        Documents documents;
        try
        {
            documents = Documents.Make(settings, Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(one => KeyValuePair.Create((string)one.Key, (string?)one.Value)), options.Wishes);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message}{Environment.NewLine}Settings were read from {(settings is null ? $"the environment alone: there is no {Usual}" : $"{settings} and the environment")}.", e);
        }

        if (options.Part is null)
        {
            foreach (var document in documents.All)
            {
                await Console.Out.WriteLineAsync($"# {document.Title}\n{document.Text}\n".AsMemory(), cancellationToken);
            }

            await Console.Out.WriteLineAsync($"# Commands that apply all of it\n{documents.Commands}\n# To mind\n{string.Join('\n', documents.Notes.Select(note => "# - " + note))}".AsMemory(), cancellationToken);
            return 0;
        }

        await Console.Out.WriteLineAsync((options.Part == "commands" ? documents.Commands.TrimEnd() : Find(documents, options.Part)).AsMemory(), cancellationToken);
        foreach (var note in documents.Notes)
        {
            await Console.Error.WriteLineAsync($"# {note}".AsMemory(), cancellationToken);
        }

        return 0;
    }

    private static string Find(Documents documents, string part) => documents.All.FirstOrDefault(document => document.Part == part)?.Text ?? throw new InvalidOperationException(part switch
    {
        "cors" => "There is no CORS rule: Cors__AllowedOrigins names no page.",
        "user-policy" => "There is no policy of a user beside the app's: it is for a key that assumes Oss__RoleArn.",
        "lent-trust" or "lent-policy" => "No temporary keys are lent: no profile has Sts.",
        _ => "The app signs with its own key, and no role: set Oss__RoleArn for one.",
    });
}
