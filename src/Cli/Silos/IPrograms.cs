using Fleet.Os.Processes;

namespace Fleet.Cli.Silos;

/// <summary>Starts the product's other programs as children.</summary>
internal interface IPrograms
{
    /// <param name="error">Receives each line of the program's standard error; must not throw.</param>
    IRunningProgram Start(FleetProgram program, IReadOnlyList<string> arguments, Action<string> error);
}

internal interface IRunningProgram : IAsyncDisposable
{
    int Id { get; }

    bool HasExited { get; }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    Task<int> WaitAsync(CancellationToken cancel);

    /// <summary>Asks it to stop, and kills it when it has not after <paramref name="grace"/>.</summary>
    Task StopAsync(TimeSpan grace);

    /// <summary>Ends it and all that it started, at once. Does nothing where it has ended.</summary>
    void Kill();
}

/// <summary>The real ones: programs that lie beside this one, as child processes that end with it.</summary>
internal sealed class ChildPrograms : IPrograms
{
    public IRunningProgram Start(FleetProgram program, IReadOnlyList<string> arguments, Action<string> error) =>
        new Child(ChildProcess.Start(program.StartInfo(arguments), _ => { }, error));

    private sealed class Child(ChildProcess process) : IRunningProgram
    {
        public int Id => process.Id;

        public bool HasExited => process.HasExited;

        public async Task<int> WaitAsync(CancellationToken cancel)
        {
            await process.WaitAsync(cancel).ConfigureAwait(false);
            return process.ExitCode;
        }

        public Task StopAsync(TimeSpan grace) => process.StopAsync(grace);

        public void Kill() => process.Kill();

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
