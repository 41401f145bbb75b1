using Fleet.Os.Machines;

namespace Fleet.Trainer.Machines;

/// <summary>
/// The trainer's turns on the machine: it holds the machine from one part of its training to the next, and lets go between two of
/// them when somebody wants to measure.
/// </summary>
internal sealed class MachineTurns(MachineLock machine, TimeProvider time) : IDisposable
{
    // A shorter wait is another trainer passing by, and not worth a word.
    private static readonly TimeSpan WorthSaying = TimeSpan.FromMilliseconds(300);
    private IDisposable? held;

    /// <summary>Returns when the machine may be used.</summary>
    /// <param name="waiting">Called once where that takes a while.</param>
    /// <returns>Whether <paramref name="waiting"/> was called.</returns>
    public async Task<bool> TakeAsync(Action waiting, CancellationToken cancel)
    {
        if (held is not null && !machine.SomebodyWaits())
        {
            return false;
        }

        LetGo();
        var acquiring = machine.AcquireSharedAsync(cancel);
        var said = await Task.WhenAny(acquiring, Task.Delay(WorthSaying, time, cancel)).ConfigureAwait(false) != acquiring;
        if (said && !cancel.IsCancellationRequested)
        {
            waiting();
        }

        held = await acquiring.ConfigureAwait(false);
        return said;
    }

    /// <summary>Nothing is computed from now on.</summary>
    public void LetGo()
    {
        held?.Dispose();
        held = null;
    }

    public void Dispose() => LetGo();
}
