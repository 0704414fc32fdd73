namespace Sandbox;

/// <summary>A certificate for 127.0.0.1 and its key, as PEM files.</summary>
/// <param name="CertificatePath">The certificate, which clients have to trust.</param>
/// <param name="KeyPath">Its private key.</param>
public sealed record StorageCertificate(string CertificatePath, string KeyPath);
