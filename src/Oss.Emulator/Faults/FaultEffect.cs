using System.Text.Json.Serialization;

namespace Oss.Emulator.Faults;

/// <summary>What goes wrong. In JSON the member <c>kind</c> says which effect it is.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ErrorEffect), ErrorEffect.Name)]
[JsonDerivedType(typeof(ThrottleEffect), ThrottleEffect.Name)]
[JsonDerivedType(typeof(DelayEffect), DelayEffect.Name)]
[JsonDerivedType(typeof(ResetRequestEffect), ResetRequestEffect.Name)]
[JsonDerivedType(typeof(SlowRequestEffect), SlowRequestEffect.Name)]
[JsonDerivedType(typeof(LoseReplyEffect), LoseReplyEffect.Name)]
[JsonDerivedType(typeof(ResetReplyEffect), ResetReplyEffect.Name)]
[JsonDerivedType(typeof(SlowReplyEffect), SlowReplyEffect.Name)]
[JsonDerivedType(typeof(CorruptReplyEffect), CorruptReplyEffect.Name)]
[JsonDerivedType(typeof(TruncateReplyEffect), TruncateReplyEffect.Name)]
[JsonDerivedType(typeof(DropCallbackEffect), DropCallbackEffect.Name)]
[JsonDerivedType(typeof(DoubleCallbackEffect), DoubleCallbackEffect.Name)]
[JsonDerivedType(typeof(DelayCallbackEffect), DelayCallbackEffect.Name)]
[JsonDerivedType(typeof(ForgeCallbackEffect), ForgeCallbackEffect.Name)]
[JsonDerivedType(typeof(AlterCallbackEffect), AlterCallbackEffect.Name)]
public abstract record FaultEffect
{
    private protected FaultEffect(string kind)
    {
        Kind = kind;
    }

    /// <summary>The effect's name in JSON and in <see cref="RecordedRequest.Faults"/>, such as <c>resetReply</c>.</summary>
    [JsonIgnore]
    public string Kind { get; }

    /// <summary>Names the first member that cannot be.</summary>
    internal virtual void Validate()
    {
    }

    /// <summary>Whether a request has what the effect is about; one that has not is no match.</summary>
    internal virtual bool AppliesTo(FaultSubject subject) => true;

    /// <summary>Adds what is to be done to the request.</summary>
    /// <param name="plan">The request's.</param>
    /// <param name="place">A random place, 0 to below 1.</param>
    internal abstract void AddTo(RequestPlan plan, double place);
}
