namespace Sandbox;

/// <summary>The checkout that this program was built from: where <c>package-lock.json</c> and <c>host.json</c> are.</summary>
public static class Repository
{
    /// <summary>Full path of the folder that holds the solution file.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OssCallbackFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No OssCallbackFunctions.sln above {AppContext.BaseDirectory}: run this program from a checkout of the repository.");
    }
}
