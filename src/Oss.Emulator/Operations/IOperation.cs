using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

/// <summary>Something that OSS does, by its own name. The request has been authenticated, its bucket exists and its key is valid.</summary>
internal interface IOperation
{
    string Name { get; }

    Task ExecuteAsync(OssCall call, CancellationToken cancellationToken);
}
