namespace Oss.Emulator.Callbacks;

/// <summary>What the uploader is told when nobody is called.</summary>
internal enum CallbackDrop
{
    /// <summary>The callback is not dropped.</summary>
    None,

    /// <summary>HTTP 203, as if OSS could not connect.</summary>
    AsUnreachable,

    /// <summary>HTTP 203, as if nobody had answered in time.</summary>
    AsTimeout,

    /// <summary>Plain success, as if no callback had been asked for.</summary>
    AsSuccess,
}

/// <summary>What goes wrong with a callback on purpose; by default nothing.</summary>
internal readonly record struct CallbackFault
{
    /// <summary>Nobody is called.</summary>
    public CallbackDrop Drop { get; init; }

    /// <summary>Each call is made twice, byte for byte the same; the second answer counts for nothing.</summary>
    public bool IsDoubled { get; init; }

    /// <summary>
    /// Time that passes, by the emulator's clock, before the first call. From OSS's 5 seconds on the uploader is told after these that nobody answered, and the call is made all the same,
    /// when the delay is over.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The calls are signed with a key that is not the one they name.</summary>
    public bool IsWronglySigned { get; init; }

    /// <summary>The body is changed after it was signed: a form gets a further field, JSON a space at its end. Content-MD5 is that of the changed body.</summary>
    public bool IsAltered { get; init; }
}
