using System.Security.Cryptography;

namespace Oss.Emulator.Storage;

/// <summary>All that an emulator keeps, and the lock that keeps a second one out.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _folder;

    public DataFolder(string folder, IEnumerable<string> buckets, DateTimeOffset now)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        try
        {
            _lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"The data folder {folder} is in use by another emulator.", e);
        }

        Buckets = new BucketIndex(Path.Combine(folder, "buckets"), buckets, now);
    }

    public BucketIndex Buckets { get; }

    /// <summary>The PEM of the private key that callbacks are signed with: made once, so that a restart does not turn verifiers away.</summary>
    public string CallbackKeyPem() => Once("callback-private-key.pem", () =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    /// <summary>The secret that temporary keys are made of: made once, so that they outlive a restart.</summary>
    public byte[] TemporaryKeySecret() => Convert.FromBase64String(Once("temporary-key-secret.txt", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

    private string Once(string name, Func<string> make)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            var temporary = path + ".tmp";
            File.WriteAllText(temporary, make());
            File.Move(temporary, path, overwrite: true);
        }

        return File.ReadAllText(path);
    }

    public void Dispose() => _lock.Dispose();
}
