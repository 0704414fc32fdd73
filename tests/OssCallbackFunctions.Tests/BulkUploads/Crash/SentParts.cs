using Oss.Emulator;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>Parts as OSS saw them: how often each was sent, and why again.</summary>
internal sealed class SentParts
{
    private const int ClientLeft = 499;

    public SentParts(IEnumerable<RecordedRequest> requests)
    {
        foreach (var part in requests.Where(request => request.Operation == "UploadPart").GroupBy(request => (request.UploadId, request.PartNumber)))
        {
            Parts++;
            foreach (var (before, request) in part.Zip(part.Skip(1)))
            {
                if (CrashFaults.IsLost(before))
                {
                    AfterLostReply++;
                }
                else if (before.Faults.Count > 0)
                {
                    AfterFault++;
                }
                else if (before.Status == ClientLeft)
                {
                    AfterCut++;
                }
                else if (before.Status == 200)
                {
                    Again.Add(request);
                }
                else
                {
                    Others.Add(before);
                }
            }

            // What was stored and not heard of may be stored again, and nothing else.
            Replaced += Math.Max(0, part.Count(request => request.Status == 200) - 1);
            Lost += part.Count(request => request.Status == 200 && CrashFaults.IsLost(request));
        }
    }

    /// <summary>Parts that were sent at all.</summary>
    public int Parts { get; }

    /// <summary>Sent again because the reply was lost.</summary>
    public int AfterLostReply { get; }

    /// <summary>Sent again because OSS refused, or cut the connection.</summary>
    public int AfterFault { get; }

    /// <summary>Sent again because the sender died in the middle of it.</summary>
    public int AfterCut { get; }

    /// <summary>Sent again though OSS had answered that it has the part: the sender died before he heard it, or two were at it.</summary>
    public List<RecordedRequest> Again { get; } = [];

    /// <summary>Requests that failed for a reason that nobody asked for.</summary>
    public List<RecordedRequest> Others { get; } = [];

    /// <summary>Times that OSS stored a part which it had.</summary>
    public int Replaced { get; }

    /// <summary>Parts stored whose reply was lost.</summary>
    public int Lost { get; }
}
