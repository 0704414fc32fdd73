namespace Oss.Protocol;

/// <summary>There is no key to sign with at present: none could be had, and the last one has ended. It may pass.</summary>
public sealed class AccessKeyUnavailableException : Exception
{
    /// <summary>With the reason why no key could be had.</summary>
    public AccessKeyUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
