namespace OssCallbackFunctions.OssKeys;

/// <summary>Where the key comes from that signs for OSS.</summary>
public enum OssKeyMode
{
    /// <summary>The key of the settings, permanent or temporary, as it is.</summary>
    Key,

    /// <summary>Temporary keys of a role, which the key of the settings assumes.</summary>
    AssumeRole,

    /// <summary>Temporary keys of a role, for the token of this app's managed identity.</summary>
    ManagedIdentity,

    /// <summary>Temporary keys of a role, for a token that the platform writes to a file.</summary>
    TokenFile,
}
