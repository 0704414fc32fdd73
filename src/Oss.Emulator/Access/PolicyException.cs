namespace Oss.Emulator.Access;

/// <summary>A policy that cannot be.</summary>
/// <param name="message">What is wrong, and where; it quotes no more of the policy than the word at fault.</param>
/// <param name="isUnsupported">Whether RAM has it and the emulator does not.</param>
internal sealed class PolicyException(string message, bool isUnsupported = false) : Exception(message)
{
    public bool IsUnsupported { get; } = isUnsupported;
}
