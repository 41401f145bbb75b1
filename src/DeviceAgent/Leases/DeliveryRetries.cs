namespace Fleet.DeviceAgent.Leases;

/// <summary>When a result that the silo could not take yet is sent again: after 2 s, then twice as long each time, up to 5 minutes.</summary>
internal sealed class DeliveryRetries(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(5);
    private readonly Dictionary<(string Run, string Session), (TimeSpan Wait, DateTimeOffset? Due)> waiting = [];

    public DateTimeOffset? NextDue => waiting.Values.Min(one => one.Due);

    public void Schedule(string run, string session)
    {
        var wait = waiting.TryGetValue((run, session), out var before) ? before.Wait * 2 : First;
        wait = wait < Max ? wait : Max;
        waiting[(run, session)] = (wait, time.GetUtcNow() + wait);
    }

    public IReadOnlyList<(string Run, string Session)> TakeDue()
    {
        var now = time.GetUtcNow();
        var due = waiting.Where(pair => pair.Value.Due <= now).Select(pair => pair.Key).ToList();
        foreach (var key in due)
        {
            waiting[key] = (waiting[key].Wait, null);
        }

        return due;
    }

    public void Forget(string run, string session) => waiting.Remove((run, session));

    public void Clear() => waiting.Clear();
}
