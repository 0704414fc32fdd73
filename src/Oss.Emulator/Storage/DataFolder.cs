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
    public string CallbackKeyPem()
    {
        var path = Path.Combine(_folder, "callback-private-key.pem");
        if (!File.Exists(path))
        {
            using var key = RSA.Create(2048);
            var temporary = path + ".tmp";
            File.WriteAllText(temporary, key.ExportPkcs8PrivateKeyPem());
            File.Move(temporary, path, overwrite: true);
        }

        return File.ReadAllText(path);
    }

    public void Dispose() => _lock.Dispose();
}
