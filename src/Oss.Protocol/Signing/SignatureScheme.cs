namespace Oss.Protocol;

/// <summary>Which of OSS's ways to sign a request presented, whether or not the signature was right.</summary>
public enum SignatureScheme
{
    /// <summary>No signature: an anonymous request.</summary>
    None,

    /// <summary>Version 4 in the Authorization header.</summary>
    V4Header,

    /// <summary>Version 4 in the query of a URL.</summary>
    V4Query,

    /// <summary>Version 4 over the policy of a form.</summary>
    V4Form,

    /// <summary>Version 1 in the Authorization header.</summary>
    V1Header,

    /// <summary>Version 1 in the query of a URL.</summary>
    V1Query,

    /// <summary>Version 1 over the policy of a form.</summary>
    V1Form,
}
