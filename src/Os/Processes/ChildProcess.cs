using System.Diagnostics;

namespace Fleet.Os.Processes;

/// <summary>
/// A program of Fleet's that this process started and answers for. The child is asked to stop by the end of its standard input
/// (see <see cref="ParentWatch"/>), which also lets it know when this process dies, and is killed where it does not listen.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // What the child wrote is there by then, unless a process that it left behind holds the other end.
    private static readonly TimeSpan PumpGrace = TimeSpan.FromSeconds(2);

    private readonly Process process;
    private readonly Task pump;

    private ChildProcess(Process process, Task pump)
    {
        this.process = process;
        this.pump = pump;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Only after the child has ended; 128 + n where signal n ended it.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Starts the child; each line that it writes goes to one of the two receivers, which must not throw.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it cannot be run.</exception>
    public static ChildProcess Start(ProcessStartInfo start, Action<string> output, Action<string> error)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var pump = Task.WhenAll(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, error));
        return new ChildProcess(process, pump);
    }

    /// <summary>Waits until the child has ended and all that it wrote has been received.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        try
        {
            await pump.WaitAsync(PumpGrace, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The rest is not the child's.
        }
    }

    /// <summary>Asks the child to stop, and kills it with all its children if it has not ended after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        using var limit = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Kill() => process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await StopAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }

        process.Dispose();
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> receive)
    {
        while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            receive(line);
        }
    }
}
