namespace Oss.Protocol;

/// <summary>The bytes of an object that make one part.</summary>
/// <param name="Number">Part number, from 1.</param>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct PartRange(int Number, long Offset, long Length);
