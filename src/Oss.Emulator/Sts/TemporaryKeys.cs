using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Access;
using Oss.Protocol;

namespace Oss.Emulator.Sts;

/// <summary>
/// Makes temporary keys and knows them again, without keeping any: the token carries what there is to know of its key, sealed with a secret that only the emulator has, and id and secret
/// of the key follow from that secret. So they outlive a restart.
/// </summary>
/// <param name="secret">Gives the secret, 32 bytes that stay the same; asked for when the first key is made or looked up.</param>
internal sealed class TemporaryKeys(Func<byte[]> secret)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string IdStart = "STS.NT";
    private const string TokenStart = "CAIS";
    private const int RandomLetters = 16;
    private const int CheckLetters = 8;
    private const int SecretLetters = 44;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Lazy<byte[]> _secret = new(secret);
    private int _generation;

    /// <summary>Ends all keys made so far, whatever their tokens say. Those made from now on live.</summary>
    public void EndAll() => Interlocked.Increment(ref _generation);

    /// <summary>Makes a key.</summary>
    /// <param name="roleArn">The role that is assumed.</param>
    /// <param name="sessionName">What the caller calls the session.</param>
    /// <param name="duration">How long the key is to live.</param>
    /// <param name="policyJson">A policy, valid, that takes rights away; null: none.</param>
    /// <param name="now">When its life begins.</param>
    public StsCredentials Issue(string roleArn, string sessionName, TimeSpan duration, string? policyJson, DateTimeOffset now)
    {
        var random = RandomNumberGenerator.GetString(Letters, RandomLetters);
        var id = IdStart + random + Check(random);
        var expiration = DateTimeOffset.FromUnixTimeSeconds((now + duration).ToUnixTimeSeconds());

        using var text = new MemoryStream();
        using (var writer = new BinaryWriter(text, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(id);
            writer.Write(expiration.ToUnixTimeSeconds());
            writer.Write(roleArn);
            writer.Write(sessionName);
            writer.Write(policyJson ?? "");
            writer.Write(Volatile.Read(ref _generation));
        }

        return new StsCredentials(id, SecretOf(id), TokenStart + Convert.ToBase64String(Seal(text.ToArray())), expiration);
    }

    /// <summary>Knows a key again by its id and the token that came with it.</summary>
    public TemporaryKey Find(string accessKeyId, string? token, DateTimeOffset now)
    {
        if (!IsOwn(accessKeyId))
        {
            return new TemporaryKey(KeyStatus.Unknown);
        }

        if (string.IsNullOrEmpty(token))
        {
            return new TemporaryKey(KeyStatus.TokenMissing);
        }

        if (!token.StartsWith(TokenStart, StringComparison.Ordinal) || !OssEncoding.TryDecodeBase64(token[TokenStart.Length..], out var sealedText) || Open(sealedText) is not { } text)
        {
            return new TemporaryKey(KeyStatus.TokenMalformed);
        }

        using var reader = new BinaryReader(new MemoryStream(text), Encoding.UTF8);
        if (reader.ReadString() != accessKeyId)
        {
            return new TemporaryKey(KeyStatus.TokenOfAnother);
        }

        var expiration = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64());
        var (role, session, policy) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        return new TemporaryKey(now < expiration && reader.ReadInt32() >= Volatile.Read(ref _generation) ? KeyStatus.Valid : KeyStatus.Expired)
        {
            Key = new AccessKey(accessKeyId, SecretOf(accessKeyId), token),
            RoleArn = role,
            SessionName = session,
            SessionPolicy = Policy(policy),
            Expiration = expiration,
        };
    }

    // It was valid when it was sealed, and nobody else can seal.
    private static RamPolicy? Policy(string json) => json.Length == 0 ? null : RamPolicy.TryParse(json, out var policy, out var fault) ? policy : throw fault;

    private bool IsOwn(string id) =>
        id.Length == IdStart.Length + RandomLetters + CheckLetters && id.StartsWith(IdStart, StringComparison.Ordinal)
        && Check(id[IdStart.Length..^CheckLetters]) == id[^CheckLetters..];

    private string Check(string random) => ToLetters(Derive("id", random), CheckLetters);

    private string SecretOf(string id) => ToLetters(Derive("secret", id), SecretLetters);

    private byte[] Derive(string purpose, string text) => HMACSHA512.HashData(_secret.Value, Encoding.UTF8.GetBytes($"{purpose}:{text}"));

    private static string ToLetters(byte[] bytes, int count) => string.Concat(bytes.Take(count).Select(value => Letters[value % Letters.Length]));

    private byte[] Seal(byte[] text)
    {
        var result = new byte[NonceBytes + text.Length + TagBytes];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
        using var aes = Cipher();
        aes.Encrypt(result.AsSpan(0, NonceBytes), text, result.AsSpan(NonceBytes, text.Length), result.AsSpan(NonceBytes + text.Length));
        return result;
    }

    private byte[]? Open(byte[] bytes)
    {
        if (bytes.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var text = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = Cipher();
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, text.Length), bytes.AsSpan(NonceBytes + text.Length), text);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private AesGcm Cipher() => new(Derive("token", "")[..32], TagBytes);
}
