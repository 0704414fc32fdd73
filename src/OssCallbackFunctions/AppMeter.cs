namespace OssCallbackFunctions;

/// <summary>The app's own measurements: each room has a meter of this name.</summary>
internal static class AppMeter
{
    /// <summary>Name of the meters.</summary>
    public const string Name = "OssCallbackFunctions";

    /// <summary>Attribute with what became of something, in snake case.</summary>
    public const string Outcome = "outcome";
}
