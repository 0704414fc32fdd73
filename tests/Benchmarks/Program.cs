using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Benchmarks.PresignBenchmarks).Assembly).Run(args);
