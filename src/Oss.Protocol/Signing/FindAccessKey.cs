namespace Oss.Protocol;

/// <summary>Finds the key that a request names. Called once for each signature that is checked, from many threads at a time.</summary>
/// <param name="accessKeyId">The id that the request names.</param>
/// <param name="securityToken">The security token that the request carries; null when it carries none, and then only a permanent key may be found.</param>
/// <returns>The key whose secret the signature is checked with, or why the request is refused before that.</returns>
public delegate KeyLookup FindAccessKey(string accessKeyId, string? securityToken);
