using OssCallbackFunctions.OssKeys;

namespace OssCallbackFunctions.Health;

/// <summary>Examines everything at once, each for so long at most: what cannot be examined is a finding too.</summary>
public sealed class Doctor
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<IExamination> _examinations;
    private readonly OssKeySource _keys;
    private readonly TimeProvider _clock;

    internal Doctor(IEnumerable<IExamination> examinations, OssKeySource keys, TimeProvider clock)
    {
        _examinations = [.. examinations];
        _keys = keys;
        _clock = clock;
    }

    internal async Task<Diagnosis> ExamineAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Budget);
        var found = await Task.WhenAll(_examinations.Select(examination => ExamineAsync(examination, deadline.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        var findings = found.SelectMany(findings => findings).OrderByDescending(finding => finding.State).ThenBy(finding => finding.Check, StringComparer.Ordinal).ToArray();
        var key = new OssKeyFacts(_keys.Mode, _keys.Role, _keys.KeyIdEnding, _keys.Expires, _keys.LastError);
        return new Diagnosis(findings.Max(finding => finding.State), _clock.GetUtcNow(), key, findings);
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(IExamination examination, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        try
        {
            await foreach (var finding in examination.ExamineAsync(cancellationToken))
            {
                findings.Add(finding);
            }
        }
        catch (Exception e)
        {
            findings.Add(Finding.Error(
                examination.Name, $"It could not be examined to its end: {(e is OperationCanceledException ? $"no answer within {Budget.TotalSeconds} s" : e.GetType().Name)}.",
                "See that the service answers, and ask again."));
        }

        return findings;
    }
}

/// <summary>Something to be examined.</summary>
internal interface IExamination
{
    /// <summary>Check that a failure of the examination itself is told as.</summary>
    string Name { get; }

    IAsyncEnumerable<Finding> ExamineAsync(CancellationToken cancellationToken);
}
