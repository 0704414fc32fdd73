using System.Diagnostics.Metrics;
using System.Text.Json;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Counts what is lent, and what is not.</summary>
public sealed class CredentialMetrics : IDisposable
{
    /// <summary>Credentials lent, by <c>kind</c> and <c>upload.profile</c>.</summary>
    public const string Credentials = "upload.credentials";

    /// <summary>Requests for credentials that were refused, by <c>code</c>, that of the problem.</summary>
    public const string Refusals = "upload.credential.refusals";

    private static readonly Dictionary<Type, string> Kinds = new()
    {
        [typeof(PresignedPut)] = NameOf(UploadKind.Put), [typeof(FormPost)] = NameOf(UploadKind.Form), [typeof(FormPolicy)] = "form_policy", [typeof(LentKey)] = NameOf(UploadKind.Sts),
    };

    private readonly Meter _meter = new(AppMeter.Name);
    private readonly Counter<long> _lent;
    private readonly Counter<long> _refused;

    /// <summary>A meter of the app's name.</summary>
    public CredentialMetrics()
    {
        _lent = _meter.CreateCounter<long>(Credentials, "{credential}", "Credentials that were lent.");
        _refused = _meter.CreateCounter<long>(Refusals, "{request}", "Requests for credentials that were refused.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void CountLent<T>(string profile)
        where T : ILentCredential => Count(Kinds[typeof(T)], profile);

    internal void CountLent(UploadKind kind, string profile) => Count(NameOf(kind), profile);

    /// <summary>Counts a refusal, if there was one.</summary>
    internal void CountRefused(Problem? problem)
    {
        if (problem is not null)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("code", problem.Code));
        }
    }

    private void Count(string kind, string profile) => _lent.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>(AppTrace.Profile, profile));

    private static string NameOf(UploadKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
