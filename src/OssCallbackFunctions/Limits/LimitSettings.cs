namespace OssCallbackFunctions.Limits;

/// <summary>How much a caller may be lent: for all callers, or for one.</summary>
public abstract class LimitSettings
{
    // More open uploads than a page of a query has rows are not counted.
    private const int MostOpen = 999;

    /// <summary>Credentials in a minute; null: as for all callers, 0: not limited.</summary>
    public long? CredentialsPerMinute { get; set; }

    /// <summary>Bytes that the credentials of a day (UTC) admit together; null: as for all callers, 0: not limited.</summary>
    public long? BytesPerDay { get; set; }

    /// <summary>Multipart uploads that are open at a time, at most 999; null: as for all callers, 0: not limited.</summary>
    public int? OpenMultiparts { get; set; }

    /// <summary>What is wrong with the settings, each named by <paramref name="section"/>.</summary>
    internal IEnumerable<string> Faults(string section)
    {
        if (CredentialsPerMinute < 0)
        {
            yield return $"{section}__{nameof(CredentialsPerMinute)} is {CredentialsPerMinute}: expected a number of credentials, or 0 for no limit.";
        }

        if (BytesPerDay < 0)
        {
            yield return $"{section}__{nameof(BytesPerDay)} is {BytesPerDay}: expected a number of bytes, or 0 for no limit.";
        }

        if (OpenMultiparts is < 0 or > MostOpen)
        {
            yield return $"{section}__{nameof(OpenMultiparts)} is {OpenMultiparts}: expected 1 to {MostOpen}, or 0 for no limit.";
        }
    }
}
