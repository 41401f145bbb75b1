namespace Fleet.Silo.Compression;

/// <summary>
/// A bounded number of slots, which campaigns that wait for one get in turn: a free slot goes to the campaign that has waited longest
/// since it last got one, and within a campaign to who came first. So a campaign of many variants does not keep a small one waiting.
/// With a slot come threads: as many as were asked for, or else the cores that are idle, so that few trainings use all of them and
/// many have one each, which is the faster way to train them all.
/// </summary>
/// <remarks>
/// Threads are given for good, so whoever comes when all cores are taken has one of them beside others: a slot that is free is never kept
/// from who waits.
/// Turns are counted, not time: a campaign of long trainings gets more of it. A variant that several campaigns want is the turn of
/// the one among them that is due first.
/// </remarks>
/// <param name="threads">Of each slot, whatever the cores; null: those that are idle, one at least.</param>
internal sealed class FairSlots(int count, int cores, int? threads = null)
{
    private readonly Lock gate = new();
    private readonly List<Waiter> waiting = [];

    // When each campaign last got a slot. One that waits no longer keeps its place: else whoever asks for one at a time would always be new.
    private readonly Dictionary<string, long> served = new(StringComparer.Ordinal);
    private int free = count;
    // Below zero where more threads were given than there are cores.
    private int idle = cores;
    private long turns;

    /// <summary>Returns when there is a slot, which is free again when the result is disposed.</summary>
    /// <param name="campaigns">Those that want the work, asked whenever a slot is free: others may come to want it meanwhile.</param>
    /// <param name="useful">Threads that the work has a use for.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nobody's turn was used.</exception>
    public async Task<Slot> TakeAsync(Func<IReadOnlyList<string>> campaigns, int useful, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var waiter = new Waiter(campaigns, useful);
        lock (gate)
        {
            waiting.Add(waiter);
            HandOut();
        }

        await using var given = cancel.Register(() => GiveUp(waiter, cancel)).ConfigureAwait(false);
        return await waiter.Granted.Task.ConfigureAwait(false);
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

    private void Return(Slot slot)
    {
        lock (gate)
        {
            free++;
            idle += slot.Threads;
            HandOut();
        }
    }

    private void HandOut()
    {
        while (free > 0 && waiting.Count > 0)
        {
            // Of equals the first, which came first.
            var (next, campaign) = waiting.Select(waiter => (waiter, Due(waiter.Campaigns()))).MinBy(pair => LastTurn(pair.Item2));
            var share = threads ?? Math.Clamp(idle, 1, next.Useful);
            waiting.Remove(next);
            free--;
            idle -= share;
            if (campaign is not null)
            {
                served[campaign] = ++turns;
            }

            next.Granted.SetResult(new Slot(this, share));
        }
    }

    private string? Due(IReadOnlyList<string> campaigns) => campaigns.MinBy(LastTurn);

    // What no campaign wants is on its way out; it goes first and is over at once.
    private long LastTurn(string? campaign) => campaign is null ? -1 : served.GetValueOrDefault(campaign);

    private sealed class Waiter(Func<IReadOnlyList<string>> campaigns, int useful)
    {
        public Func<IReadOnlyList<string>> Campaigns { get; } = campaigns;

        public int Useful { get; } = Math.Max(1, useful);

        // Whoever goes on must not do so under the lock of who let it.
        public TaskCompletionSource<Slot> Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Leave to work, on so many threads, until it is disposed.</summary>
    internal sealed class Slot(FairSlots slots, int threads) : IDisposable
    {
        private FairSlots? held = slots;

        public int Threads => threads;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Return(this);
    }
}
