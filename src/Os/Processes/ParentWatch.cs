using System.Runtime.InteropServices;

namespace Fleet.Os.Processes;

/// <summary>
/// A child of Fleet's (silo, agent, trainer, worker started with <c>--child</c>) lives no longer than its parent: the parent holds
/// the other end of its standard input, and when that closes, however the parent died, the child stops.
/// </summary>
public static class ParentWatch
{
    // Kept: a registration that is collected ends.
    private static PosixSignalRegistration? interrupt;
    private static PosixSignalRegistration? hangUp;

    /// <summary>
    /// Cancels <paramref name="stop"/> when standard input ends; a pipe's end arrives even after SIGKILL of the parent.
    /// From then on SIGINT and SIGHUP do not end the process by default: a terminal sends Ctrl-C, and its own end, to the whole group, and
    /// the parent decides.
    /// </summary>
    public static void Start(CancellationTokenSource stop)
    {
        interrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        hangUp ??= PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        var thread = new Thread(() =>
        {
            ReadToEnd();
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The process was on its way out already.
            }
        })
        { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }

    private static void ReadToEnd()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            Span<byte> discard = stackalloc byte[64];
            while (input.Read(discard) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A standard input that cannot be read (a terminal that hung up) is as gone as one that ended.
        }
    }
}
