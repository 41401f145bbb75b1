using Fleet.Cli.Silos;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Support;

/// <summary>Stands for the product's other programs: says what was started with what, and lets a test decide how it goes.</summary>
internal sealed class FakePrograms : IPrograms
{
    public List<FakeProgram> Started { get; } = [];

    /// <summary>What a program does once it is started.</summary>
    public Func<FakeProgram, Task> Behaviour { get; set; } = _ => Task.CompletedTask;

    public IRunningProgram Start(FleetProgram program, IReadOnlyList<string> arguments, Action<string> error)
    {
        var started = new FakeProgram(program, arguments, error, 1_000_000 + Started.Count);
        Started.Add(started);
        _ = Behaviour(started);
        return started;
    }
}

internal sealed class FakeProgram(FleetProgram program, IReadOnlyList<string> arguments, Action<string> error, int id) : IRunningProgram
{
    private readonly TaskCompletionSource<int> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool disposed;

    public FleetProgram Program => program;

    public IReadOnlyList<string> Arguments => arguments;

    public int Id => id;

    public bool HasExited => end.Task.IsCompleted;

    public bool Killed { get; private set; }

    public TimeSpan? Grace { get; private set; }

    public void Say(string line) => error(line);

    public void Exit(int code) => end.TrySetResult(code);

    public Task<int> WaitAsync(CancellationToken cancel) => end.Task.WaitAsync(cancel);

    public async Task StopAsync(TimeSpan grace)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Grace ??= grace;
        if (!Stubborn)
        {
            Exit(0);
        }

        await end.Task;
    }

    public void Kill()
    {
        Killed = true;
        Exit(137);
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        Exit(0);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends only when it is killed.</summary>
    public bool Stubborn { get; set; }
}
