using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Oss.Emulator;

/// <summary>The certificate that https is served with: made by the emulator itself and kept, so that clients have to be told to trust it once.</summary>
internal static class HttpsCertificate
{
    /// <summary>What clients have to trust.</summary>
    public const string FileName = "https-certificate.pem";

    // The key and the certificate once more, so that there is never one without the other.
    private const string KeyFile = "https-private-key.pem";

    // Not by the clock, which tests may turn to any year.
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2049, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The certificate of an earlier run, or a new one when that was for other names.</summary>
    /// <param name="folder">Where it is kept, with its key, as PEM.</param>
    /// <param name="names">Host names it is good for, beside localhost and the loopback addresses; <c>*.</c> in front stands for one label.</param>
    public static X509Certificate2 LoadOrCreate(string folder, IEnumerable<string> names)
    {
        var certificatePath = Path.Combine(folder, FileName);
        var keyPath = Path.Combine(folder, KeyFile);
        string[] wanted = [.. names.Append("localhost").Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        using var certificate = Load(keyPath, wanted) ?? Make(keyPath, wanted);
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem() + "\n");
        return Usable(certificate);
    }

    private static X509Certificate2? Load(string path, string[] wanted)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var found = X509Certificate2.CreateFromPemFile(path);
        if (NamesOf(found).SequenceEqual(wanted, StringComparer.OrdinalIgnoreCase))
        {
            return found;
        }

        found.Dispose();
        return null;
    }

    private static X509Certificate2 Make(string path, string[] wanted)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = Create(key, wanted);
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, $"{key.ExportPkcs8PrivateKeyPem()}\n{made.ExportCertificatePem()}\n");
        File.Move(temporary, path, overwrite: true);
        return made;
    }

    private static X509Certificate2 Create(ECDsa key, string[] names)
    {
        var request = new CertificateRequest("CN=OSS emulator", key, HashAlgorithmName.SHA256);
        var subject = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            subject.AddDnsName(name);
        }

        subject.AddIpAddress(IPAddress.Loopback);
        subject.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(subject.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        // Its own authority: what trusts it trusts nothing else.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        return request.CreateSelfSigned(NotBefore, NotAfter);
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());

    // Some platforms do not serve with a key that came as PEM.
    private static X509Certificate2 Usable(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
