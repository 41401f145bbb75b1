using System.Runtime.InteropServices;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary>
/// Whoever may ask this process to stop: a person (Ctrl-C, a terminal that is closed), a service manager (SIGTERM), or a parent that is gone.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <param name="child">The process has a parent, which answers for Ctrl-C and whose end is this one's, too.</param>
    public Signals(bool child)
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context)));
        if (child)
        {
            ParentWatch.Start(stop);
        }
        else
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt));
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt));
        }

        void Interrupt(PosixSignalContext context)
        {
            Interrupted = true;
            Ask(context);
        }
    }

    public CancellationToken Stop => stop.Token;

    /// <summary>By Ctrl-C, or by the end of the terminal.</summary>
    public bool Interrupted { get; private set; }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
