using BenchmarkDotNet.Running;
using Benchmarks.App;
using Benchmarks.Bulk;
using Benchmarks.Emulator;

switch (args)
{
    case [EmulatorCommand.Name, ..]:
        return await EmulatorCommand.RunAsync(args[1..]);
    case [AppCommand.Name, ..]:
        return await AppCommand.RunAsync(args[1..]);
    case [BulkCommand.Name, ..]:
        return await BulkCommand.RunAsync(args[1..]);
    case [ServerProgram.Name, ..]:
        return await ServerProgram.RunAsync(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Benchmarks.PresignBenchmarks).Assembly).Run(args);
        return 0;
}
