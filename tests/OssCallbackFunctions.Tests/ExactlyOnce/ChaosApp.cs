namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>Two instances of an app whose grants are over soon, and which lets objects be replaced.</summary>
public sealed class ChaosApp : RunningApp
{
    /// <summary>Time from the end of a credential until its object is looked for.</summary>
    public static readonly TimeSpan LookedForAfter = Grace;

    /// <summary>Time from the end of a credential until its grant is settled.</summary>
    public static readonly TimeSpan SettledAfter = MaxUploadTime + Grace;

    /// <summary>Time from lending until the grant is settled.</summary>
    public static readonly TimeSpan Due = Lifetime + SettledAfter;

    private static TimeSpan Lifetime => TimeSpan.FromSeconds(12);

    private static TimeSpan MaxUploadTime => TimeSpan.FromSeconds(10);

    private static TimeSpan Grace => TimeSpan.FromSeconds(1);

    protected override Dictionary<string, string> Settings => new()
    {
        ["Uploads__Lifetime"] = Lifetime.ToString("c"),
        ["Uploads__MaxUploadTime"] = MaxUploadTime.ToString("c"),
        ["Ledger__Grace"] = Grace.ToString("c"),
        ["Uploads__ForbidOverwrite"] = "false",
    };
}
