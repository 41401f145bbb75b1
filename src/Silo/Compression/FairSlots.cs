namespace Fleet.Silo.Compression;

/// <summary>
/// A bounded number of slots, which campaigns that wait for one get in turn: a free slot goes to the campaign that has waited longest
/// since it last got one, and within a campaign to who came first. So a campaign of many variants does not keep a small one waiting.
/// </summary>
/// <remarks>
/// Turns are counted, not time: a campaign of long trainings gets more of it. A variant that several campaigns want is the turn of
/// the one among them that is due first.
/// </remarks>
internal sealed class FairSlots(int count)
{
    private readonly Lock gate = new();
    private readonly List<Waiter> waiting = [];

    // When each campaign last got a slot. One that waits no longer keeps its place: else whoever asks for one at a time would always be new.
    private readonly Dictionary<string, long> served = new(StringComparer.Ordinal);
    private int free = count;
    private long turns;

    /// <summary>Returns when there is a slot, which is free again when the result is disposed.</summary>
    /// <param name="campaigns">Those that want the work, asked whenever a slot is free: others may come to want it meanwhile.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nobody's turn was used.</exception>
    public async Task<IDisposable> TakeAsync(Func<IReadOnlyList<string>> campaigns, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var waiter = new Waiter(campaigns);
        lock (gate)
        {
            waiting.Add(waiter);
            HandOut();
        }

        await using var given = cancel.Register(() => GiveUp(waiter, cancel)).ConfigureAwait(false);
        await waiter.Granted.Task.ConfigureAwait(false);
        return new Slot(this);
    }

    // Whoever has been given a slot keeps it: it is told of its cancellation where it works.
    private void GiveUp(Waiter waiter, CancellationToken cancel)
    {
        lock (gate)
        {
            if (waiting.Remove(waiter))
            {
                waiter.Granted.SetCanceled(cancel);
            }
        }
    }

    private void Return()
    {
        lock (gate)
        {
            free++;
            HandOut();
        }
    }

    private void HandOut()
    {
        while (free > 0 && waiting.Count > 0)
        {
            // Of equals the first, which came first.
            var (next, campaign) = waiting.Select(waiter => (waiter, Due(waiter.Campaigns()))).MinBy(pair => LastTurn(pair.Item2));
            waiting.Remove(next);
            free--;
            if (campaign is not null)
            {
                served[campaign] = ++turns;
            }

            next.Granted.SetResult();
        }
    }

    private string? Due(IReadOnlyList<string> campaigns) => campaigns.MinBy(LastTurn);

    // What no campaign wants is on its way out; it goes first and is over at once.
    private long LastTurn(string? campaign) => campaign is null ? -1 : served.GetValueOrDefault(campaign);

    private sealed class Waiter(Func<IReadOnlyList<string>> campaigns)
    {
        public Func<IReadOnlyList<string>> Campaigns { get; } = campaigns;

        // Whoever goes on must not do so under the lock of who let it.
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Slot(FairSlots slots) : IDisposable
    {
        private FairSlots? held = slots;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Return();
    }
}
