namespace Benchmarks.Emulator;

/// <summary>What a measurement is taken of. All are processes of their own, so that each one's memory can be seen.</summary>
internal enum ServerKind
{
    /// <summary>The emulator, without a log.</summary>
    Emulator,

    /// <summary>Kestrel as it comes, with an endpoint that writes bodies to files and sends files.</summary>
    Bare,

    /// <summary>The same endpoint on the emulator's own Kestrel: what the emulator loses or gains by its settings is not in this ratio.</summary>
    BareOnSameKestrel,

    /// <summary>Kestrel as it comes, with an endpoint that reads bodies and forgets them.</summary>
    Discarding,

    /// <summary>The functions app.</summary>
    App,

    /// <summary>Kestrel as it comes, with tables in memory.</summary>
    Tables,

    /// <summary>Kestrel as it comes, with an endpoint that reads bodies and answers a number of bytes.</summary>
    Replying,
}
