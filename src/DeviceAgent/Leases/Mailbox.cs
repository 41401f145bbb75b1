using System.Threading.Channels;

namespace Fleet.DeviceAgent.Leases;

/// <summary>Runs what is posted one at a time, in order, and a tick when one is due: so that what it guards needs no lock.</summary>
internal sealed class Mailbox(TimeProvider time)
{
    private readonly Channel<Action> letters = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    public void Post(Action action) => letters.Writer.TryWrite(action);

    public Task<T> CallAsync<T>(Func<T> function)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(function());
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        });
        return answer.Task;
    }

    /// <param name="nextDue">When <paramref name="tick"/> is wanted next; null: only after a letter.</param>
    public async Task RunAsync(Func<DateTimeOffset?> nextDue, Action tick, CancellationToken cancel)
    {
        while (true)
        {
            using (var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                var letter = letters.Reader.WaitToReadAsync(wait.Token).AsTask();
                if (nextDue() is { } due)
                {
                    var delay = due - time.GetUtcNow();
                    var timer = Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, time, wait.Token);
                    await Task.WhenAny(letter, timer).ConfigureAwait(false);
                }
                else
                {
                    await Task.WhenAny(letter).ConfigureAwait(false);
                }

                await wait.CancelAsync().ConfigureAwait(false);
            }

            cancel.ThrowIfCancellationRequested();
            while (letters.Reader.TryRead(out var action))
            {
                action();
            }

            if (nextDue() <= time.GetUtcNow())
            {
                tick();
            }
        }
    }
}
