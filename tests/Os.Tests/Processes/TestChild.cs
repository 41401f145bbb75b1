using System.Collections.Concurrent;
using System.Diagnostics;
using Fleet.Os.Machines;
using Fleet.Os.Processes;

namespace Fleet.Os.Tests.Processes;

/// <summary>This test program, started once more as a real process that plays one role.</summary>
internal static class TestChild
{
    public const string Marker = "--as-child";

    public static ProcessStartInfo StartInfo(params string[] role) =>
        new("dotnet", [typeof(TestChild).Assembly.Location, Marker, .. role]);

    public static async Task<int> RunAsync(string[] role)
    {
        switch (role)
        {
            case ["hold", "exclusive", var folder]:
                return await HoldAsync(new MachineLock(TimeProvider.System, folder).AcquireExclusiveAsync);

            case ["hold", "shared", var folder]:
                return await HoldAsync(new MachineLock(TimeProvider.System, folder).AcquireSharedAsync);

            case ["watch"]:
                using (var stop = new CancellationTokenSource())
                {
                    ParentWatch.Start(stop);
                    Console.WriteLine(Environment.ProcessId);
                    await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                    Console.WriteLine("stopped");
                    return 0;
                }

            case ["parent"]:
                _ = ChildProcess.Start(StartInfo("watch"), Console.WriteLine, Console.Error.WriteLine);
                await Task.Delay(Timeout.Infinite);
                return 0;

            case ["deaf"]:
                Console.WriteLine("deaf");
                await Task.Delay(Timeout.Infinite);
                return 0;

            case ["talk", var lines, var exitCode]:
                for (var i = 0; i < int.Parse(lines); i++)
                {
                    Console.WriteLine($"out {i}");
                    Console.Error.WriteLine($"err {i}");
                }

                return int.Parse(exitCode);

            default:
                await Console.Error.WriteLineAsync($"No such role: {string.Join(' ', role)}");
                return 2;
        }
    }

    private static async Task<int> HoldAsync(Func<CancellationToken, Task<IDisposable>> acquire)
    {
        using var held = await acquire(CancellationToken.None);
        Console.WriteLine("held");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}

/// <summary>A child and what it wrote.</summary>
internal sealed class Talker : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly BlockingCollection<string> lines = [];

    public Talker(params string[] role) => Process = ChildProcess.Start(TestChild.StartInfo(role), lines.Add, lines.Add);

    public ChildProcess Process { get; }

    public string NextLine() => lines.TryTake(out var line, Limit) ? line : throw new TimeoutException("The child said nothing.");

    public bool SaysNothingFor(TimeSpan time) => !lines.TryTake(out _, time);

    public async Task EndAsync() => await Process.WaitAsync(new CancellationTokenSource(Limit).Token);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        lines.Dispose();
    }
}
