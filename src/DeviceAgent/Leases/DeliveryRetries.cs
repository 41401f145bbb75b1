using Fleet.Os.Transfer;

namespace Fleet.DeviceAgent.Leases;

/// <summary>When a result that the silo could not take yet is sent again: after 2 s at most, then twice as long each time, up to 5 minutes.</summary>
internal sealed class DeliveryRetries(TimeProvider time)
{
    private readonly Dictionary<(string Run, string Session), (Backoff Backoff, DateTimeOffset? Due)> waiting = [];

    public DateTimeOffset? NextDue => waiting.Values.Min(one => one.Due);

    public void Schedule(string run, string session)
    {
        var backoff = waiting.TryGetValue((run, session), out var before)
            ? before.Backoff
            : new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5), Random.Shared);
        waiting[(run, session)] = (backoff, time.GetUtcNow() + backoff.Next());
    }

    public IReadOnlyList<(string Run, string Session)> TakeDue()
    {
        var now = time.GetUtcNow();
        var due = waiting.Where(pair => pair.Value.Due <= now).Select(pair => pair.Key).ToList();
        foreach (var key in due)
        {
            waiting[key] = (waiting[key].Backoff, null);
        }

        return due;
    }

    public void Forget(string run, string session) => waiting.Remove((run, session));

    public void Clear() => waiting.Clear();
}
