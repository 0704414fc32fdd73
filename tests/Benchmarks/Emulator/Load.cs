using System.Diagnostics;

namespace Benchmarks.Emulator;

/// <summary>Several connections at the same work, each with a thread of its own.</summary>
internal static class Load
{
    /// <summary>Runs the work on every connection, and takes the time from the first request to the last reply.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="units">How much is done, in all.</param>
    /// <param name="connections">How many.</param>
    /// <param name="work">What each does, by its number.</param>
    public static Figure Measure(ServerProcess server, double units, int connections, Action<Connection, int> work)
    {
        var before = server.ProcessorTime;
        var time = Run(server.Address, connections, work);
        return new Figure(units / time.TotalSeconds, (server.ProcessorTime - before).TotalMicroseconds / units);
    }

    /// <summary>Runs the work on every connection.</summary>
    public static TimeSpan Run(Uri server, int connections, Action<Connection, int> work)
    {
        using var ready = new CountdownEvent(connections);
        using var start = new ManualResetEventSlim();
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, connections).Select(number => new Thread(() =>
        {
            try
            {
                using var connection = Open(server, ready);
                start.Wait();
                work(connection, number);
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        ready.Wait();
        var started = Stopwatch.GetTimestamp();
        start.Set();
        Array.ForEach(threads, thread => thread.Join());
        return failures.Count == 0 ? Stopwatch.GetElapsedTime(started) : throw new AggregateException(failures);
    }

    private static Connection Open(Uri server, CountdownEvent ready)
    {
        try
        {
            return new Connection(server);
        }
        finally
        {
            ready.Signal();
        }
    }
}
