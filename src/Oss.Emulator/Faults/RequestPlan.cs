using Oss.Emulator.Callbacks;
using Oss.Protocol;

namespace Oss.Emulator.Faults;

/// <summary>What is done to one request on purpose: the faults that hit it, and the rate it asked for itself.</summary>
internal sealed class RequestPlan
{
    private readonly List<string> _kinds = [];

    /// <summary>The kinds of the faults, in the order they were added.</summary>
    public IReadOnlyList<string> Kinds => _kinds;

    /// <summary>Passes before anything else.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What is answered in place of the operation.</summary>
    public OssException? Refusal { get; set; }

    /// <summary>What a refusal says in <c>x-oss-qos-delay-time</c>.</summary>
    public TimeSpan? QosDelay { get; set; }

    public List<BodyPlace> RequestCuts { get; } = [];

    /// <summary>Bytes per second.</summary>
    public long? RequestRate { get; set; }

    public bool LosesReply { get; set; }

    public bool CutsHead { get; set; }

    /// <summary>Whether a reply that breaks off ends without a reset.</summary>
    public bool ClosesReply { get; set; }

    public List<BodyPlace> ReplyCuts { get; } = [];

    public List<BodyPlace> Truncations { get; } = [];

    public List<BodyPlace> Flips { get; } = [];

    /// <summary>Bytes per second.</summary>
    public long? ReplyRate { get; set; }

    public CallbackFault Callback { get; set; }

    /// <summary>The limit that the request asked for; null: none.</summary>
    public TrafficLimit? Limit { get; set; }

    /// <summary>What the body of the request is read at; null: as it comes.</summary>
    public Pace? RequestPace { get; set; }

    /// <summary>Where the reply is disturbed; settled when its head is complete.</summary>
    public ReplyPlaces Reply { get; set; } = ReplyPlaces.None;

    public bool ShapesRequest => RequestCuts.Count > 0 || RequestRate is not null;

    public bool ShapesReply => LosesReply || ReplyCuts.Count > 0 || Truncations.Count > 0 || Flips.Count > 0 || ReplyRate is not null;

    public void Add(FaultEffect effect, double place)
    {
        _kinds.Add(effect.Kind);
        effect.AddTo(this, place);
    }
}
